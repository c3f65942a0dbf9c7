"""Storage commitment as the one who is called: asked to answer for objects, or told.

A caller that asks gets its report on the same association if it stays; otherwise the
program behind us calls it. PS3.4 J.3.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from viewer.core.errors import ViewerError
from viewer.network.command_set import CommandField
from viewer.network.commitment import COMMITMENT, Write, read_bounded, report_command
from viewer.network.listener.classes import plain_syntax_of
from viewer.network.listener.hello import Wish
from viewer.network.listener.offers import Request
from viewer.network.listener.policy import Caller
from viewer.network.pdata import Aborted, Misspoken, Released, Stopped

_LINGER_S: Final = 0.5  # who wants to go says so in this time
_LOOK_S: Final = 0.02
_OURS: Final = 1  # message number; the caller counts its own
_PATIENCE_S: Final = 15.0
_NO_DATA: Final = 0x0115


@dataclass(frozen=True, slots=True)
class Reply:
    """What we answer for.

    Attributes
    ----------
    event : int
    write : callable
    later : callable
        Has it told to the caller on another association.
    """

    event: int
    write: Write
    later: Callable[[], None]


class Ledger(Protocol):
    """Who knows what we keep, and what we asked others to keep."""

    def asked(self, raw: bytes, syntax_uid: str, caller: Caller) -> Reply:
        """What we answer for.

        Raises
        ------
        ViewerError
            If the request is none, or not from this caller.
        """

    def told(self, raw: bytes, syntax_uid: str, caller: Caller) -> None:
        """Note what a peer answers for.

        Raises
        ------
        ViewerError
            If it is no report, or nobody asked.
        """


class Committing:
    """The service."""

    commands = frozenset({CommandField.N_ACTION_RQ, CommandField.N_EVENT_REPORT_RQ})
    roles = (True, True)  # callers ask, and they report

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def syntax(self, wish: Wish, caller: Caller) -> str | None:
        """Any plain one."""
        del caller
        return plain_syntax_of(wish.syntaxes) if wish.abstract == COMMITMENT else None

    def serve(self, request: Request) -> None:
        """Hear what is asked or told, and answer."""
        reply: Reply | None = None
        status = 0x0000
        if not request.command.has_data:
            request.answer(_NO_DATA)
            return
        raw = read_bounded(request.wire, request.context)
        syntax = request.agreed.syntax
        try:
            if request.command.field == CommandField.N_ACTION_RQ:
                reply = self._ledger.asked(raw, syntax, request.caller)
            else:
                self._ledger.told(raw, syntax, request.caller)
        except ViewerError:
            status = _NO_DATA
        request.answer(status)
        if reply is not None:
            _report(request, reply)


def _report(request: Request, reply: Reply) -> None:
    """Tell the caller here if it stays, otherwise later."""
    wire = request.wire
    if _wants_to_go(request):
        reply.later()
        return
    wire.patience = _PATIENCE_S
    try:
        command = report_command(_OURS, reply.event)
        wire.send(request.context, command, [reply.write(request.agreed.syntax)])
        _, answer = wire.read_command()
    except (Aborted, Released, Misspoken, Stopped, TimeoutError):
        reply.later()
        raise
    if answer.field != CommandField.N_EVENT_REPORT_RSP or answer.has_data:
        raise Misspoken
    if answer.status:
        reply.later()


def _wants_to_go(request: Request) -> bool:
    until = time.monotonic() + _LINGER_S
    while time.monotonic() < until:
        if request.wire.has_more():
            return True
        time.sleep(_LOOK_S)
    return False
