"""What is drawn is on disk as soon as it is drawn, whatever happens next."""

import queue
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydicom.data import get_testdata_file

from tests.services.reading_studies import to_slices, to_study
from viewer.core.annotation import Annotation, Shape
from viewer.core.errors import EnvironmentFailure
from viewer.core.identity import SOPInstanceUID
from viewer.core.listing import StudyQuery
from viewer.services.importing import Importing, ImportRequest
from viewer.services.library import Library
from viewer.services.saving import Saving
from viewer.services.session import ReadingSession
from viewer.services.workers import Workers

ROOT = Path(__file__).parents[2]
IMAGE = SOPInstanceUID("1.2.1.1")
LINE = Annotation("one", IMAGE, 1, Shape.LENGTH, ((1, 1), (9, 9)))


class Notebook:
    """Keeps drawings in memory, or refuses for a reason."""

    def __init__(self) -> None:
        self.kept: dict[str, Annotation] = {}
        self.calls = 0
        self.refuses = False

    def save_annotations(self, drawn: list[Annotation], taken_away: list[str]) -> None:
        """Keep them, or refuse."""
        self.calls += 1
        if self.refuses:
            raise EnvironmentFailure("The disk is full.")
        self.kept.update({one.uid: one for one in drawn})
        for uid in taken_away:
            self.kept.pop(uid, None)


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


@pytest.fixture
def calls() -> "queue.Queue[Callable[[], None]]":
    return queue.Queue()


@pytest.fixture
def session() -> ReadingSession:
    return ReadingSession()


@pytest.fixture
def saving(
    session: ReadingSession,
    notebook: Notebook,
    calls: "queue.Queue[Callable[[], None]]",
) -> Iterator[Saving]:
    made = Saving(session, notebook, calls.put)
    study = to_study(to_slices("1.2.1", [0.0, 1.0]))
    session.open([replace(study, filed=True)])
    yield made
    made.close()


def settle(saving: Saving, calls: "queue.Queue[Callable[[], None]]") -> None:
    saving.wait()
    while not calls.empty():
        calls.get()()


def test_only_what_is_finished_is_saved(
    session: ReadingSession, saving: Saving, notebook: Notebook
) -> None:
    for end in range(2, 9):
        session.drawing.sketch(replace(LINE, points=((1, 1), (end, end))))
    saving.wait()
    assert notebook.calls == 0
    session.drawing.keep(LINE)
    saving.wait()
    assert (notebook.calls, notebook.kept) == (1, {"one": LINE})


def test_undo_and_delete_are_saved_too(
    session: ReadingSession, saving: Saving, notebook: Notebook
) -> None:
    session.drawing.keep(LINE)
    session.drawing.take_away("one")
    saving.wait()
    assert notebook.kept == {}
    session.undo()
    saving.wait()
    assert notebook.kept == {"one": LINE}
    session.undo()
    saving.wait()
    assert notebook.kept == {}


def test_what_could_not_be_saved_is_said_marked_and_tried_again(
    session: ReadingSession,
    saving: Saving,
    notebook: Notebook,
    calls: "queue.Queue[Callable[[], None]]",
) -> None:
    failures: list[BaseException] = []
    saving.failed.connect(failures.append)
    notebook.refuses = True
    session.drawing.keep(LINE)
    settle(saving, calls)
    assert len(failures) == 1
    assert saving.is_unsaved(LINE)
    notebook.refuses = False
    other = replace(LINE, uid="two")
    session.drawing.keep(other)
    settle(saving, calls)
    assert notebook.kept == {"one": LINE, "two": other}
    assert not saving.is_unsaved(LINE)


def test_what_waits_is_saved_before_the_program_ends(
    session: ReadingSession, notebook: Notebook
) -> None:
    saving = Saving(session, notebook, lambda _: None)
    session.open([replace(to_study(to_slices("1.2.1", [0.0])), filed=True)])
    for number in range(20):
        session.drawing.keep(replace(LINE, uid=f"{number}"))
    saving.close()
    assert len(notebook.kept) == 20


def test_opening_a_study_saves_nothing_and_opening_it_again_loses_nothing(
    session: ReadingSession, saving: Saving, notebook: Notebook
) -> None:
    study = to_study(to_slices("1.2.1", [0.0, 1.0]))
    old = replace(study, filed=True, annotations=(LINE,))
    session.close()
    session.open([old])
    assert session.state.drawings == {"one": LINE}
    session.drawing.keep(replace(LINE, uid="two"))
    session.open([old])  # read before the second one was on disk
    assert set(session.state.drawings) == {"one", "two"}
    saving.wait()
    assert (notebook.calls, set(notebook.kept)) == (1, {"two"})


DRAW = """
import os, signal, sys
from pathlib import Path
from viewer.core.annotation import Annotation, Shape
from viewer.services.library import Library
from viewer.services.saving import Saving
from viewer.services.session import ReadingSession
from viewer.core.listing import StudyQuery

library, session = Library(Path(sys.argv[1])), ReadingSession()
saving = Saving(session, library, lambda call: call())
(study,) = library.search(StudyQuery()).items
session.open([library.open_study(study.study_uid)])
uid = session.studies[0].series[0].instances[0].instance.sop_instance_uid
for number in range(int(sys.argv[2])):
    points = ((1.0, 1.0), (9.0, 9.0 + number))
    session.drawing.keep(Annotation(f"{number}", uid, 1, Shape.LENGTH, points))
saving.wait()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_drawings_survive_a_kill_right_after_they_were_saved(tmp_path: Path) -> None:
    file = Path(str(get_testdata_file("CT_small.dcm")))
    data_dir = tmp_path / "data"
    with Workers(1) as workers, Library(data_dir, workers) as library:
        Importing(library, workers).run(ImportRequest((file,)))
    drawn = subprocess.run(
        [sys.executable, "-c", DRAW, str(data_dir), "5"], cwd=ROOT, check=False
    )
    assert drawn.returncode == -signal.SIGKILL
    with Library(data_dir) as library:
        (uid,) = (study.study_uid for study in library.search(StudyQuery()).items)
        found = library.open_study(uid).annotations
        assert [one.uid for one in found] == ["0", "1", "2", "3", "4"]
        assert library.catalog.faults() == ()
