"""One association from its first word to its last, as the side that was called.

Import it where one is about to begin: pynetdicom takes a moment.
"""

import logging
import socket
import struct
from collections.abc import Callable
from dataclasses import replace

from viewer.core.errors import Cancelled
from viewer.network.command_set import CommandField
from viewer.network.connecting import Deadline, receive, transmit
from viewer.network.listener import welcoming
from viewer.network.listener.guest import Guest
from viewer.network.listener.hello import ASSOCIATE, LONGEST_HELLO, Hello
from viewer.network.listener.offers import Contexts, Offer, Request, serve
from viewer.network.listener.policy import Caller, Policy
from viewer.network.negotiation import Garbled
from viewer.network.pdata import (
    LONGEST_PDU,
    Aborted,
    Misspoken,
    Released,
    Stopped,
    Wire,
)

_log = logging.getLogger(__name__)

_PERMANENT = 1
_USER, _NO_CALLING, _NO_CALLED = 1, 3, 7
_LAST_S = 5.0  # for the last words of an association that never was


class Conversation:
    """Talks to one caller until either side ends it.

    Parameters
    ----------
    guest : Guest
    policy : Policy
    offer : Offer
        The services we have.
    closing : callable
        Whether we are about to stop listening.
    """

    def __init__(
        self, guest: Guest, policy: Policy, offer: Offer, closing: Callable[[], bool]
    ) -> None:
        self._guest = guest
        self._connection = guest.connection
        self._policy = policy
        self._offer = offer
        self._closing = closing

    def run(self) -> None:
        """Talk; whatever happens, the connection is closed at the end."""
        try:
            wire, caller, contexts = self._welcome()
        except (OSError, Garbled, Cancelled, _TurnedAway):
            self._connection.close()
            return
        try:
            self._talk(wire, caller, contexts)
        except Released:
            wire.answer_release()
        except Aborted:
            wire.close()
        except (Misspoken, Stopped, TimeoutError):
            wire.abort()
        except Exception as error:  # noqa: BLE001 - a bug ends one association only
            _log.error("association", exc_info=error)
            wire.abort()

    def _welcome(self) -> tuple[Wire, Caller, Contexts]:
        """Hear what the caller wants and answer it."""
        bounds = self._policy.bounds
        deadline = Deadline(bounds.hello_s, self._closing)
        _shake_hands(self._connection, deadline)
        said = self._hello(deadline)
        caller = Caller(said.calling, self._guest.address)
        self._check(said, caller)
        contexts, answer = self._granted(said, caller)
        transmit(self._connection, answer, Deadline(_LAST_S, self._closing))
        wire = Wire(
            self._connection,
            said.longest_pdu,
            patience=bounds.idle_s,
            stop=self._closing,
        )
        return wire, caller, contexts

    def _granted(self, said: Hello, caller: Caller) -> tuple[Contexts, bytes]:
        """What the caller gets of what it wants, and how it is told."""
        found = {wish.id: self._offer.have(wish, caller) for wish in said.wishes}
        ours = {number: one for number, one in found.items() if one is not None}
        settled = welcoming.settled(
            said,
            {
                n: welcoming.Ours(one.syntax, one.service.roles)
                for n, one in ours.items()
            },
        )
        contexts = {
            number: replace(ours[number], caller_takes=takes)
            for number, takes in settled.granted.items()
        }
        return contexts, welcoming.acceptance(said, settled, LONGEST_PDU)

    def _hello(self, deadline: Deadline) -> Hello:
        head = receive(self._connection, 6, deadline)
        if len(head) < 6:
            raise _TurnedAway
        kind, length = struct.unpack(">BxI", head)
        if kind != ASSOCIATE or length > LONGEST_HELLO:
            raise Garbled
        return welcoming.heard(receive(self._connection, length, deadline))

    def _check(self, said: Hello, caller: Caller) -> None:
        titles = self._policy.titles
        if titles and said.called not in titles:
            self._turn_away(_PERMANENT, _USER, _NO_CALLED)
        if not self._policy.may_call(caller):
            self._turn_away(_PERMANENT, _USER, _NO_CALLING)

    def _turn_away(self, *reason: int) -> None:
        last = Deadline(_LAST_S, self._closing)
        transmit(self._connection, welcoming.rejection(*reason), last)
        self._connection.settimeout(_LAST_S)
        self._connection.recv(1)  # the caller closes: a reset would eat our words
        raise _TurnedAway

    def _talk(self, wire: Wire, caller: Caller, contexts: Contexts) -> None:
        bounds = self._policy.bounds
        while not self._closing():
            wire.patience = bounds.idle_s
            context, command = wire.read_command()
            wire.patience = bounds.silence_s
            self._guest.hear()
            if command.field == CommandField.C_CANCEL_RQ:
                continue  # what it would cancel is over
            if context not in contexts or command.message_id is None:
                raise Misspoken
            heard = self._guest.hear
            serve(Request(wire, context, command, caller, contexts, heard))
        wire.abort()


class _TurnedAway(Exception):  # noqa: N818 - no error
    """The caller is gone, or was told to go."""


def _shake_hands(connection: socket.socket, deadline: Deadline) -> None:
    handshake = getattr(connection, "do_handshake", None)
    while handshake is not None:
        connection.settimeout(deadline.slice())
        try:
            handshake()
        except TimeoutError:
            continue
        return
