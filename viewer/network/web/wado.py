"""WADO-RS: objects as the server keeps them, one stream for a series; PS3.18 10.4."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final

from viewer.core.errors import EnvironmentFailure, ViewerError
from viewer.core.peers import Peer
from viewer.network.associations import PATIENT, Timeouts
from viewer.network.connecting import Cancel
from viewer.network.faults import Fault, PeerFault
from viewer.network.taking import Taking
from viewer.network.ways import Deliver, Fetcher, Offer, Portion
from viewer.network.web.client import Answer, WebClient
from viewer.network.web.login import NOBODY, WebLogin
from viewer.network.web.multipart import (
    Multipart,
    NotMultipartError,
    TruncatedError,
    boundary_of,
)
from viewer.network.web.request import Request
from viewer.network.web.site import Site
from viewer.network.web.web_faults import ill_mannered

DICOM: Final = "application/dicom"
_AS_KEPT: Final = "*"
_UNEXPECTED: Final = 16  # objects nobody asked for; then it does not end by itself
_BUFFER: Final = 1 << 18
_OTHER_SYNTAX: Final = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.NOT_ACCEPTABLE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
}
"""What servers say that cannot write a transfer syntax."""


@contextmanager
def open_wado(
    peer: Peer,
    *,
    login: WebLogin = NOBODY,
    cancel: Cancel = lambda: False,
    timeouts: Timeouts = PATIENT,
) -> Iterator[Fetcher]:
    """What fetches from the DICOMweb of a peer, over one connection at a time.

    Raises
    ------
    PeerFault, Cancelled
    """
    client = WebClient(Site.of(peer), login, cancel, timeouts)
    try:
        yield _Wado(client, peer.syntaxes)
    finally:
        client.close()


class _Wado:
    """One stream at work."""

    def __init__(self, client: WebClient, syntaxes: Sequence[str]) -> None:
        self._client = client
        self._node = client.site.node
        self._syntaxes = [*syntaxes, _AS_KEPT]

    def fetch(self, portion: Portion, deliver: Deliver) -> None:
        """Ask for a portion, and take what comes; see `Fetcher`."""
        series = f"/studies/{portion.study_uid}/series/{portion.series_uid}"
        if portion.whole and len(portion.instances) > 1:
            try:
                self._stream(series, deliver, "", len(portion.instances))
            except PeerFault as fault:
                if fault.fault not in (Fault.STATUS, Fault.NO_CONTEXT):
                    raise
            else:
                return  # some servers give no series as a whole
        refused: PeerFault | None = None
        for one in portion.instances:
            uid = one.sop_instance_uid
            try:
                self._stream(f"{series}/instances/{uid}", deliver, uid, 1)
            except PeerFault as fault:
                if fault.fault is not Fault.STATUS:
                    raise
                refused = refused or fault
        if refused is not None:
            raise refused

    def _stream(self, path: str, deliver: Deliver, uid: str, number: int) -> None:
        """Take all objects of one answer, in the best syntax the server can write."""
        while True:
            try:
                with self._client.ask(self._request(path)) as answer:
                    return self._take_all(answer, deliver, uid, number)
            except PeerFault as fault:
                if fault.status in _OTHER_SYNTAX and len(self._syntaxes) > 1:
                    del self._syntaxes[0]
                    continue
                if fault.status == HTTPStatus.NOT_FOUND:
                    raise _not_there(self._node) from fault
                raise

    def _request(self, path: str) -> Request:
        syntax = self._syntaxes[0]
        accept = f'multipart/related; type="{DICOM}"; transfer-syntax={syntax}'
        return Request(path, accept)

    def _take_all(
        self, answer: Answer, deliver: Deliver, uid: str, number: int
    ) -> None:
        if answer.content_type.partition(";")[0].strip().lower() == DICOM:
            self._take(deliver, uid, _pieces(answer))
            return
        boundary = boundary_of(answer.content_type)
        if boundary is None:
            raise ill_mannered(self._node, "DICOM objects")
        multipart = Multipart(answer.read_into, boundary)
        try:
            for count, (head, pieces) in enumerate(multipart.parts()):
                if count >= 2 * number + _UNEXPECTED:
                    raise ill_mannered(self._node, "what was asked for")
                if head.get_content_type() in (DICOM, "text/plain"):  # or not said
                    self._take(deliver, uid, pieces)
        except TruncatedError as cause:
            raise PeerFault(Fault.LOST, self._node) from cause
        except NotMultipartError as cause:
            raise ill_mannered(self._node, "DICOM objects") from cause

    def _take(self, deliver: Deliver, uid: str, pieces: Iterator[memoryview]) -> None:
        """Take one object; the others come also where this one cannot be kept."""
        with Taking(deliver, Offer(sop_instance_uid=uid)) as taking:
            for piece in pieces:
                taking.write(piece)
            try:
                taking.keep()
            except EnvironmentFailure:
                raise
            except ViewerError:
                return  # who delivers has heard of it


def _pieces(answer: Answer) -> Iterator[memoryview]:
    """The bytes of an answer that is one object alone."""
    buffer = memoryview(bytearray(_BUFFER))
    while read := answer.read_into(buffer):
        yield buffer[:read]


def _not_there(node: Peer) -> PeerFault:
    fault = PeerFault(
        Fault.STATUS,
        node,
        sentence="{peer.name} has no such object, or no WADO-RS.",
        hint="It may have been moved elsewhere.",
    )
    fault.status = HTTPStatus.NOT_FOUND
    return fault
