"""Send to a peer what is here: as it lies, or plainly written where it takes no other.

What became of each instance is kept, so that a transfer that is cut off goes on with
what the peer has not acknowledged.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.core.commitment import ObjectRef
from viewer.core.errors import Cancelled, ViewerError
from viewer.core.peers import Peer, Way
from viewer.core.records import StoredInstance
from viewer.core.remote import RemoteKey
from viewer.core.transfer import Transfer
from viewer.dicom.outgoing import as_it_lies, is_as_declared, rewritten
from viewer.network.contexts import to_send
from viewer.network.faults import Fault, PeerFault, status_fault
from viewer.network.negotiation import Proposal
from viewer.network.store import Storing, open_store
from viewer.network.web.login import NOBODY, WebLogin
from viewer.services.cut_short import CutShort, cuttable
from viewer.services.frame_ref import FrameRef, check_unchanged
from viewer.services.send_ledger import Ledger
from viewer.services.transferring import Control, Ending

if TYPE_CHECKING:
    from viewer.dicom.frames import Samples
    from viewer.services.library import Library

Decode = Callable[[FrameRef], "Samples"]
"""Stored values of a frame, decoded where it does no harm."""

_BROKEN = {Fault.ABORTED, Fault.LOST}
NOT_TAKEN = "The peer does not take objects of this kind."
_HELD = 256 << 20
"""Bytes of an object written anew that are made before the first of them is sent."""


class Sending:
    """Sends out of one library.

    Parameters
    ----------
    library : Library
    decode : callable
        Decodes frames for peers that take nothing compressed.
    login_for : callable
        What shows a peer's DICOMweb who we are.
    """

    def __init__(
        self,
        library: "Library",
        decode: Decode,
        login_for: Callable[[Peer], WebLogin] = lambda _: NOBODY,
    ) -> None:
        self.library = library
        self.decode = decode
        self.login_for = login_for

    def run(
        self, transfer: Transfer, peer: Peer, secret: str, control: Control
    ) -> Ending:
        """Make one attempt at a transfer; how it ended.

        Raises
        ------
        Cancelled
            If `control` stopped it; what the peer has acknowledged is not sent again.
        """
        wanted = self.instances(transfer.key)
        rows = self.library.catalog.transfers
        ledger = Ledger(rows, transfer.id, control, wanted)
        by_web = transfer.way is Way.WEB or (transfer.way is None and peer.prefers_web)
        return self.send(ledger, peer, secret, control, by_web=by_web)

    def send(
        self,
        ledger: Ledger,
        peer: Peer,
        secret: str,
        control: Control,
        *,
        by_web: bool,
    ) -> Ending:
        """Send what a ledger has left; how that ended.

        Raises
        ------
        Cancelled
        """
        error: ViewerError | None = None
        try:
            if by_web:
                self._send_by_web(peer, control, ledger)
            else:
                for contexts in to_send(_kinds(ledger.left())):
                    self._send_group(contexts, peer, secret, control, ledger)
        except Cancelled:
            raise
        except ViewerError as caught:
            error = caught
        finally:
            ledger.note()
        return ledger.ending(error)

    def instances(self, key: RemoteKey) -> list[StoredInstance]:
        """What is to be sent, series by series, each by image number."""
        found: list[StoredInstance] = []
        for record, filed in self.library.catalog.filed_series(key.study_uid):
            if key.series_uid not in ("", record.series_uid):
                continue
            members = [
                StoredInstance(one.record, one.path, one.stamp)
                if one.record is not None
                else self.library.instance(one.sop_instance_uid)
                for one in filed
                if key.sop_instance_uid in ("", one.sop_instance_uid)
            ]
            found += sorted(members, key=lambda one: one.instance.number or 0)
        return found

    def _send_by_web(self, peer: Peer, control: Control, ledger: Ledger) -> None:
        from viewer.services.web_sending import WebSending  # noqa: PLC0415 - HTTP is slow

        login = self.login_for(peer)
        WebSending(self._data, peer, login, control, ledger).run()

    def _send_group(
        self,
        contexts: Sequence[Proposal],
        peer: Peer,
        secret: str,
        control: Control,
        ledger: Ledger,
    ) -> None:
        """Send what these contexts are for, over as many associations as it takes."""
        kinds = {one.abstract for one in contexts}
        while left := [
            one for one in ledger.left() if one.instance.sop_class_uid in kinds
        ]:
            under_way = ""
            try:
                with open_store(
                    peer, contexts, secret=secret, cancel=control.stopped
                ) as storing:
                    for one in left:
                        if control.stopped():
                            raise Cancelled
                        under_way = one.instance.sop_instance_uid
                        self._send(storing, one, ledger)
            except CutShort as cut:  # the others go over another association
                ledger.keep(cut.uid, cut.reason)
            except PeerFault as fault:
                if fault.fault in _BROKEN and under_way and ledger.blame(under_way):
                    continue
                if fault.fault is not Fault.NO_CONTEXT:
                    raise
                for one in left:
                    ledger.refuse(one.instance.sop_instance_uid, NOT_TAKEN)

    def _send(self, storing: Storing, stored: StoredInstance, ledger: Ledger) -> None:
        record = stored.instance
        uid, lies_in = record.sop_instance_uid, record.transfer_syntax_uid
        try:
            check_unchanged(stored.path, stored.stamp)
            as_it_is = is_as_declared(Path(stored.path), lies_in)
            syntax = storing.syntax_for(
                record.sop_class_uid, lies_in if as_it_is else ""
            )
            if syntax is None:
                ledger.refuse(uid, NOT_TAKEN)
                return
            data = self._data(stored, syntax, as_it_is=as_it_is)
        except ViewerError as error:
            ledger.keep(uid, error.message)
            return
        said = storing.send(record.sop_class_uid, uid, syntax, cuttable(uid, data))
        ledger.hear(uid, said)
        if said.passing:  # for the others too, most likely
            raise status_fault(storing.peer, said.status)

    def _data(
        self, stored: StoredInstance, syntax: str, *, as_it_is: bool
    ) -> Iterable[bytes]:
        """The data set in pieces; what may fail fails here if it is not too large."""
        record, path = stored.instance, Path(stored.path)
        if as_it_is and syntax == record.transfer_syntax_uid:
            return _begun(as_it_lies(path))
        pieces = rewritten(
            path,
            record.transfer_syntax_uid,
            record.image,
            syntax,
            lambda number: self.decode(_frame(stored, number)),
        )
        return list(pieces) if _decoded_size(stored) <= _HELD else _begun(pieces)


def objects_sent(
    library: "Library", transfers: Iterable[Transfer]
) -> tuple[ObjectRef, ...]:
    """What these transfers brought over, for a peer to answer for."""
    found: dict[str, ObjectRef] = {}
    for transfer in transfers:
        outcomes = library.catalog.transfers.outcomes(transfer.id)
        for _, filed in library.catalog.filed_series(transfer.key.study_uid):
            for one in filed:
                uid = one.sop_instance_uid
                if one.record is not None and outcomes.get(uid) == "":
                    found[uid] = ObjectRef(one.record.sop_class_uid, uid)
    return tuple(found.values())


def _begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces; what keeps the first from coming is raised now."""
    return chain([next(pieces, b"")], pieces)


def _kinds(every: Iterable[StoredInstance]) -> list[tuple[str, str]]:
    kinds = {
        (one.instance.sop_class_uid, one.instance.transfer_syntax_uid) for one in every
    }
    return sorted(kinds)


def _frame(stored: StoredInstance, number: int) -> FrameRef:
    if stored.instance.image is None:
        raise LookupError("an object without pixels has no frames")
    return FrameRef(stored.path, stored.instance.image, number, stored.stamp)


def _decoded_size(stored: StoredInstance) -> int:
    image = stored.instance.image
    if image is None:
        return 0
    pixels = image.pixels
    cells = pixels.rows * pixels.columns * pixels.samples * pixels.frames
    return cells * pixels.bits_allocated // 8
