"""A peer with any manners: it says what it was taught, at the pace it was taught.

A lesson is a function that gets the `Line` of one caller. What it says is put together
by pynetdicom's PDUs, which know nothing of ours.
"""

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pydicom import Dataset
from pynetdicom.dsutils import encode
from pynetdicom.pdu import A_ASSOCIATE_AC, A_ASSOCIATE_RJ, A_ASSOCIATE_RQ
from pynetdicom.pdu_primitives import (
    A_ASSOCIATE,
    ImplementationClassUIDNotification,
    MaximumLengthNotification,
)
from pynetdicom.presentation import PresentationContext

from viewer.core.peers import Peer
from viewer.network.quiet import hush

hush()

RELEASED = bytes.fromhex("06000000000400000000")
ABORTED = bytes.fromhex("07000000000400000200")
_GENEROUS = 120.0


class HungUp(Exception):  # noqa: N818 - the caller's good right
    """The caller is gone."""


@dataclass(slots=True)
class Line:
    """The connection with one caller."""

    connection: socket.socket
    closing: threading.Event

    def hear(self) -> bytes:
        """The caller's next PDU."""
        head = self._exactly(6)
        (length,) = struct.unpack(">2xI", head)
        return head + self._exactly(length)

    def say(self, *parts: bytes) -> None:
        """Say it at once."""
        self.connection.sendall(b"".join(parts))

    def hear_and_say(self, *parts: bytes) -> None:
        """Answer the caller's next PDU."""
        self.hear()
        self.say(*parts)

    def drip(self, raw: bytes, piece: int, pause: float) -> None:
        """Say it slowly, in pieces."""
        for at in range(0, len(raw), piece):
            self.say(raw[at : at + piece])
            if self.closing.wait(pause):
                raise HungUp

    def accept(self, **changes: Any) -> A_ASSOCIATE_RQ:
        """Hear the proposals, and agree to all of them."""
        asked = A_ASSOCIATE_RQ()
        asked.decode(self.hear())
        self.say(accepting(asked, **changes))
        return asked

    def hear_message(self) -> tuple[int, bytes, bytes]:
        """Context, command and data set of the caller's next message."""
        command, context = self._part()
        has_data = b"\x00\x00\x00\x08\x02\x00\x00\x00\x01\x01" not in command
        return context, command, self._part()[0] if has_data else b""

    def stay_silent(self) -> None:
        """Say nothing until the caller hangs up, or the lesson is over."""
        self.connection.settimeout(0.05)
        while not self.closing.is_set():
            try:
                if not self.connection.recv(1 << 16):
                    return
            except TimeoutError:
                continue
            except OSError:
                return

    def reset(self) -> None:
        """Cut the connection with a TCP reset."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()

    def _part(self) -> tuple[bytes, int]:
        raw, last, context = bytearray(), False, 0
        while not last:
            pdu = self.hear()
            if pdu[0] != 4:
                raise HungUp
            position = 6
            while position < len(pdu):
                length, context, control = struct.unpack_from(">IBB", pdu, position)
                raw += pdu[position + 6 : position + 4 + length]
                position, last = position + 4 + length, bool(control & 2)
        return bytes(raw), context

    def _exactly(self, size: int) -> bytes:
        got = b""
        while len(got) < size:
            part = self.connection.recv(size - len(got))
            if not part:
                raise HungUp
            got += part
        return got


Lesson = Callable[[Line], object]


@dataclass(slots=True)
class Parrot:
    """A running parrot.

    Attributes
    ----------
    port : int
    callers : int
        How many have called so far.
    failures : list of BaseException
        What went wrong in lessons other than that the caller left.
    """

    port: int
    callers: int = 0
    failures: list[BaseException] = field(default_factory=list)

    def peer(self, **changes: Any) -> Peer:
        """The parrot as a peer of ours."""
        usual = {"name": "Parrot", "host": "127.0.0.1", "aet": "PARROT"}
        return Peer(**{**usual, "port": self.port, **changes})


@contextmanager
def parrot(*lessons: Lesson) -> Iterator[Parrot]:
    """A parrot that gives its callers these lessons, the last one again and again."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.05)
    taught, closing = Parrot(server.getsockname()[1]), threading.Event()
    talks: list[threading.Thread] = []

    def attend() -> None:
        while not closing.is_set():
            try:
                connection, _ = server.accept()
            except TimeoutError:
                continue
            lesson = lessons[min(taught.callers, len(lessons) - 1)]
            taught.callers += 1
            line = Line(connection, closing)
            talk = threading.Thread(target=_teach, args=(lesson, line, taught))
            talks.append(talk)
            talk.start()

    attending = threading.Thread(target=attend)
    attending.start()
    try:
        yield taught
    finally:
        closing.set()
        for thread in (attending, *talks):
            thread.join(_GENEROUS)
        server.close()
    assert not taught.failures, taught.failures


def accepting(
    asked: A_ASSOCIATE_RQ, *, refused: bool = False, longest: int = 16384
) -> bytes:
    """An A-ASSOCIATE-AC that agrees to every proposal, in its first syntax."""
    proposed = asked.to_primitive()
    answer = A_ASSOCIATE()
    answer.application_context_name = "1.2.840.10008.3.1.1.1"
    answer.calling_ae_title = proposed.calling_ae_title
    answer.called_ae_title = proposed.called_ae_title
    answer.result, answer.result_source = 0, 1
    results = []
    for context in proposed.presentation_context_definition_list:
        result = PresentationContext()
        result.context_id = context.context_id
        result.abstract_syntax = context.abstract_syntax
        result.transfer_syntax = [context.transfer_syntax[0]]
        result.result = 3 if refused else 0
        results.append(result)
    answer.presentation_context_definition_results_list = results
    longest_item = MaximumLengthNotification()
    longest_item.maximum_length_received = longest
    implementation = ImplementationClassUIDNotification()
    implementation.implementation_class_uid = "1.2.3.4"
    answer.user_information = [longest_item, implementation]
    pdu = A_ASSOCIATE_AC()
    pdu.from_primitive(answer)
    return pdu.encode()


def rejecting(result: int, source: int, reason: int) -> bytes:
    """An A-ASSOCIATE-RJ; PS3.8 table 9-21."""
    answer = A_ASSOCIATE()
    answer.result, answer.result_source, answer.diagnostic = result, source, reason
    pdu = A_ASSOCIATE_RJ()
    pdu.from_primitive(answer)
    return pdu.encode()


def message(context: int, command: Dataset, data: bytes | None = None) -> bytes:
    """A whole message in PDUs of its own."""
    command.CommandDataSetType = 0x0101 if data is None else 1
    raw = encode(command, is_implicit_vr=True, is_little_endian=True) or b""
    head = struct.pack("<HHLL", 0, 0, 4, len(raw))
    parts = [_pdata(context, 3, head + raw)]
    if data is not None:
        parts.append(_pdata(context, 2, data))
    return b"".join(parts)


def response(field_: int, to: int, status: int, **values: Any) -> Dataset:
    """A response's command set."""
    command = Dataset()
    command.CommandField = field_
    command.MessageIDBeingRespondedTo = to
    command.Status = status
    for keyword, value in values.items():
        setattr(command, keyword, value)
    return command


def identifier(*, implicit: bool = False, **values: Any) -> bytes:
    """A data set as a peer would write it."""
    data_set = Dataset()
    for keyword, value in values.items():
        setattr(data_set, keyword, value)
    return encode(data_set, implicit, True) or b""  # noqa: FBT003 - theirs


def _pdata(context: int, control: int, raw: bytes) -> bytes:
    item = struct.pack(">IBB", len(raw) + 2, context, control) + raw
    return struct.pack(">BxI", 4, len(item)) + item


def _teach(lesson: Lesson, line: Line, taught: Parrot) -> None:
    try:
        line.connection.settimeout(_GENEROUS)
        lesson(line)
    except (HungUp, ConnectionError, TimeoutError, ssl.SSLError):
        pass
    except BaseException as failure:  # noqa: BLE001 - told at the end of the test
        taught.failures.append(failure)
    finally:
        line.connection.close()
