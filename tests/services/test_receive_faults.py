"""Whatever a sender does, what we acknowledged is kept, and of the rest nothing."""

import socket
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydicom.uid import CTImageStorage

from tests.network.listeners import associated, fragment, heard
from tests.services.import_files import DirectReader, write_image
from viewer.core.listing import StudyQuery
from viewer.dicom.file_meta import data_set_offset
from viewer.network.command_set import CommandField, CommandSet, decoded, encoded
from viewer.services.library import Library
from viewer.services.listening import Listening, ListenRequest

ABORT = struct.pack(">BxI", 7, 4) + bytes(4)
RELEASE = struct.pack(">BxI", 5, 4) + bytes(4)
FOUR_GIGABYTES = struct.pack(">BxI", 4, 0xFFFFFFFF)


class Sender:
    """Sends one small CT after the other over a raw connection."""

    def __init__(self, connection: socket.socket, folder: Path) -> None:
        self.connection = connection
        self._folder = folder

    def message(self, number: int) -> bytes:
        """A whole C-STORE request."""
        path = write_image(self._folder / f"{number}.dcm", number)
        raw_file = path.read_bytes()
        offset = data_set_offset(raw_file[:144])
        return self.command(number) + fragment(1, 2, raw_file[offset:])

    def command(self, number: int) -> bytes:
        """The first half of it."""
        command = CommandSet(
            CommandField.C_STORE_RQ,
            has_data=True,
            message_id=number,
            sop_class=CTImageStorage,
            sop_instance=f"1.2.3.1.{number}",
            priority=0,
        )
        return fragment(1, 3, encoded(command))

    def send(self, number: int) -> None:
        """Send one, and be told that it is kept."""
        self.connection.sendall(self.message(number))
        assert self.told() == (number, 0)

    def told(self) -> tuple[int | None, int | None]:
        """Which request is answered, and how."""
        kind, body = heard(self.connection)
        assert kind == 4
        answer = decoded(body[6:])
        return answer.responds_to, answer.status

    def reset(self) -> None:
        """Cut the connection with a TCP reset."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()


def cut_off_at(part: float) -> Callable[[Sender], None]:
    def fault(sender: Sender) -> None:
        message = sender.message(2)
        sender.connection.sendall(message[: int(len(message) * part)])
        sender.reset()

    return fault


def said(*words: bytes) -> Callable[[Sender], None]:
    """Say it instead of an object, and be cut off."""

    def fault(sender: Sender) -> None:
        sender.connection.sendall(b"".join(words))
        assert heard(sender.connection)[0] in (0, 6, 7)

    return fault


def abort_in_the_middle(sender: Sender) -> None:
    sender.connection.sendall(sender.command(2) + fragment(1, 0, bytes(200)) + ABORT)
    assert heard(sender.connection)[0] == 0


def half_open(sender: Sender) -> None:
    sender.connection.sendall(sender.message(2)[:-100])
    sender.connection.shutdown(socket.SHUT_WR)
    assert heard(sender.connection)[0] in (0, 7)


def sent_twice(sender: Sender) -> None:
    sender.send(1)
    sender.send(1)


def out_of_order(sender: Sender) -> None:
    for number in (9, 4, 6):
        sender.send(number)


def poured_out(sender: Sender) -> None:
    """Several requests before the first answer is heard."""
    sender.connection.sendall(b"".join(map(sender.message, (2, 3, 4))))
    assert [sender.told() for _ in range(3)] == [(2, 0), (3, 0), (4, 0)]


def another_object(sender: Sender) -> None:
    announced, other = sender.message(2), sender.message(3)
    sender.connection.sendall(announced.replace(b"1.2.3.1.2\0", b"1.2.3.1.8\0", 1))
    assert sender.told() == (2, 0xA900)
    sender.connection.sendall(other)
    assert sender.told() == (3, 0)


FAULTS = {
    "reset after an object": (cut_off_at(0.0), 1),
    "reset in a command": (cut_off_at(0.1), 1),
    "reset in an object": (cut_off_at(0.5), 1),
    "reset before the last bytes": (cut_off_at(0.99), 1),
    "an abort in the middle": (abort_in_the_middle, 1),
    "garbage between objects": (said(bytes(range(200, 256))), 1),
    "four gigabytes announced": (said(FOUR_GIGABYTES), 1),
    "a second hello": (said(struct.pack(">BxI", 1, 68) + bytes(68)), 1),
    "released at once": (said(RELEASE), 1),
    "half open": (half_open, 1),
    "sent twice": (sent_twice, 1),
    "out of order": (out_of_order, 4),
    "without waiting": (poured_out, 4),
    "another object than announced": (another_object, 2),
}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "data", DirectReader()) as opened:
        yield opened


@pytest.mark.parametrize(("fault", "kept"), list(FAULTS.values()), ids=list(FAULTS))
def test_what_was_acknowledged_is_kept_whatever_comes_then(
    library: Library, tmp_path: Path, fault: Callable[[Sender], None], kept: int
) -> None:
    folder = tmp_path / "sent"
    folder.mkdir()
    to_anybody = ListenRequest(port=0, host="127.0.0.1", titles=frozenset())
    with Listening(library, to_anybody) as listening:
        with associated(listening.port) as connection:
            sender = Sender(connection, folder)
            sender.send(1)
            fault(sender)
        with associated(listening.port) as connection:
            Sender(connection, folder).send(20)
    found = library.search(StudyQuery()).items
    assert sum(study.instances for study in found) == kept + 1
    assert len(list(library.store.all())) == kept + 1
    assert library.store.workspaces() == []
