"""A drawing that was refused once was written over its newer self by the next one."""

import queue
from collections.abc import Callable
from dataclasses import replace

from tests.services.reading_studies import to_slices, to_study
from tests.services.test_saving import LINE, Notebook, settle
from viewer.services.saving import Saving
from viewer.services.session import ReadingSession

NEWER = replace(LINE, points=((1, 1), (5, 5)))


def refused_once(
    notebook: Notebook, calls: "queue.Queue[Callable[[], None]]"
) -> tuple[ReadingSession, Saving]:
    """A session whose one drawing could not be kept."""
    session = ReadingSession()
    saving = Saving(session, notebook, calls.put)
    session.open([replace(to_study(to_slices("1.2.1", [0.0])), filed=True)])
    notebook.refuses = True
    session.drawing.keep(LINE)
    settle(saving, calls)
    assert saving.is_unsaved(LINE)
    notebook.refuses = False
    return session, saving


def test_the_next_drawing_keeps_what_was_changed_since() -> None:
    notebook, calls = Notebook(), queue.Queue[Callable[[], None]]()
    session, saving = refused_once(notebook, calls)
    session.drawing.keep(NEWER)
    session.drawing.keep(replace(LINE, uid="two"))  # before the window has heard
    settle(saving, calls)
    assert notebook.kept["one"] == NEWER
    assert not saving.is_unsaved(NEWER)
    saving.close()


def test_what_was_taken_away_since_stays_away() -> None:
    notebook, calls = Notebook(), queue.Queue[Callable[[], None]]()
    session, saving = refused_once(notebook, calls)
    session.drawing.take_away("one")
    session.drawing.keep(replace(LINE, uid="two"))
    settle(saving, calls)
    assert set(notebook.kept) == {"two"}
    saving.close()


def test_the_end_of_the_program_keeps_what_was_changed_since() -> None:
    notebook, calls = Notebook(), queue.Queue[Callable[[], None]]()
    session, saving = refused_once(notebook, calls)
    session.drawing.keep(NEWER)
    saving.close()
    assert notebook.kept == {"one": NEWER}


def test_the_end_of_the_program_tries_what_was_refused_once_more() -> None:
    notebook, calls = Notebook(), queue.Queue[Callable[[], None]]()
    _, saving = refused_once(notebook, calls)
    saving.close()
    assert notebook.kept == {"one": LINE}
