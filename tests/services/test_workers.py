"""A worker may die of a file; nobody else notices."""

import multiprocessing
import multiprocessing.context
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path

import numpy as np
import psutil
import pydicom
import pytest

from tests.services.frames_on_disk import VALUES, compressed, hostile
from viewer.core.errors import (
    Cancelled,
    EnvironmentFailure,
    NotDicomError,
    PixelError,
    UnreadableError,
    ViewerError,
)
from viewer.core.records import FileRecord
from viewer.dicom.read import read_file
from viewer.services import run_decoding
from viewer.services import worker as worker_module
from viewer.services import workers as workers_module
from viewer.services.indexing import Indexed
from viewer.services.workers import Workers

ROOT = Path(__file__).parents[2]
BUNDLED = Path(pydicom.__file__).parent / "data" / "test_files"

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@pytest.fixture
def workers() -> Iterator[Workers]:
    with Workers(2) as pool:
        yield pool


def children() -> list[psutil.Process]:
    """The workers of this process; not the tracker of its shared memory."""
    known = {child.pid for child in multiprocessing.active_children()}
    return [psutil.Process(pid) for pid in known if pid is not None]


def _refuses_to_start(_: object) -> None:
    """Stands for the worker where its program is broken."""
    os._exit(1)


def _has_no_process_left(_: object) -> None:
    raise BlockingIOError


def test_a_frame_comes_back_as_it_was_encoded(workers: Workers, tmp_path: Path) -> None:
    decoded = workers.decode(compressed(tmp_path))

    np.testing.assert_array_equal(decoded, VALUES)
    assert decoded.dtype == VALUES.dtype


def test_a_frame_larger_than_the_one_before_finds_room(
    workers: Workers, tmp_path: Path
) -> None:
    for repeat in (1, 40, 2):
        decoded = workers.decode(compressed(tmp_path, str(repeat), repeat))
        np.testing.assert_array_equal(decoded, np.tile(VALUES, (repeat, repeat)))


def test_headers_come_back_as_they_are_read_here_in_order(workers: Workers) -> None:
    paths = sorted(path for path in BUNDLED.rglob("*") if path.is_file())

    outcomes = list(workers.read_files(paths))

    assert [path for path, _ in outcomes] == paths
    for path, outcome in outcomes:
        if isinstance(outcome, FileRecord):
            assert outcome == read_file(path)
        else:
            with pytest.raises(type(outcome), match=f"^{outcome.message}$"):
                read_file(path)
    assert sum(isinstance(found, FileRecord) for _, found in outcomes) > 120


def test_names_that_are_no_text_are_read(workers: Workers, tmp_path: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/sch\xf6n"))
    odd.write_bytes((BUNDLED / "CT_small.dcm").read_bytes())

    ((path, outcome),) = workers.read_files([odd])

    assert path == odd
    assert isinstance(outcome, FileRecord)


def test_what_cannot_be_read_has_its_reason(workers: Workers, tmp_path: Path) -> None:
    text, empty = tmp_path / "text", tmp_path / "empty"
    text.write_text("no image at all, only a few words that somebody wrote")
    empty.touch()

    outcomes = [found for _, found in workers.read_files([text, empty])]

    assert all(isinstance(found, NotDicomError) for found in outcomes)
    ((_, gone),) = workers.read_files([tmp_path / "gone"])
    assert isinstance(gone, ViewerError)


@posix
def test_a_decoder_that_takes_too_long_is_replaced(
    workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = compressed(tmp_path)
    workers.decode(good)
    before = {child.pid for child in children()}
    monkeypatch.setattr(run_decoding, "_SECONDS", 0.1)

    with pytest.raises(PixelError, match=r"within .* seconds"):
        workers.decode(hostile(tmp_path, 1000))

    assert {child.pid for child in children()} != before
    monkeypatch.undo()
    np.testing.assert_array_equal(workers.decode(good), VALUES)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of Linux")
def test_a_decoder_that_takes_too_much_memory_is_stopped(
    workers: Workers, tmp_path: Path
) -> None:
    with pytest.raises(PixelError):
        workers.decode(hostile(tmp_path, 3000))

    np.testing.assert_array_equal(workers.decode(compressed(tmp_path)), VALUES)


@posix
def test_a_decoder_that_dies_is_replaced(tmp_path: Path) -> None:
    with Workers(1) as pool:
        good = compressed(tmp_path)
        pool.decode(good)
        (victim,) = children()
        bad, before = hostile(tmp_path, 1000), sum(victim.cpu_times()[:2])
        error: list[BaseException] = []

        def decode() -> None:
            try:
                pool.decode(bad)
            except ViewerError as raised:
                error.append(raised)

        thread = threading.Thread(target=decode)
        thread.start()
        # More than a worker takes for anything else: it is at the file.
        _wait_until(lambda: sum(victim.cpu_times()[:2]) > before + 0.2)
        victim.send_signal(signal.SIGKILL)
        thread.join()

        assert isinstance(error[0], PixelError)
        assert "brought its decoder down" in error[0].message
        np.testing.assert_array_equal(pool.decode(good), VALUES)


@pytest.mark.parametrize("serve", [_refuses_to_start, _has_no_process_left])
def test_no_file_is_blamed_where_no_worker_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, serve: Callable[..., None]
) -> None:
    ref = compressed(tmp_path)
    if serve is _has_no_process_left:
        monkeypatch.setattr(multiprocessing.context.SpawnProcess, "start", serve)
    monkeypatch.setattr(worker_module, "serve", serve)
    with Workers(1) as pool:
        pool.prestart()
        with pytest.raises(EnvironmentFailure, match="helper processes"):
            pool.decode(ref)
        with pytest.raises(EnvironmentFailure, match="helper processes"):
            list(pool.read_files([BUNDLED / "CT_small.dcm"]))
        with pytest.raises(EnvironmentFailure, match="helper processes"):
            pool.make_one_ready()
        monkeypatch.undo()
        np.testing.assert_array_equal(pool.decode(ref), VALUES)  # it was the machine


@posix
def test_a_worker_killed_while_idle_is_replaced_in_silence(tmp_path: Path) -> None:
    with Workers(1) as pool:
        good = compressed(tmp_path)
        pool.decode(good)
        (victim,) = children()
        victim.kill()
        _wait_until(lambda: not children())  # its threads end after it

        np.testing.assert_array_equal(pool.decode(good), VALUES)


@posix
def test_the_file_that_kills_its_reader_gets_the_reason_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers_module, "READ_SECONDS", 3.0)  # a fresh worker imports
    good = [tmp_path / f"{n}.dcm" for n in range(6)]
    for path in good:
        path.write_bytes((BUNDLED / "CT_small.dcm").read_bytes())
    endless = tmp_path / "endless"
    os.mkfifo(endless)  # opening it waits for a writer that never comes
    paths = [*good[:3], endless, *good[3:]]

    with Workers(1) as pool:
        outcomes = dict(pool.read_files(paths))

    assert list(outcomes) == paths
    assert all(isinstance(outcomes[path], FileRecord) for path in good)
    assert isinstance(outcomes[endless], ViewerError)


def test_somebody_who_gives_up_is_free_at_once(
    workers: Workers, tmp_path: Path
) -> None:
    workers.decode(compressed(tmp_path))
    enough = threading.Event()
    enough.set()

    with pytest.raises(Cancelled):
        workers.decode(hostile(tmp_path, 1000), enough)

    np.testing.assert_array_equal(workers.decode(compressed(tmp_path)), VALUES)


def test_several_threads_share_the_workers(workers: Workers, tmp_path: Path) -> None:
    ref = compressed(tmp_path)
    found: list[bool] = []

    def decode() -> None:
        found.extend(np.array_equal(workers.decode(ref), VALUES) for _ in range(10))

    threads = [threading.Thread(target=decode) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [True] * 50
    assert len(children()) == 2


def test_a_reader_that_is_left_early_leaves_nothing_behind(workers: Workers) -> None:
    paths = [BUNDLED / "CT_small.dcm"] * 1000
    reading = workers.read_files(paths)
    next(reading)
    reading.close()  # type: ignore[attr-defined] # a generator

    names = {thread.name for thread in threading.enumerate()}
    assert not any(name.startswith("read") for name in names)


def test_closing_ends_the_processes_and_what_they_do(tmp_path: Path) -> None:
    pool = Workers(2)
    pool.prestart()
    pool.decode(compressed(tmp_path))
    errors: list[BaseException] = []

    def decode() -> None:
        try:
            pool.decode(hostile(tmp_path, 1000))
        except Cancelled as raised:
            errors.append(raised)
        except PixelError:  # it was quicker
            errors.append(Cancelled())

    thread = threading.Thread(target=decode)
    thread.start()
    pool.close()
    thread.join()

    assert len(errors) == 1
    assert not children()
    with pytest.raises(Cancelled):
        pool.decode(compressed(tmp_path))


def test_workers_are_ready_before_they_are_needed() -> None:
    with Workers(2) as pool:
        pool.prestart()
        _wait_until(lambda: len(children()) == 2)
        assert len(children()) == 2


def test_a_worker_is_ready_to_index_before_the_first_file_comes() -> None:
    with Workers(2) as pool:
        pool.make_one_ready()
        (ready,) = children()
        with pool.indexing(BUNDLED / "CT_small.dcm") as answered:
            found = answered()
        assert isinstance(found, Indexed)
        assert children() == [ready]


def test_a_changed_file_is_not_decoded(workers: Workers, tmp_path: Path) -> None:
    ref = compressed(tmp_path)
    Path(ref.path).write_bytes(b"another")

    with pytest.raises(UnreadableError, match="changed"):
        workers.decode(ref)
    Path(ref.path).unlink()
    with pytest.raises(UnreadableError, match="not where it was"):
        workers.decode(ref)


_SCRIPT = """
    import sys, time
    from pathlib import Path
    from viewer.services.workers import Workers
    from tests.services.frames_on_disk import compressed, hostile

    if __name__ == "__main__":
        pool = Workers(2)
        folder = Path(sys.argv[1])
        pool.decode(compressed(folder))
        {end}
"""


def run_script(folder: Path, end: str) -> "subprocess.Popen[str]":
    script = folder / "script.py"
    script.write_text(textwrap.dedent(_SCRIPT).format(end=end))
    return subprocess.Popen(
        [sys.executable, "-W", "error", script, folder],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_nothing_is_left_and_nothing_is_said_at_the_end(tmp_path: Path) -> None:
    process = run_script(tmp_path, "pool.close()")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (0, "", "")


@posix
def test_workers_end_with_a_program_that_was_killed(tmp_path: Path) -> None:
    process = run_script(
        tmp_path, "print(flush=True); pool.decode(hostile(folder, 1000))"
    )
    assert process.stdout is not None
    process.stdout.readline()
    family = psutil.Process(process.pid).children(recursive=True)
    assert len(family) >= 1

    process.kill()
    process.communicate()

    _, alive = psutil.wait_procs(family, timeout=60)
    assert not alive


@posix
def test_interrupting_the_program_is_not_heard_by_its_workers(tmp_path: Path) -> None:
    with Workers(1) as pool:
        ref = compressed(tmp_path)
        pool.decode(ref)
        (child,) = children()
        child.send_signal(signal.SIGINT)
        pool.decode(ref)
        assert children() == [child]


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="where Linux keeps it")  # noqa: S108
def test_shared_memory_is_given_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str] = []

    class Noted(SharedMemory):
        """Another program may take some in the same moment, so names are told apart."""

        def __init__(self, *, create: bool, size: int) -> None:
            super().__init__(create=create, size=size)
            taken.append(self.name)

    monkeypatch.setattr(worker_module, "SharedMemory", Noted)
    with Workers(1) as pool:
        decoded = pool.decode(compressed(tmp_path))
    np.testing.assert_array_equal(decoded, VALUES)  # its memory has no name any more
    assert taken
    assert not {name.lstrip("/") for name in taken} & set(os.listdir("/dev/shm"))  # noqa: PTH208, S108


def _wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
