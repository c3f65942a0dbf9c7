"""C-FIND, C-GET and C-MOVE as the one who is asked; PS3.4 C.4, PS3.7 9.1.2 to 9.1.4."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Final, Protocol

from viewer.core.errors import ViewerError
from viewer.network.command_set import CommandField, CommandSet
from viewer.network.commitment import read_bounded
from viewer.network.listener.classes import FIND, GET, MOVE, plain_syntax_of
from viewer.network.listener.hello import Wish
from viewer.network.listener.offers import Request
from viewer.network.listener.policy import Caller
from viewer.network.pdata import Aborted, Misspoken

_PENDING, _SUCCESS, _CANCELLED = 0xFF00, 0x0000, 0xFE00
_SOME_FAILED, _ALL_FAILED = 0xB000, 0xA702
_NO_DESTINATION, _NOT_UNDERSTOOD = 0xA801, 0xC001
_WARNINGS: Final = {0xB000, 0xB006, 0xB007}
_LISTEN_EVERY: Final = 16  # answers between two looks for a C-CANCEL
_MOST_FAILURES: Final = 900  # UIDs that fit into one attribute


class Piece(Protocol):
    """An object of ours that somebody wants."""

    @property
    def sop_class_uid(self) -> str:
        """Its class."""

    @property
    def sop_instance_uid(self) -> str:
        """Its UID."""

    def syntax_for(self, accepted: Sequence[str]) -> str | None:
        """Of transfer syntaxes, the one it is best sent in; None if in none."""

    def data(self, syntax_uid: str) -> Iterable[bytes]:
        """Its data set in pieces.

        Raises
        ------
        ViewerError
            If it cannot be read.
        """


Send = Callable[[Piece], int]
"""Sends an object; the status of its C-STORE."""


class Shelf(Protocol):
    """What can be read from us."""

    def answers(self, raw: bytes, syntax_uid: str) -> Iterator[bytes]:
        """The answers to a question, each as an identifier.

        Raises
        ------
        ViewerError
            If the question is not understood.
        """

    def wanted(self, raw: bytes, syntax_uid: str) -> Sequence[Piece]:
        """The objects a request means.

        Raises
        ------
        ViewerError
        """

    def failures(self, uids: Sequence[str], syntax_uid: str) -> bytes:
        """The data set that says what was not brought."""

    def destination(
        self, title: str, pieces: Sequence[Piece]
    ) -> AbstractContextManager[Send] | None:
        """A way to the peer of that title; None if we know none."""


@dataclass(frozen=True, slots=True)
class _Tally:
    remaining: int
    completed: int = 0
    warnings: int = 0
    failed: tuple[str, ...] = ()

    def after(self, uid: str, status: int) -> "_Tally":
        one_less = replace(self, remaining=self.remaining - 1)
        if status == _SUCCESS:
            return replace(one_less, completed=self.completed + 1)
        if status in _WARNINGS:
            return replace(one_less, warnings=self.warnings + 1)
        return replace(one_less, failed=(*self.failed, uid))

    @property
    def verdict(self) -> int:
        if not self.failed:
            return _SUCCESS
        return _SOME_FAILED if self.completed or self.warnings else _ALL_FAILED


class Reading:
    """The services by which others read from us."""

    commands = frozenset(
        {CommandField.C_FIND_RQ, CommandField.C_GET_RQ, CommandField.C_MOVE_RQ}
    )
    roles = (True, False)

    def __init__(self, shelf: Shelf, may_read: Callable[[Caller], bool]) -> None:
        self._shelf = shelf
        self._may_read = may_read

    def syntax(self, wish: Wish, caller: Caller) -> str | None:
        """Any plain one, for who may read."""
        if wish.abstract not in FIND.keys() | GET | MOVE or not self._may_read(caller):
            return None
        return plain_syntax_of(wish.syntaxes)

    def serve(self, request: Request) -> None:
        """Find, or bring."""
        if not request.command.has_data:
            request.answer(_NOT_UNDERSTOOD)
            return
        raw = read_bounded(request.wire, request.context)
        try:
            if request.command.field == CommandField.C_FIND_RQ:
                self._find(request, raw)
            elif request.command.field == CommandField.C_GET_RQ:
                self._get(request, raw)
            else:
                self._move(request, raw)
        except ViewerError:
            request.answer(_NOT_UNDERSTOOD)

    def _find(self, request: Request, raw: bytes) -> None:
        pending = _response(request, _PENDING, has_data=True)
        answers = self._shelf.answers(raw, request.agreed.syntax)
        for number, answer in enumerate(answers):
            if number % _LISTEN_EVERY == 0 and _is_called_off(request):
                request.answer(_CANCELLED)
                return
            request.wire.send(request.context, pending, [answer])
            request.heard()
        request.answer(_SUCCESS)

    def _get(self, request: Request, raw: bytes) -> None:
        pieces = self._shelf.wanted(raw, request.agreed.syntax)
        here = _SameAssociation(request)
        self._bring(request, pieces, here.send, lambda: here.called_off)

    def _move(self, request: Request, raw: bytes) -> None:
        pieces = self._shelf.wanted(raw, request.agreed.syntax)
        there = self._shelf.destination(request.command.destination, pieces)
        if there is None:
            request.answer(_NO_DESTINATION)
            return
        with contextlib.ExitStack() as own:
            try:
                send = own.enter_context(there)
            except ViewerError:
                request.answer(_ALL_FAILED)
                return
            self._bring(request, pieces, send, lambda: _is_called_off(request))

    def _bring(
        self,
        request: Request,
        pieces: Sequence[Piece],
        send: Send,
        called_off: Callable[[], bool],
    ) -> None:
        tally = _Tally(len(pieces))
        for piece in pieces:
            if called_off():
                self._conclude(request, tally, _CANCELLED)
                return
            try:
                status = send(piece)
            except ViewerError:
                status = _NOT_UNDERSTOOD
            tally = tally.after(piece.sop_instance_uid, status)
            request.wire.send(
                request.context, _counted(_response(request, _PENDING), tally)
            )
            request.heard()
        self._conclude(request, tally, tally.verdict)

    def _conclude(self, request: Request, tally: _Tally, status: int) -> None:
        final = _counted(_response(request, status), tally)
        if status != _CANCELLED:
            final = replace(final, remaining=None)
        if not tally.failed:
            request.wire.send(request.context, final)
            return
        said = self._shelf.failures(
            tally.failed[:_MOST_FAILURES], request.agreed.syntax
        )
        request.wire.send(request.context, replace(final, has_data=True), [said])


class _SameAssociation:
    """Sends objects to the caller of a C-GET, on the association of its request."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._number = 0
        self.called_off = False

    def send(self, piece: Piece) -> int:
        contexts = {
            one.syntax: number
            for number, one in self._request.contexts.items()
            if one.wish.abstract == piece.sop_class_uid and one.caller_takes
        }
        syntax = piece.syntax_for(list(contexts))
        if syntax is None:
            return _NOT_UNDERSTOOD
        self._number = self._number % 0xFFFF + 1
        wire = self._request.wire
        command = CommandSet(
            CommandField.C_STORE_RQ,
            has_data=True,
            message_id=self._number,
            sop_class=piece.sop_class_uid,
            sop_instance=piece.sop_instance_uid,
            priority=0,
        )
        data = _unbroken(piece.data(syntax))
        wire.send(contexts[syntax], command, data)
        return self._answer()

    def _answer(self) -> int:
        while True:
            _, answer = self._request.wire.read_command()
            if answer.field == CommandField.C_CANCEL_RQ:
                self.called_off = True
            elif answer.field == CommandField.C_STORE_RSP and answer.status is not None:
                return answer.status
            else:
                raise Misspoken


def _unbroken(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces; what fails at once is told, later the association must end."""
    rest = iter(pieces)
    first = next(rest, b"")

    def each() -> Iterator[bytes]:
        yield first
        try:
            yield from rest
        except ViewerError as error:
            raise Aborted from error

    return each()


def _is_called_off(request: Request) -> bool:
    """Whether the caller has sent a C-CANCEL; it can say nothing else now."""
    if not request.wire.has_more():
        return False
    _, command = request.wire.read_command()
    if command.field != CommandField.C_CANCEL_RQ:
        raise Misspoken
    return True


def _response(request: Request, status: int, *, has_data: bool = False) -> CommandSet:
    command = request.command
    return CommandSet(
        command.field | 0x8000,
        has_data=has_data,
        responds_to=command.message_id,
        sop_class=command.sop_class,
        status=status,
    )


def _counted(response: CommandSet, tally: _Tally) -> CommandSet:
    return replace(
        response,
        remaining=tally.remaining,
        completed=tally.completed,
        failed=len(tally.failed),
        warnings=tally.warnings,
    )
