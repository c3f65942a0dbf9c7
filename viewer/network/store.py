"""C-STORE: objects to a peer, as they lie on our disk; PS3.4 B, PS3.7 9.1.1."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from viewer.core.peers import Peer
from viewer.network.associations import (
    PATIENT,
    PLAIN_SYNTAXES,
    Association,
    Timeouts,
    open_association,
)
from viewer.network.command_set import CommandField, CommandSet
from viewer.network.connecting import Cancel
from viewer.network.negotiation import Proposal
from viewer.network.pdata import Misspoken

_COERCED: Final = 0xB000
_WARNINGS: Final = {_COERCED, 0xB006, 0xB007}
_WHY: Final = {
    0xA7: "The peer has no room for it.",
    0xA9: "The peer says that the object is not what it claims to be.",
    0xC0: "The peer does not understand the object.",
    0x01: "The peer refuses it.",
}


@dataclass(frozen=True, slots=True)
class Stored:
    """What a peer said to an object.

    Attributes
    ----------
    status : int
        DIMSE status.
    """

    status: int

    @property
    def kept(self) -> bool:
        """Whether the peer has it now."""
        return self.status == 0 or self.status in _WARNINGS

    @property
    def reason(self) -> str:
        """Why not, in a sentence; empty if it is kept as it was sent."""
        if self.status == 0:
            return ""
        if self.kept:
            return f"The peer keeps it in a changed form (status {self.status:04X})."
        why = _WHY.get(self.status >> 8, "The peer could not keep it.")
        return f"{why[:-1]} (status {self.status:04X})."

    @property
    def passing(self) -> bool:
        """Whether it may go better later."""
        return self.status >> 8 == 0xA7


class Storing:
    """One association that takes objects. One thread at a time."""

    def __init__(self, association: Association) -> None:
        self._association = association
        self.peer = association.peer

    def syntax_for(self, sop_class_uid: str, stored_uid: str = "") -> str | None:
        """What an object must be written in to be taken: as it is stored, if possible.

        Without `stored_uid`: which of the plain ones. None if the peer does not take
        objects of this class at all, or not in any syntax that could be made of it.
        """
        accepted = [
            one.syntax
            for one in self._association.contexts
            if one.abstract == sop_class_uid and one.scu
        ]
        for syntax in (stored_uid, *PLAIN_SYNTAXES):
            if syntax in accepted:
                return syntax
        return None

    def send(
        self,
        sop_class_uid: str,
        sop_instance_uid: str,
        syntax_uid: str,
        data: Iterable[bytes | memoryview],
    ) -> Stored:
        """Send one object, its data set in pieces, and hear what the peer says.

        Raises
        ------
        PeerFault
            If the wire breaks, or `syntax_for` gave another answer.
        """
        context = self._association.context(sop_class_uid, syntax_uid)
        asked = self._association.message_id()
        request = CommandSet(
            CommandField.C_STORE_RQ,
            has_data=True,
            message_id=asked,
            sop_class=sop_class_uid,
            sop_instance=sop_instance_uid,
            priority=0,
        )
        wire = self._association.wire
        wire.send(context.id, request, data)
        _, answer = wire.read_command()
        if (
            answer.field != CommandField.C_STORE_RSP
            or answer.status is None
            or answer.responds_to != asked
            or answer.has_data
        ):
            raise Misspoken
        return Stored(answer.status)


@contextmanager
def open_store(
    peer: Peer,
    contexts: Sequence[Proposal],
    *,
    secret: str = "",
    cancel: Cancel = lambda: False,
    timeouts: Timeouts = PATIENT,
) -> Iterator[Storing]:
    """An association that sends objects in `contexts` (see `contexts.to_send`).

    Raises
    ------
    PeerFault, Cancelled
        Also for whatever breaks the wire while it is used.
    """
    with open_association(
        peer, contexts, secret=secret, cancel=cancel, timeouts=timeouts
    ) as association:
        yield Storing(association)
