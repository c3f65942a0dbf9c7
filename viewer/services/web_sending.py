"""Send by STOW-RS: files as they lie, many in one request."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from itertools import chain
from pathlib import Path
from typing import Final, Protocol

from viewer.core.errors import Cancelled, UnreadableError, ViewerError
from viewer.core.peers import Peer
from viewer.core.records import InstanceRecord, StoredInstance
from viewer.dicom.encoding import EXPLICIT_UID
from viewer.dicom.file_meta import file_meta
from viewer.dicom.outgoing import as_it_lies, is_as_declared
from viewer.dicom.part10 import data_set_start
from viewer.network.faults import Fault, PeerFault
from viewer.network.store import Stored
from viewer.network.web.login import WebLogin
from viewer.network.web.stow import WRONG_SYNTAX, Parcel, Stowing, open_stow
from viewer.services.cut_short import CutShort, cuttable
from viewer.services.frame_ref import check_unchanged
from viewer.services.send_ledger import Ledger
from viewer.services.transferring import Control

_MOST: Final = 32  # objects in a request
_LARGEST: Final = 32 << 20  # bytes of a request that holds more than one
_UNTOLD: Final = "The peer does not say whether it keeps it."
_TOO_LARGE: Final = "The peer takes nothing as large as this."
_FULL: Final = "{peer.name} has not the means for it now (disk, memory)."
_BROKEN: Final = {Fault.ABORTED, Fault.LOST}


class Rewrite(Protocol):
    """Writes an object anew, plainly."""

    def __call__(
        self, stored: StoredInstance, syntax: str, *, as_it_is: bool
    ) -> Iterable[bytes]:
        """Its data set in pieces; a list if all of them are made already."""


class WebSending:
    """One attempt to send what a ledger still has.

    Parameters
    ----------
    rewrite : callable
        Writes an object in another transfer syntax.
    peer : Peer
    login : WebLogin
    control : Control
    ledger : Ledger
    """

    def __init__(
        self,
        rewrite: Rewrite,
        peer: Peer,
        login: WebLogin,
        control: Control,
        ledger: Ledger,
    ) -> None:
        self._rewrite = rewrite
        self._peer, self._login = peer, login
        self._control, self._ledger = control, ledger
        self._most = _MOST
        self._anew: set[str] = set()  # what goes in a plain syntax

    def run(self) -> None:
        """Send until nothing is left.

        Raises
        ------
        PeerFault, Cancelled, EnvironmentFailure
        """
        with open_stow(
            self._peer, login=self._login, cancel=self._control.stopped
        ) as stowing:
            while left := self._ledger.left():
                if self._control.stopped():
                    raise Cancelled
                parcels = self._parcels(left)
                if parcels:
                    self._send(stowing, parcels)

    def _send(self, stowing: Stowing, parcels: Sequence[Parcel]) -> None:
        try:
            told = stowing.send(parcels)
        except CutShort as cut:  # the others go in another request
            self._ledger.keep(cut.uid, cut.reason)
        except PeerFault as fault:
            if not self._is_of_one(fault, parcels):
                raise
        else:
            for uid, said in told.items():
                self._note(stowing, uid, said, alone=len(parcels) == 1)

    def _is_of_one(self, fault: PeerFault, parcels: Sequence[Parcel]) -> bool:
        """Whether a fault may be that of one object: then each goes alone."""
        uid = parcels[0].sop_instance_uid
        wrong_syntax = fault.status == HTTPStatus.UNSUPPORTED_MEDIA_TYPE
        if not (fault.fault in {*_BROKEN, Fault.STATUS} or wrong_syntax):
            return False
        if len(parcels) > 1:
            self._most = 1
            return True
        if fault.fault in _BROKEN or fault.passing:
            return self._ledger.blame(uid)
        if wrong_syntax:
            anew = uid not in self._anew
            self._anew.add(uid)
            return anew
        too_large = fault.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        self._ledger.refuse(uid, _TOO_LARGE if too_large else fault.message)
        return True

    def _note(
        self, stowing: Stowing, uid: str, said: Stored | None, *, alone: bool
    ) -> None:
        if said is None and not alone:
            self._most = 1  # then its status is that of one object
        elif said is None:
            self._ledger.keep(uid, _UNTOLD)
        elif said.status == WRONG_SYNTAX and uid not in self._anew:
            self._anew.add(uid)
        else:
            self._ledger.hear(uid, said)
            if said.passing:  # for the others too, most likely
                raise PeerFault(Fault.BUSY, stowing.peer, sentence=_FULL)

    def _parcels(self, left: Sequence[StoredInstance]) -> list[Parcel]:
        """What goes in the next request; what cannot be read is accounted for."""
        parcels: list[Parcel] = []
        room = _LARGEST
        for one in left:
            try:
                parcel = self._parcel(one)
            except ViewerError as error:
                self._ledger.keep(one.instance.sop_instance_uid, error.message)
                continue
            room -= parcel.size if parcel.size is not None else _LARGEST
            if parcels and room < 0:
                break
            parcels.append(parcel)
            if len(parcels) >= self._most:
                break
        return parcels

    def _parcel(self, stored: StoredInstance) -> Parcel:
        record, path = stored.instance, Path(stored.path)
        uid, syntax = record.sop_instance_uid, record.transfer_syntax_uid
        check_unchanged(stored.path, stored.stamp)
        as_it_is = is_as_declared(path, syntax)
        if as_it_is and uid not in self._anew:
            head = _head(record, syntax)
            size = len(head) + path.stat().st_size - data_set_start(path)
            return Parcel(
                uid, lambda: cuttable(uid, chain([head], as_it_lies(path))), size
            )
        head = _head(record, EXPLICIT_UID)
        data = self._rewrite(stored, EXPLICIT_UID, as_it_is=as_it_is)
        if isinstance(data, list):
            whole = [head, *data]
            return Parcel(uid, lambda: whole, sum(map(len, whole)))

        def pieces() -> Iterable[bytes]:
            yield head
            yield from self._rewrite(stored, EXPLICIT_UID, as_it_is=as_it_is)

        return Parcel(uid, lambda: cuttable(uid, pieces()), None)


def _head(record: InstanceRecord, syntax: str) -> bytes:
    try:
        return file_meta(record.sop_class_uid, record.sop_instance_uid, syntax)
    except ValueError as cause:
        raise UnreadableError("The object has a UID that cannot be sent.") from cause
