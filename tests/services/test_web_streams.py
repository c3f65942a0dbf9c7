"""WADO-RS: long series come as one stream, which gives way and breaks off well."""

import contextlib
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.network.web_archive import Handler, WebArchive, multipart, web_archive
from tests.services.fetching import STUDY, series_of
from tests.services.test_web_retrieving import fetch, fetching, handed_out, kept
from viewer.core.transfer import Direction, Transfer, TransferState
from viewer.services import portions, roads

_LONG = 24
_MANY = 13  # instances that have come when the long stream is on its way
_PATIENCE_S = 100.0


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebArchive]:
    """Two long series, and a short one."""
    monkeypatch.setattr(portions, "MOST_NAMED", 10)
    monkeypatch.setattr("viewer.services.retrieving.MOST_NAMED", 10)
    every = series_of(tmp_path / "a", _LONG)
    for series, number in ((2, 5), (3, 11)):
        every += series_of(tmp_path / str(series), number, series=series)
    with web_archive(*every) as found:
        yield found


def series_asked_for(archive: WebArchive) -> list[str]:
    return [path[-1] for path in handed_out(archive) if "instances" not in path]


def images_asked_for(archive: WebArchive) -> list[str]:
    asked = [path for path in handed_out(archive) if "instances" in path]
    return [path.rpartition("/")[2] for path in asked]


def is_long_stream(handler: Handler) -> bool:
    """Whether the long series is asked for as a whole."""
    return "?" not in handler.path and handler.path.endswith("/1.2.3.1")


def half_sent(handler: Handler, files: Sequence[bytes]) -> bytes:
    """Send half of a stream with these files; the other half."""
    body, kind = multipart(files)
    handler.send_response(200)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    half = len(body) // 2
    handler.wfile.write(body[:half])
    handler.wfile.flush()
    return body[half:]


def test_a_long_series_comes_as_one_stream(archive: WebArchive, tmp_path: Path) -> None:
    with fetching(tmp_path / "data", archive.peer()) as (library, queue):
        assert fetch(queue).state is TransferState.DONE
        assert kept(library) == sorted(archive.files)
    assert sorted(series_asked_for(archive)) == ["1", "2", "3"]
    assert set(images_asked_for(archive)) <= {"1.2.3.1.1", "1.2.3.3.1"}


def test_a_server_that_gives_no_series_is_asked_for_each_image(
    archive: WebArchive, tmp_path: Path
) -> None:
    def singly(handler: Handler) -> bool:
        refused = "?" not in handler.path and "instances" not in handler.path
        if refused:
            handler.say(404)
        return not refused

    archive.always = singly
    with fetching(tmp_path / "data", archive.peer()) as (library, queue):
        assert fetch(queue).state is TransferState.DONE
        assert kept(library) == sorted(archive.files)


def test_a_stream_gives_way_to_the_series_that_is_clicked(
    archive: WebArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roads, "_STREAMS", 1)
    clicked = threading.Event()

    def slowly(handler: Handler) -> bool:
        if not is_long_stream(handler):
            return True
        rest = half_sent(handler, archive.files[:_LONG])
        clicked.wait(_PATIENCE_S)
        with contextlib.suppress(OSError):  # nobody listens any more, most likely
            handler.wfile.write(rest)
        return False

    def click(transfer: Transfer) -> None:
        if transfer.done >= _MANY:
            queue.prefer("1.2.3.3")
            clicked.set()

    archive.always = slowly
    with fetching(tmp_path / "data", archive.peer()) as (library, queue):
        queue.changed.connect(click)
        assert fetch(queue).state is TransferState.DONE
        assert kept(library) == sorted(archive.files)
    assert series_asked_for(archive) == ["2", "1", "3"]
    left = images_asked_for(archive)
    assert "1.2.3.1.2" not in left  # what had come was not asked for again
    assert f"1.2.3.1.{_LONG}" in left


def test_a_stream_that_is_called_off_keeps_what_came_and_fetches_the_rest_later(
    archive: WebArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roads, "_STREAMS", 1)
    paused, released = threading.Event(), threading.Event()

    def stuck(handler: Handler) -> bool:
        if not is_long_stream(handler):
            return True
        half_sent(handler, archive.files[:_LONG])
        released.wait(_PATIENCE_S)
        return False

    archive.always = stuck
    with fetching(tmp_path / "data", archive.peer()) as (library, queue):
        ids = [one.id for one in queue.add(Direction.FETCH, "Web", [STUDY])]

        def pause(transfer: Transfer) -> None:
            if transfer.done >= _MANY and not paused.is_set():
                paused.set()
                queue.pause(ids)

        queue.changed.connect(pause)
        queue.run_next()
        came = len(kept(library))
        assert _MANY <= came < len(archive.files)
        released.set()
        archive.always = None
        queue.resume(ids)
        before = len(handed_out(archive))
        ending = queue.run_next()
        assert ending is not None
        assert (ending.state, ending.already) == (TransferState.DONE, came)
        assert kept(library) == sorted(archive.files)
        assert "1" not in [
            path[-1] for path in handed_out(archive)[before:] if "inst" not in path
        ]
