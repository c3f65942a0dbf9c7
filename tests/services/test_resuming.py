"""An import that was cut off is remembered until it is finished or forgotten."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from typing_extensions import override

from tests.services.import_files import DirectReader, write_series
from viewer.core.errors import Cancelled, Closing, EnvironmentFailure
from viewer.services.importing import Importing, ImportRequest
from viewer.services.jobs import Jobs, Progress, Silent
from viewer.services.library import Library
from viewer.services.resuming import Interrupted, interrupted_imports

ROOT = Path(__file__).parents[2]
_FILES = 300


class Ending(Silent):
    """Ends an import at its second batch."""

    def __init__(self, error: BaseException) -> None:
        self._error = error
        self._asked = 0

    @override
    def checkpoint(self) -> None:
        self._asked += 1
        if self._asked == 2:
            raise self._error


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "data", DirectReader()) as opened:
        yield opened


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_series(tmp_path_factory.mktemp("in") / "a", _FILES)


def cut_off(library: Library, request: ImportRequest, error: BaseException) -> None:
    with pytest.raises(type(error)):
        Importing(library).run(request, Ending(error))


def left(library: Library) -> tuple[Interrupted, ...]:
    return interrupted_imports(library.catalog)


HELD = """
import sys
from threading import Event
from viewer.app import main
from viewer.services.resuming import Noted

advance = Noted.advance

def advance_and_wait(self, seen, total):
    advance(self, seen, total)
    Event().wait(100)  # for the end, which is not to come too late

if __name__ == "__main__":
    Noted.advance = advance_and_wait
    sys.exit(main())
"""


def test_an_import_whose_process_was_killed_goes_on_where_it_was(
    tmp_path: Path, folder: Path
) -> None:
    data_dir = tmp_path / "data"
    program = [sys.executable, "-c", HELD, "--data-dir", str(data_dir)]
    relative = os.path.relpath(folder, ROOT)
    with (
        Library(data_dir, DirectReader()) as library,
        subprocess.Popen([*program, "import", relative], cwd=ROOT) as process,
    ):
        while not library.catalog.imports.all() or not _seen(library):
            assert process.poll() is None, "it was over before it could be killed"
            time.sleep(0.005)
        assert left(library) == ()  # it lives
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=30)
        (one,) = left(library)
        assert one.request.paths == (ROOT / relative,)
        assert 0 < one.seen < _FILES
        report = Importing(library).run(one.request)
        assert report.imported + report.duplicates == _FILES
        assert report.duplicates >= one.seen
        assert left(library) == ()


def _seen(library: Library) -> int:
    return sum(one.seen for one in library.catalog.imports.all())


@pytest.mark.parametrize(
    "end", [EnvironmentFailure("The disk is full."), Closing(), ValueError("a mistake")]
)
def test_what_the_user_did_not_stop_is_kept(
    library: Library, folder: Path, end: BaseException
) -> None:
    request = ImportRequest((folder,), reference=True, password="sesame")  # noqa: S106
    cut_off(library, request, end)
    (one,) = left(library)
    assert one.request == ImportRequest((folder,), reference=True)
    assert one.seen == 64
    assert b"sesame" not in library.catalog.file.read_bytes()


@pytest.mark.parametrize("end", [Cancelled(), KeyboardInterrupt()])
def test_what_the_user_stopped_is_not(
    library: Library, folder: Path, end: BaseException
) -> None:
    cut_off(library, ImportRequest((folder,)), end)
    assert left(library) == ()


def test_a_finished_import_leaves_nothing(library: Library, folder: Path) -> None:
    Importing(library).run(ImportRequest((folder,)))
    assert left(library) == ()
    assert library.catalog.imports.all() == ()


def test_the_same_import_cut_off_twice_is_offered_once(
    library: Library, folder: Path
) -> None:
    for _ in range(2):
        cut_off(library, ImportRequest((folder,)), Closing())
    assert len(left(library)) == 1


def test_an_import_of_a_folder_above_settles_it(library: Library, folder: Path) -> None:
    cut_off(library, ImportRequest((folder,)), Closing())
    Importing(library).run(ImportRequest((folder.parent,), reference=True))
    assert len(left(library)) == 1  # it was to be copied
    Importing(library).run(ImportRequest((folder.parent,)))
    assert left(library) == ()


def test_another_import_does_not(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    cut_off(library, ImportRequest((folder,)), Closing())
    Importing(library).run(ImportRequest((write_series(tmp_path / "b", 1),)))
    assert len(left(library)) == 1


def test_how_far_it_came_is_said_in_words() -> None:
    request = ImportRequest((Path("/in/a"), Path("/in/b")))
    assert Interrupted("", request, 412, 1200).progress == "412 of about 1,200 files"
    assert Interrupted("", request, 1, 0).progress == "1 file"
    assert Interrupted("", request, 1, 0).origin == f"{Path('/in/a')} and 1 more"


def test_closing_the_window_is_no_wish_to_stop() -> None:
    with closing(Jobs(lambda call: call())) as jobs:
        ends: list[BaseException] = []
        begun: list[bool] = []

        def work(progress: Progress) -> None:
            while True:
                begun.append(True)
                progress.checkpoint()

        jobs.start("Working", work, lambda _: None, ends.append)
        while not begun:
            time.sleep(0.001)
    assert [type(end) for end in ends] == [Closing]
