"""A listener on a free port, an inbox that remembers, and callers of any manners."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian
from pynetdicom import AE
from pynetdicom.pdu import A_ASSOCIATE_RQ
from pynetdicom.pdu_primitives import (
    A_ASSOCIATE,
    ImplementationClassUIDNotification,
    MaximumLengthNotification,
)
from pynetdicom.presentation import build_context

from tests.network.steady import steady
from viewer.core.errors import ViewerError
from viewer.network.listener.listener import Listener
from viewer.network.listener.policy import Bounds, Policy
from viewer.network.listener.services import Announced, Sink
from viewer.network.listener.storing import Storing
from viewer.network.listener.verifying import Verifying
from viewer.network.quiet import hush

hush()
steady()

_LENIENT = Bounds(hello_s=120.0, silence_s=120.0)  # a busy machine is nobody's fault
VERIFICATION = "1.2.840.10008.1.1"
GENEROUS = 120.0


@dataclass
class Inbox:
    """Keeps the bytes of what comes, or refuses it as it was told."""

    kept: list[tuple[Announced, bytes]] = field(default_factory=list)
    begun: int = 0
    refusal: ViewerError | None = None
    refuse_after: int | None = None  # bytes; None refuses before the first
    most_at_once: int = 0

    @contextmanager
    def receive(self, announced: Announced) -> Iterator[Sink]:
        """A sink in memory."""
        self.begun += 1
        if self.refusal is not None and self.refuse_after is None:
            raise self.refusal
        yield _Kept(self, announced)


class _Kept:
    def __init__(self, inbox: Inbox, announced: Announced) -> None:
        self._inbox, self._announced = inbox, announced
        self._bytes = bytearray()

    def write(self, piece: memoryview) -> None:
        inbox = self._inbox
        inbox.most_at_once = max(inbox.most_at_once, len(piece))
        self._bytes += piece
        if inbox.refusal is not None and len(self._bytes) > (inbox.refuse_after or 0):
            raise inbox.refusal

    def finish(self) -> None:
        self._inbox.kept.append((self._announced, bytes(self._bytes)))


@contextmanager
def listening(inbox: Inbox | None = None, **policy: Any) -> Iterator[int]:
    """A listener with storage and verification; gives its port."""
    bounds = policy.pop("bounds", _LENIENT)
    rules = Policy(port=0, host="127.0.0.1", bounds=bounds, **policy)
    services = (Storing(inbox or Inbox(), private=rules.private), Verifying())
    with Listener(rules, services) as listener:
        yield listener.port


def ct(number: int = 1, size: int = 512) -> Dataset:
    """A small image of nobody."""
    ds = Dataset()
    ds.SOPClassUID, ds.SOPInstanceUID = CTImageStorage, f"1.2.3.{number}"
    ds.StudyInstanceUID, ds.SeriesInstanceUID = "1.2", "1.2.3"
    ds.PatientName, ds.PatientID, ds.Modality = "Muster^Max", "P1", "CT"
    ds.PixelData = bytes(size)
    ds["PixelData"].VR = "OW"
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return ds


def caller(*classes: str, title: str = "CALLER") -> AE:
    """A pynetdicom entity that asks for these classes in explicit little endian."""
    ae = AE(title)
    ae.acse_timeout = ae.dimse_timeout = ae.network_timeout = GENEROUS
    for uid in classes or (CTImageStorage, VERIFICATION):
        ae.add_requested_context(uid, ExplicitVRLittleEndian)
    return ae


def echoed(port: int, called: str = "ANY", title: str = "CALLER") -> int | None:
    """Status of a C-ECHO; None if there was no association."""
    association = caller(title=title).associate("127.0.0.1", port, ae_title=called)
    if not association.is_established:
        return None
    status = association.send_c_echo()
    association.release()
    return status.Status if "Status" in status else None


def hello(
    *classes: str, called: str = "ANY", calling: str = "CALLER", longest: int = 16384
) -> bytes:
    """An A-ASSOCIATE-RQ."""
    primitive = A_ASSOCIATE()
    primitive.application_context_name = "1.2.840.10008.3.1.1.1"
    primitive.calling_ae_title, primitive.called_ae_title = calling, called
    length = MaximumLengthNotification()
    length.maximum_length_received = longest
    implementation = ImplementationClassUIDNotification()
    implementation.implementation_class_uid = "1.2.3.4"
    primitive.user_information = [length, implementation]
    contexts = [build_context(uid, ExplicitVRLittleEndian) for uid in classes]
    for number, context in enumerate(contexts):
        context.context_id = 2 * number + 1
    primitive.presentation_context_definition_list = contexts
    pdu = A_ASSOCIATE_RQ()
    pdu.from_primitive(primitive)
    return bytes(pdu.encode())


def fragment(context: int, control: int, piece: bytes) -> bytes:
    """A P-DATA-TF PDU with one presentation data value; 1 is command, 2 is last."""
    value = struct.pack(">IBB", len(piece) + 2, context, control) + piece
    return struct.pack(">BxI", 4, len(value)) + value


@contextmanager
def raw(port: int) -> Iterator[socket.socket]:
    """A connection without any manners yet."""
    with socket.create_connection(("127.0.0.1", port), GENEROUS) as connection:
        yield connection


@contextmanager
def associated(port: int, *classes: str) -> Iterator[socket.socket]:
    """A raw connection after a polite beginning."""
    with raw(port) as connection:
        connection.sendall(hello(*(classes or (CTImageStorage,))))
        assert heard(connection)[0] == 2
        yield connection


def heard(connection: socket.socket) -> tuple[int, bytes]:
    """The next PDU; (0, b"") where the listener hung up."""
    head = _exactly(connection, 6)
    if len(head) < 6:
        return 0, b""
    kind, length = struct.unpack(">BxI", head)
    return kind, _exactly(connection, length)


def _exactly(connection: socket.socket, size: int) -> bytes:
    got = bytearray()
    while len(got) < size:
        try:
            part = connection.recv(size - len(got))
        except ConnectionError:
            break
        if not part:
            break
        got += part
    return bytes(got)


def in_parallel(count: int, work: Any) -> None:
    """Call `work` with 0, 1, 2 … at once, and wait for all."""
    threads = [threading.Thread(target=work, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(GENEROUS)
        assert not thread.is_alive()
