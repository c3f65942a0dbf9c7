"""The review page over real files: what is drawn on the screen lies in the pixels."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.journeys.written_on import CLIP_SERIES, FRAMES, STUDY, WRITTEN, write_study
from tests.services.import_files import DirectReader
from tests.ui.windows import Start
from viewer.commands.window_port import Page
from viewer.core.boxes import Box
from viewer.core.identity import StudyUID
from viewer.core.review import Reviews, Verdict
from viewer.services.importing import Importing, ImportRequest
from viewer.services.library import Library
from viewer.services.survey import Survey, survey
from viewer.ui.joining import Program

Reviewing = tuple[Program, Survey, list[Reviews]]


@pytest.fixture(scope="module")
def written_on(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the study that has a name in its pixels."""
    folder = tmp_path_factory.mktemp("written")
    source = write_study(folder / "in")
    reader = DirectReader()
    with Library(folder / "data", reader) as library:
        Importing(library, reader).run(ImportRequest((source,)))
    return folder / "data"


@pytest.fixture
def reviewing(start: Start, qtbot: QtBot, written_on: Path) -> Reviewing:
    starting, program = start(written_on)
    program.search.close()  # nothing is proposed but what a test proposes
    found = survey(program.desk.library, [StudyUID(STUDY)])
    kept: list[Reviews] = []
    program.desk.review.begin(found.looks, Reviews(), kept.append)
    starting.window.show_page(Page.REVIEW)
    qtbot.waitUntil(lambda: program.review.canvas.transform is not None)
    return program, found, kept


def on_screen(program: Program, column: float, row: float) -> QPointF:
    """Where a corner of a pixel lies on the canvas, in screen pixels."""
    canvas = program.review.canvas
    assert canvas.transform is not None
    x, y = canvas.transform.to_viewport((column - 0.5, row - 0.5))
    ratio = canvas.devicePixelRatioF()
    return QPointF(x / ratio, y / ratio)


def drag(program: Program, start: QPointF, way: QPointF) -> None:
    """Press the left button, go there in small steps, let go."""
    canvas, left = program.review.canvas, Qt.MouseButton.LeftButton
    QTest.mousePress(canvas, left, pos=start.toPoint())
    for step in range(1, 9):
        place = (start + way * step / 8).toPoint()
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(place),
            QPointF(canvas.mapToGlobal(place)),
            Qt.MouseButton.NoButton,
            left,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(canvas, event)
    QTest.mouseRelease(canvas, left, pos=(start + way).toPoint())


def draw(program: Program, box: Box) -> None:
    start = on_screen(program, box.column, box.row) + QPointF(1, 1)
    end = on_screen(program, box.right, box.bottom) - QPointF(1, 1)
    drag(program, start, end - start)


def test_every_ultrasound_image_is_to_be_looked_at(reviewing: Reviewing) -> None:
    program, found, _ = reviewing
    assert len(found.instances) == len(found.looks) == 3
    assert [look.frames for look in found.looks] == [FRAMES, 1, 1]
    assert list(found.reasons.values()) == [3]
    assert len(found.samples) == 2
    assert program.review.progress.text() == "0 of 2 series reviewed"


def test_a_box_drawn_by_the_mouse_covers_those_pixels(reviewing: Reviewing) -> None:
    program, _, kept = reviewing
    wanted = Box(*WRITTEN)
    draw(program, wanted)
    (box,) = program.desk.review.state.boxes
    for mine, asked in (
        (box.column, wanted.column),
        (box.row, wanted.row),
        (box.right, wanted.right),
        (box.bottom, wanted.bottom),
    ):
        assert abs(mine - asked) <= 1
    assert kept[-1].of_instance


def test_a_box_is_moved_and_made_larger_by_the_mouse(reviewing: Reviewing) -> None:
    program, _, _ = reviewing
    program.desk.review.add(Box(100, 100, 40, 30))
    middle = on_screen(program, 120, 115)
    target = on_screen(program, 140, 125) - middle
    drag(program, middle, target)
    (moved,) = program.desk.review.state.boxes
    assert (moved.column, moved.row) == pytest.approx((120, 110), abs=1)
    assert (moved.width, moved.height) == (40, 30)
    corner = on_screen(program, moved.right, moved.bottom)
    far = on_screen(program, moved.right + 10, moved.bottom + 8) - corner
    drag(program, corner - QPointF(1, 1), far)
    (larger,) = program.desk.review.state.boxes
    assert (larger.width, larger.height) == pytest.approx((50, 38), abs=1)


def test_keys_move_resize_and_remove_the_chosen_box(reviewing: Reviewing) -> None:
    program, _, _ = reviewing
    canvas, review = program.review.canvas, program.desk.review
    program.actions.run("review.add")
    (before,) = review.state.boxes
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    QTest.keyClick(canvas, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    (after,) = review.state.boxes
    assert (after.column, after.row) == (before.column + 1, before.row + 10)
    assert (after.width, after.height) == (before.width + 1, before.height)
    program.actions.run("review.remove")
    assert len(review.state.boxes) == 0
    program.actions.run("review.undo")
    assert list(review.state.boxes) == [after]


def test_a_click_beside_every_box_lets_go(reviewing: Reviewing) -> None:
    program, _, _ = reviewing
    program.desk.review.add(Box(100, 100, 40, 30))
    point = on_screen(program, 40, 200)
    QTest.mouseClick(
        program.review.canvas,
        Qt.MouseButton.LeftButton,
        pos=QPoint(round(point.x()), round(point.y())),
    )
    assert program.desk.review.state.selected is None
    assert len(program.desk.review.state.boxes) == 1


def test_the_preview_is_black_where_the_box_lies(
    reviewing: Reviewing, qtbot: QtBot
) -> None:
    program, _, _ = reviewing
    canvas = program.review.canvas
    box = Box(*WRITTEN)
    assert brightest(program, box) > 150
    program.desk.review.add(box)
    program.desk.review.select(None)
    program.actions.run("review.preview")
    assert brightest(program, box) == 0
    program.actions.run("review.frame_down")
    qtbot.waitUntil(lambda: canvas.transform is not None)
    assert brightest(program, box) == 0  # in every frame
    program.actions.run("review.preview")
    assert brightest(program, box) > 150


def brightest(program: Program, box: Box) -> int:
    """Of the screen pixels inside a box, but for its outline."""
    shot = program.review.canvas.grab().toImage()
    ratio = program.review.canvas.devicePixelRatioF()
    start = on_screen(program, box.column + 2, box.row + 2) * ratio
    end = on_screen(program, box.right - 2, box.bottom - 2) * ratio
    return max(
        shot.pixelColor(x, y).red()
        for x in range(round(start.x()), round(end.x()), 2)
        for y in range(round(start.y()), round(end.y()), 2)
    )


def test_decisions_reach_the_list_and_the_progress(
    reviewing: Reviewing, qtbot: QtBot
) -> None:
    program, found, _ = reviewing
    review = program.desk.review
    assert found.looks[0].series_uid == CLIP_SERIES
    program.actions.run("review.accept")
    assert program.review.progress.text() == "1 of 2 series reviewed"
    qtbot.waitUntil(lambda: program.review.canvas.transform is not None)
    program.desk.review.add(Box(*WRITTEN))
    program.actions.run("review.series")
    assert program.review.progress.text() == "2 of 2 series reviewed"
    said = [review.state.review_of(look).verdict for look in found.looks]
    assert said == [Verdict.REVIEWED] * 3
    head = program.review.list.topLevelItem(1)
    assert head is not None
    words = [child.text(1) for at in range(2) if (child := head.child(at)) is not None]
    assert words == ["1 box", "1 box"]


def test_frames_of_a_clip_are_shown_small_and_chosen(
    reviewing: Reviewing, qtbot: QtBot
) -> None:
    program, _, _ = reviewing
    strip = program.review.strip
    assert strip.isVisible()
    assert strip.numbers == tuple(range(1, FRAMES + 1))
    qtbot.waitUntil(pictured(program))
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(80 * 3, 20))
    assert program.desk.review.state.frame == 4
    program.desk.review.go(1)
    assert not strip.isVisible()


def pictured(program: Program) -> Callable[[], bool]:
    """Whether the strip shows more than black."""

    def shown() -> bool:
        shot = program.review.strip.grab().toImage()
        return shot.pixelColor(40, 30).red() > 5

    return shown


def test_leaving_lets_go_of_the_box_first(reviewing: Reviewing) -> None:
    program, _, _ = reviewing
    program.desk.review.add(Box(100, 100, 40, 30))
    program.actions.run("review.leave")
    assert program.desk.review.state.selected is None
    assert program.desk.window.page is Page.REVIEW
    program.actions.run("review.leave")
    assert program.desk.window.page is not Page.REVIEW
