"""An import that was cut off is offered when the window opens."""

from pathlib import Path

import pytest
from pydicom.data import get_testdata_file

from tests.commands.desks import RememberingWindow, Turns
from viewer.catalog.imports import WantedImport
from viewer.commands.desk import Desk
from viewer.commands.interrupted import offer_interrupted

_OFFER = "An import was interrupted: 412 of about 1,200 files."


@pytest.fixture
def offered(desk: Desk, turns: Turns, window: RememberingWindow) -> Desk:
    """The desk after an import of one file died and was offered."""
    path = str(Path(str(get_testdata_file("rtplan.dcm"))))
    died = WantedImport("died", (path,), reference=False, seen=412, total=1200)
    desk.library.catalog.imports.add(died)
    offer_interrupted(desk)
    turns.until(lambda: window.notices)
    assert window.notices == [_OFFER]
    assert [word for word, _ in window.actions] == ["Continue", "Forget"]
    return desk


def test_it_goes_on(offered: Desk, turns: Turns, window: RememberingWindow) -> None:
    _, go_on = window.actions[0]
    go_on()
    assert [job.status.title for job in offered.jobs.running.values()] == ["Importing"]
    turns.until(lambda: len(window.notices) > 1)
    assert window.notices[1] == "Imported 1 file in 1 study."
    assert offered.library.catalog.imports.all() == ()


def test_it_is_forgotten(
    offered: Desk, turns: Turns, window: RememberingWindow
) -> None:
    _, forget = window.actions[1]
    forget()
    turns.until(lambda: not offered.library.catalog.imports.all())
    assert window.notices == [_OFFER]


def test_where_nothing_was_cut_off_nothing_is_said(
    desk: Desk, turns: Turns, window: RememberingWindow
) -> None:
    offer_interrupted(desk)
    one_turn = iter((False, True))
    turns.until(lambda: next(one_turn))
    assert window.notices == []
