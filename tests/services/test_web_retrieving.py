"""WADO-RS: what a server has comes as it is kept there, whatever breaks on the way."""

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.network.faulty_lines import Break, End, faulty_line
from tests.network.web_archive import (
    Handler,
    WebArchive,
    busy,
    multipart,
    raw,
    web_archive,
)
from tests.services.fetching import STUDY, series_of
from tests.services.import_files import DirectReader
from tests.services.test_broken_lines import worked_off
from viewer.core.peers import Peer
from viewer.core.transfer import Direction, TransferState
from viewer.services import roads
from viewer.services.asking import list_instances
from viewer.services.library import Library
from viewer.services.receiving import Receiving
from viewer.services.retrieving import Retrieving
from viewer.services.transfer_queue import TransferQueue
from viewer.services.transferring import Ending

OBJECTS = 12


@contextlib.contextmanager
def fetching(folder: Path, peer: Peer) -> Iterator[tuple[Library, TransferQueue]]:
    """A library, and a queue that fetches into it over HTTP."""
    with (
        Library(folder, DirectReader()) as library,
        Receiving(library) as receiving,
    ):
        runner = Retrieving(library, receiving, list_instances, lambda _: None)
        runners = {Direction.FETCH: runner}
        with TransferQueue(library, runners, lambda _: (peer, "")) as queue:
            yield library, queue


def fetch(queue: TransferQueue) -> Ending:
    queue.add(Direction.FETCH, "Web", [STUDY])
    ending = queue.run_next()
    assert ending is not None
    return ending


def kept(library: Library) -> list[bytes]:
    return sorted(path.read_bytes() for _, path in library.store.all())


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[WebArchive]:
    """Twelve slices of one series and three of another."""
    every = series_of(tmp_path / "a", OBJECTS) + series_of(tmp_path / "b", 3, series=2)
    with web_archive(*every) as found:
        yield found


def handed_out(archive: WebArchive) -> list[str]:
    return [one for one in archive.asked if "?" not in one]


def test_a_study_comes_byte_for_byte(archive: WebArchive, tmp_path: Path) -> None:
    with fetching(tmp_path / "data", archive.peer()) as (library, queue):
        ending = fetch(queue)
        assert (ending.state, ending.done) == (TransferState.DONE, 15)
        assert kept(library) == sorted(archive.files)
    assert sorted(handed_out(archive)) == [  # one stream for a short series
        f"/web/studies/1.2.3/series/1.2.3.{n}" for n in (1, 2)
    ]


def test_only_what_is_missing_is_fetched(archive: WebArchive, tmp_path: Path) -> None:
    every = archive.files
    with fetching(tmp_path / "data", archive.peer()) as (library, queue):
        archive.files = every[:10]
        assert fetch(queue).done == 10
        archive.files = every
        before = len(handed_out(archive))
        ending = fetch(queue)
        assert (ending.state, ending.already, ending.done) == (
            TransferState.DONE,
            10,
            15,
        )
        asked = handed_out(archive)[before:]
        assert sorted(
            one.rpartition("/")[2] for one in asked if "instances" in one
        ) == [
            "1.2.3.1.11",
            "1.2.3.1.12",
        ]
        assert kept(library) == sorted(every)


def test_many_objects_come_over_one_connection(
    archive: WebArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roads, "_STREAMS", 1)
    every = archive.files
    with fetching(tmp_path / "data", archive.peer()) as (_, queue):
        archive.files = every[:1]
        assert fetch(queue).done == 1
        archive.files, before = every, archive.callers
        assert fetch(queue).done == 15
        assert archive.callers - before == 2  # one to ask, one to fetch


def test_an_object_the_server_has_not_is_accounted_for(
    archive: WebArchive, tmp_path: Path
) -> None:
    def forget(handler: Handler) -> bool:
        gone = handler.path.endswith("1.2.3.1.5") or handler.path.endswith("1.2.3.1")
        if gone:
            handler.say(404)
        return not gone

    archive.always = forget
    with fetching(tmp_path / "data", archive.peer()) as (_, queue):
        ending = fetch(queue)
    assert (ending.state, ending.done) == (TransferState.PARTIAL, 14)
    assert list(ending.failed) == ["1.2.3.1.5"]


def test_one_damaged_object_keeps_no_other_from_coming(
    archive: WebArchive, tmp_path: Path
) -> None:
    def spoil(handler: Handler) -> bool:
        if "?" in handler.path or not handler.path.endswith("series/1.2.3.2"):
            return True
        body, kind = multipart([archive.files[12], b"no DICOM", archive.files[14]])
        handler.say(200, body, kind)
        return False

    archive.always = spoil
    with fetching(tmp_path / "data", archive.peer()) as (library, queue):
        ending = fetch(queue)
        assert (ending.state, ending.done) == (TransferState.DONE, 15)
        assert kept(library) == sorted(archive.files)


def test_an_object_that_comes_alone_is_taken(
    archive: WebArchive, tmp_path: Path
) -> None:
    def alone(handler: Handler) -> bool:
        if "?" in handler.path or "1.2.3.1" not in handler.path:
            return True
        uid = handler.path.rpartition("/")[2]
        if "instances" not in handler.path:
            handler.say(406)
        else:
            number = int(uid.rpartition(".")[2])
            handler.say(200, archive.files[number - 1], "application/dicom")
        return False

    archive.always = alone
    with fetching(tmp_path / "data", archive.peer()) as (library, queue):
        assert fetch(queue).state is TransferState.DONE
        assert kept(library) == sorted(archive.files)


def test_a_preferred_syntax_is_asked_for_and_another_taken(
    archive: WebArchive, tmp_path: Path
) -> None:
    wanted: list[str] = []

    def picky(handler: Handler) -> bool:
        if "?" in handler.path:
            return True
        wanted.append(handler.headers["Accept"].rpartition("=")[2])
        if wanted[-1] == "*":
            return True
        handler.say(406)
        return False

    archive.always = picky
    peer = archive.peer(syntaxes=("1.2.840.10008.1.2.4.201",))
    with fetching(tmp_path / "data", peer) as (_, queue):
        assert fetch(queue).state is TransferState.DONE
    assert set(wanted) == {"1.2.840.10008.1.2.4.201", "*"}


def test_a_busy_server_is_asked_again(archive: WebArchive, tmp_path: Path) -> None:
    turns = {"left": 3}
    lock = threading.Lock()

    def sometimes(handler: Handler) -> bool:
        with lock:
            turns["left"] -= 1
            if turns["left"] < 0:
                return True
        handler.say(503, Retry_After="0")
        return False

    archive.quirks = [busy(503, Retry_After="0"), busy(429)]
    archive.always = sometimes
    with fetching(tmp_path / "data", archive.peer()) as (_, queue):
        ids = [one.id for one in queue.add(Direction.FETCH, "Web", [STUDY])]
        *_, last = worked_off(queue, ids)
        assert last.done == 15


@pytest.mark.parametrize(
    "answer",
    [
        raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>hello"),
        raw(b"no HTTP at all\r\n\r\n"),
        raw(b"HTTP/1.1 200 OK\r\n" + b"A: " + b"x" * 100_000 + b"\r\n\r\n"),
        raw(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 5_000 + b"\r\n"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 0\r\n\r\n"),
        raw(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
            b"Content-Type: multipart/related; boundary=q\r\n\r\nzzz\r\n"
        ),
    ],
    ids=["html", "no HTTP", "long header", "many headers", "coded", "bad chunk"],
)
def test_an_answer_that_is_none_ends_the_attempt_and_keeps_nothing(
    archive: WebArchive, tmp_path: Path, answer: object
) -> None:
    def rude(handler: Handler) -> bool:
        if "?" in handler.path:
            return True
        assert callable(answer)
        answer(handler)
        return False

    archive.always = rude
    with fetching(tmp_path / "data", archive.peer()) as (library, queue):
        ending = fetch(queue)
        assert ending.state in (TransferState.FAILED, TransferState.WAITING)
        assert ending.reason.startswith("Web")
        assert kept(library) == []
        assert not list((tmp_path / "data").rglob("*.part"))


TO_US, TO_IT = True, False
FAULTS = [
    *(Break(TO_US, after, End.RESET) for after in (0, 60, 9_000, 12_000, 16_000)),
    *(Break(TO_US, after, End.CLOSED) for after in (60, 12_000)),
    Break(TO_US, 12_000, End.STUCK),
    *(Break(TO_IT, after, End.RESET) for after in (0, 100)),
]


def told(one: Break) -> str:
    return f"{one.end.name} {one.after} bytes {'to us' if one.to_us else 'to it'}"


@pytest.mark.parametrize("where", FAULTS, ids=told)
def test_what_a_broken_line_kept_from_coming_comes_when_it_holds(
    archive: WebArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: Break
) -> None:
    monkeypatch.setattr(roads, "_STREAMS", 1)
    with (
        faulty_line(archive.port, [where, where, where]) as line,
        fetching(tmp_path / "data", archive.peer(port=line.port)) as (library, queue),
    ):
        ids = [one.id for one in queue.add(Direction.FETCH, "Web", [STUDY])]
        *_, last = worked_off(queue, ids)
        assert line.broken >= 1
        assert last.done == 15
        assert kept(library) == sorted(archive.files)
