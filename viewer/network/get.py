"""C-GET: what is asked for comes back on the association that asks; PS3.4 C.4.3."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from viewer.core.errors import Cancelled, EnvironmentFailure, ViewerError
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
from viewer.network.faults import status_fault
from viewer.network.identifier import identifier
from viewer.network.negotiation import Proposal
from viewer.network.pdata import Misspoken
from viewer.network.taking import Taking
from viewer.network.ways import Deliver, Fetcher, Offer, Portion

STUDY_ROOT_GET: Final = "1.2.840.10008.5.1.4.1.2.2.3"

_SUCCESS, _OUT_OF_RESOURCES, _CANNOT_UNDERSTAND, _REFUSED = 0, 0xA700, 0xC000, 0x0122
_PENDING: Final = {0xFF00, 0xFF01}
_SOME_FAILED, _CANCELLED = 0xB000, 0xFE00


@contextmanager
def open_get(
    peer: Peer,
    contexts: Sequence[Proposal],
    *,
    secret: str = "",
    cancel: Cancel = lambda: False,
    timeouts: Timeouts = PATIENT,
) -> Iterator[Fetcher]:
    """An association that fetches objects in `contexts` (see `contexts.to_receive`).

    Raises
    ------
    PeerFault, Cancelled
        Also for whatever breaks the wire while it is used.
    """
    proposals = (Proposal(STUDY_ROOT_GET, PLAIN_SYNTAXES), *contexts)
    with open_association(
        peer, proposals, secret=secret, cancel=cancel, timeouts=timeouts
    ) as association:
        yield _Getting(association, cancel)


class _Getting:
    """One association at work."""

    def __init__(self, association: Association, cancel: Cancel) -> None:
        self._association = association
        self._wire = association.wire
        self._cancel = cancel
        self._asking = association.context(STUDY_ROOT_GET)
        self._contexts = {one.id: one for one in association.contexts}

    def fetch(self, portion: Portion, deliver: Deliver) -> None:
        """Ask for a portion, and take what comes; see `Fetcher`."""
        asked = self._association.message_id()
        request = CommandSet(
            CommandField.C_GET_RQ,
            has_data=True,
            message_id=asked,
            sop_class=STUDY_ROOT_GET,
            priority=0,
        )
        raw = identifier(portion, self._asking.syntax)
        self._wire.send(self._asking.id, request, [raw])
        called_off = False
        failure: EnvironmentFailure | None = None
        while True:
            context, command = self._wire.read_command()
            if command.field == CommandField.C_STORE_RQ:
                failure = self._take(context, command, deliver) or failure
                if (failure or self._cancel()) and not called_off:
                    called_off = True
                    self._call_off(asked)
            elif command.field == CommandField.C_GET_RSP:
                if command.has_data:  # names of what failed; the catalog knows better
                    self._wire.read_data(context, len)
                late = command.responds_to not in (asked, None)
                if command.status not in _PENDING and not late:
                    break
            else:
                raise Misspoken
        if failure is not None:
            raise failure
        if called_off:
            raise Cancelled
        self._judge(command)

    def _judge(self, final: CommandSet) -> None:
        status = final.status
        if status in (_SUCCESS, _SOME_FAILED, _CANCELLED):
            return
        if status is None:
            raise Misspoken
        raise status_fault(self._association.peer, status)

    def _call_off(self, asked: int) -> None:
        cancel = CommandSet(CommandField.C_CANCEL_RQ, responds_to=asked)
        self._wire.send(self._asking.id, cancel)

    def _take(
        self, context_id: int, command: CommandSet, deliver: Deliver
    ) -> EnvironmentFailure | None:
        """Take one object and answer; returns what keeps us from taking any more."""
        if not command.has_data or command.message_id is None:
            raise Misspoken
        failure = None
        try:
            status = self._keep(context_id, command, deliver)
        except EnvironmentFailure as error:
            failure, status = error, _OUT_OF_RESOURCES
        answer = CommandSet(
            CommandField.C_STORE_RSP,
            responds_to=command.message_id,
            sop_class=command.sop_class,
            sop_instance=command.sop_instance,
            status=status,
        )
        self._wire.send(context_id, answer)
        return failure

    def _keep(self, context_id: int, command: CommandSet, deliver: Deliver) -> int:
        """Read a data set to its end, whether it can be kept or not; its status."""
        context = self._contexts.get(context_id)
        if context is None:  # not all peers answer for the role they then take
            self._wire.read_data(context_id, len)
            return _REFUSED
        offer = Offer(command.sop_class, command.sop_instance, context.syntax)
        try:
            with Taking(deliver, offer) as taking:
                self._wire.read_data(context_id, taking.write)
                taking.keep()
        except EnvironmentFailure:
            raise
        except ViewerError:
            return _CANNOT_UNDERSTAND
        return _SUCCESS
