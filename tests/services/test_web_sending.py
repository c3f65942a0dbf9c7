"""STOW-RS: every instance that is sent is accounted for, whatever the server says."""

import contextlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pydicom
import pytest
from pydicom.data import get_testdata_file

from tests.network.faulty_lines import Break, End, faulty_line
from tests.network.web_archive import Handler, WebArchive, busy, raw, web_archive
from tests.services.import_files import DirectReader
from tests.services.test_broken_lines import worked_off
from tests.services.test_sending import decode, slices
from viewer.core.identity import StudyUID
from viewer.core.listing import StudyQuery
from viewer.core.peers import Peer
from viewer.core.remote import RemoteKey
from viewer.core.transfer import Direction, TransferState
from viewer.services import web_sending
from viewer.services.import_report import ImportRequest
from viewer.services.importing import Importing
from viewer.services.library import Library
from viewer.services.send_ledger import BROKEN_OFF
from viewer.services.sending import Sending
from viewer.services.transfer_queue import TransferQueue
from viewer.services.transferring import Ending

OBJECTS = 12
EXPLICIT = "1.2.840.10008.1.2.1"
WRONG_SYNTAX = 0xC122


@contextlib.contextmanager
def sending(
    folder: Path, peer: Peer, *paths: Path
) -> Iterator[tuple[Library, TransferQueue]]:
    """A library with these files, and a queue that sends them over HTTP."""
    with Library(folder, DirectReader()) as library:
        Importing(library).run(ImportRequest(paths))
        runners = {Direction.SEND: Sending(library, decode)}
        with TransferQueue(library, runners, lambda _: (peer, "")) as queue:
            yield library, queue


def wish(library: Library, queue: TransferQueue) -> list[int]:
    found = library.search(StudyQuery(limit=None)).items
    keys = [RemoteKey(StudyUID(one.study_uid)) for one in found]
    return [one.id for one in queue.add(Direction.SEND, "Web", keys)]


def sent(folder: Path, archive: WebArchive, *paths: Path) -> Ending:
    """How one attempt at all of them ended."""
    with sending(folder, archive.peer(), *paths) as (library, queue):
        wish(library, queue)
        ending = queue.run_next()
        assert ending is not None
        return ending


def data_set(raw_file: bytes) -> bytes:
    """What lies behind the file meta information."""
    length = int.from_bytes(raw_file[140:144], "little")
    return raw_file[144 + length :]


def test_a_study_arrives_byte_for_byte_in_few_requests(tmp_path: Path) -> None:
    paths = slices(tmp_path, OBJECTS)
    with web_archive() as archive:
        ending = sent(tmp_path / "data", archive, *paths)
        assert (ending.state, ending.done) == (TransferState.DONE, OBJECTS)
        assert len(archive.asked) == 1
    for number, path in enumerate(paths, 1):
        arrived = archive.stored[f"1.2.3.1.{number}"]
        assert data_set(arrived) == data_set(path.read_bytes())
        assert pydicom.dcmread(BytesIO(arrived)).file_meta.TransferSyntaxUID == EXPLICIT


def test_each_instance_has_the_outcome_the_server_gave_it(tmp_path: Path) -> None:
    with web_archive() as archive:
        archive.refused = {"1.2.3.1.2": 0xA900, "1.2.3.1.4": 0x0110}
        ending = sent(tmp_path / "data", archive, *slices(tmp_path, 5))
    assert (ending.state, ending.done) == (TransferState.PARTIAL, 3)
    assert set(ending.failed) == {"1.2.3.1.2", "1.2.3.1.4"}
    assert "A900" in ending.failed["1.2.3.1.2"]
    assert sorted(archive.stored) == ["1.2.3.1.1", "1.2.3.1.3", "1.2.3.1.5"]


def test_a_server_without_room_is_tried_again_later(tmp_path: Path) -> None:
    with web_archive() as archive:
        archive.refused = {"1.2.3.1.1": 0xA700}
        ending = sent(tmp_path / "data", archive, *slices(tmp_path, 1))
    assert ending.state is TransferState.WAITING


def test_what_it_takes_only_uncompressed_is_written_so(tmp_path: Path) -> None:
    path = Path(str(get_testdata_file("MR_small_RLE.dcm")))
    uid = str(pydicom.dcmread(path).SOPInstanceUID)
    with web_archive() as archive:
        archive.refused = {uid: WRONG_SYNTAX}
        ending = sent(tmp_path / "data", archive, path)
    assert ending.state is TransferState.DONE
    arrived = pydicom.dcmread(BytesIO(archive.stored[uid]))
    assert arrived.file_meta.TransferSyntaxUID == EXPLICIT
    assert (arrived.pixel_array == pydicom.dcmread(path).pixel_array).all()


def test_what_it_does_not_take_uncompressed_either_is_told(tmp_path: Path) -> None:
    with web_archive() as archive:
        archive.always = busy(415)
        ending = sent(tmp_path / "data", archive, *slices(tmp_path, 2))
    assert ending.state is TransferState.FAILED
    assert len(archive.asked) == 3  # together, alone, and alone uncompressed


def test_objects_that_are_too_large_together_go_alone(tmp_path: Path) -> None:
    def narrow(handler: Handler) -> bool:
        if handler.body.count(b"Content-Type") == 1:
            return True
        handler.say(413)
        return False

    with web_archive() as archive:
        archive.always = narrow
        ending = sent(tmp_path / "data", archive, *slices(tmp_path, 3))
    assert (ending.state, len(archive.stored)) == (TransferState.DONE, 3)


def test_what_is_too_large_alone_is_accounted_for(tmp_path: Path) -> None:
    def narrow(handler: Handler) -> bool:
        if b"1.2.3.1.2\0" not in handler.body:
            return True
        handler.say(413)
        return False

    with web_archive() as archive:
        archive.always = narrow
        ending = sent(tmp_path / "data", archive, *slices(tmp_path, 3))
    assert list(ending.failed.values()) == ["The peer takes nothing as large as this."]
    assert (ending.state, len(archive.stored)) == (TransferState.PARTIAL, 2)


@pytest.mark.parametrize(
    ("status", "body", "state"),
    [
        (200, b"", TransferState.DONE),
        (200, b"<NativeDicomModel/>", TransferState.DONE),
        (202, b"<NativeDicomModel/>", TransferState.FAILED),
        (409, b"", TransferState.FAILED),
        (202, b"[" * 100_000, TransferState.FAILED),
        (202, b'{"00081198": {"Value": [3, {"00081155": {}}]}}', TransferState.FAILED),
    ],
)
def test_an_answer_that_names_nothing_is_worth_its_status(
    tmp_path: Path, status: int, body: bytes, state: TransferState
) -> None:
    with web_archive() as archive:
        archive.always = lambda handler: handler.say(status, body)
        ending = sent(tmp_path / "data", archive, *slices(tmp_path, 3))
    assert ending.state is state
    assert ending.done == (3 if state is TransferState.DONE else 0)


def test_one_object_at_which_it_breaks_off_keeps_no_other_here(tmp_path: Path) -> None:
    def fall(handler: Handler) -> bool:
        if b"1.2.3.1.2\0" not in handler.body:
            return True
        handler.hang_up()
        return False

    with web_archive() as archive:
        archive.always = fall
        ending = sent(tmp_path / "data", archive, *slices(tmp_path, 4))
    assert ending.failed == {"1.2.3.1.2": BROKEN_OFF}
    assert len(archive.stored) == 3


def test_a_file_that_changed_is_not_sent_and_the_others_are(tmp_path: Path) -> None:
    paths = slices(tmp_path, 3)
    with (
        web_archive() as archive,
        sending(tmp_path / "data", archive.peer(), *paths) as (library, queue),
    ):
        _, lost = sorted(library.store.all())[0]
        lost.chmod(0o600)
        lost.write_bytes(b"")
        wish(library, queue)
        ending = queue.run_next()
        assert ending is not None
    assert (ending.done, len(ending.failed), len(archive.stored)) == (2, 1, 2)


def test_a_refusal_before_all_is_sent_is_heard(tmp_path: Path) -> None:
    with web_archive() as archive:
        archive.login = "Basic never"
        ending = sent(tmp_path / "data", archive, *slices(tmp_path, 3))
    assert ending.state is TransferState.FAILED
    assert ending.reason == "Web wants to know who we are."


FAULTS = [
    *(Break(to_us, after, end) for to_us, after, end in (
        (False, 0, End.RESET), (False, 100, End.RESET), (False, 9_000, End.RESET),
        (False, 9_000, End.CLOSED), (False, 9_000, End.STUCK),
        (True, 0, End.RESET), (True, 100, End.RESET), (True, 100, End.CLOSED),
    )),
]  # fmt: skip


@pytest.mark.parametrize("where", FAULTS, ids=str)
def test_what_a_broken_line_kept_from_going_goes_when_it_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: Break
) -> None:
    monkeypatch.setattr(web_sending, "_MOST", 5)
    paths = slices(tmp_path, OBJECTS)
    with web_archive() as archive, faulty_line(archive.port, [where] * 2) as line:
        peer = archive.peer(port=line.port)
        with sending(tmp_path / "data", peer, *paths) as (library, queue):
            *_, last = worked_off(queue, wish(library, queue))
        assert line.broken >= 1
        assert (last.done, len(archive.stored)) == (OBJECTS, OBJECTS)


def test_rubbish_is_no_answer(tmp_path: Path) -> None:
    with web_archive() as archive:
        archive.always = raw(b"rubbish\r\n\r\n")
        ending = sent(tmp_path / "data", archive, *slices(tmp_path, 1))
    assert ending.state is TransferState.FAILED
    assert "HTTP" in ending.reason
