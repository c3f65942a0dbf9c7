"""The page around the images follows the session, and changes it only by the hand."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydicom.data import get_testdata_file
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from tests.commands.desks import RememberingWindow
from tests.services.reading_studies import BONE, SOFT, to_slices, to_study
from tests.services.studies_on_disk import with_pixels
from tests.ui.reading_pages import reading_page, settle
from viewer.commands.desk import Desk
from viewer.core.grayscale import Window
from viewer.core.layout import Layout
from viewer.core.opened import OpenSeries
from viewer.core.stacks import Fault, FaultKind
from viewer.services.reading_state import FromFile
from viewer.ui.panels.layout_picker import LayoutPicker
from viewer.ui.reading import ReadingPage

Opened = tuple[ReadingPage, Desk, RememberingWindow]


@pytest.fixture
def page(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Opened]:
    """A page with two series of one study."""
    with reading_page(tmp_path, qapp) as (made, desk, window):
        desk.session.open([to_study(*_series(tmp_path))])
        settle(qtbot, made)
        qtbot.waitUntil(made.toolbar.windows.isEnabled)
        yield made, desk, window


def _series(folder: Path) -> tuple[OpenSeries, OpenSeries]:
    positions = [float(z) for z in range(8)]
    fault = Fault(FaultKind.MISSING, "gap after image 3: 1 image missing")
    thin = to_slices("1.2.1", positions)
    faulty = replace(thin, stacks=(replace(thin.stacks[0], faults=(fault,)),))
    coronal = to_slices("1.2.2", positions, orientation="coronal")
    return with_pixels(faulty, folder), with_pixels(coronal, folder)


def test_without_a_study_the_page_says_what_to_do(
    tmp_path: Path, qapp: QApplication
) -> None:
    with reading_page(tmp_path, qapp) as (made, _, _):
        assert not made.grid.isVisible()
        assert not made.toolbar.windows.isEnabled()


def test_the_strip_lists_every_stack_with_its_picture_and_its_faults(
    page: Opened, qtbot: QtBot
) -> None:
    made, _, _ = page
    rows = made.strip.rows.rows
    assert [row.title for row in rows] == ["1 · CT", "2 · CT"]
    assert [row.count for row in rows] == ["8 images", "8 images"]
    assert rows[0].faults == ("gap after image 3: 1 image missing",)
    qtbot.waitUntil(
        lambda: all(isinstance(made.strip.rows.picture(r), QImage) for r in rows)
    )


def test_a_click_in_the_strip_shows_the_stack_in_the_active_viewport(
    page: Opened,
) -> None:
    made, desk, _ = page
    place = made.strip.visualRect(made.strip.rows.index(1)).center()
    QTest.mouseClick(made.strip.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert desk.session.state.viewports[0].stack_id == "1.2.2#0"
    assert desk.session.state.active == 0


def test_the_keyboard_stays_with_the_images_after_a_click_in_the_strip(
    page: Opened,
) -> None:
    made, desk, _ = page
    made.setFocus()
    place = made.strip.visualRect(made.strip.rows.index(1)).center()
    QTest.mouseClick(made.strip.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.keyClick(made, Qt.Key.Key_Down)
    assert desk.session.state.viewports[0].image == 1


def test_folded_panels_are_remembered(page: Opened) -> None:
    made, desk, _ = page
    made.toggle_panel("series")
    made.toggle_panel("inspector")
    assert not made.strip.isVisible()
    assert not made.inspector.isVisible()
    assert desk.settings.value.strip_folded
    assert desk.settings.value.inspector_folded
    made.toggle_panel("series")
    assert made.strip.isVisible()


def test_a_folded_section_is_remembered(page: Opened) -> None:
    made, desk, _ = page
    section = next(s for s in made.inspector.sections if s.name == "image")
    section.heading.click()
    assert desk.settings.value.inspector_sections_folded == ("image",)
    assert not section.body.isVisible()


def test_the_inspector_says_how_the_image_is_windowed(
    page: Opened, qtbot: QtBot
) -> None:
    made, desk, _ = page
    section = made.inspector.window_section
    qtbot.waitUntil(lambda: section.width_box.value() == SOFT.width)
    desk.session.choose_window(BONE)
    qtbot.waitUntil(lambda: section.width_box.value() == BONE.width)
    assert section.center_box.value() == BONE.center


def test_a_number_in_the_inspector_windows_the_series(
    page: Opened, qtbot: QtBot
) -> None:
    made, desk, _ = page
    section = made.inspector.window_section
    qtbot.waitUntil(lambda: section.width_box.value() == SOFT.width)
    section.width_box.setValue(90)
    assert made.active.voi == Window(SOFT.center, 90)
    desk.session.undo()
    assert made.active.voi == SOFT


def test_a_row_of_the_inspector_chooses_a_window(page: Opened, qtbot: QtBot) -> None:
    made, desk, _ = page
    offers = made.inspector.window_section.offers
    qtbot.waitUntil(lambda: offers.topLevelItemCount() > 1)
    item = offers.topLevelItem(1)
    assert item is not None
    offers.itemClicked.emit(item, 0)
    stack = desk.session.stack
    assert stack is not None
    assert desk.session.choice(stack) == FromFile(1)


def test_dragging_in_the_histogram_moves_the_window_in_one_step(
    page: Opened, qtbot: QtBot
) -> None:
    made, desk, _ = page
    plot = made.inspector.window_section.plot
    desk.session.choose_window(Window(30, 20))
    qtbot.waitUntil(lambda: made.inspector.window_section.width_box.value() == 20)
    qtbot.waitUntil(lambda: plot._histogram is not None)  # when the wheel rests
    middle = QPointF(plot.width() / 2, 20)
    for kind, right in (
        (QEvent.Type.MouseButtonPress, 0),
        (QEvent.Type.MouseMove, 20),
        (QEvent.Type.MouseMove, 60),
        (QEvent.Type.MouseButtonRelease, 60),
    ):
        at = middle + QPointF(right, 0)
        button = Qt.MouseButton.LeftButton
        moving = kind == QEvent.Type.MouseMove
        none = Qt.MouseButton.NoButton
        keys = Qt.KeyboardModifier.NoModifier
        event = QMouseEvent(
            kind, at, plot.mapToGlobal(at), none if moving else button, button, keys
        )
        QApplication.sendEvent(plot, event)
    moved = made.active.voi
    assert isinstance(moved, Window)
    assert (moved.width, moved.center > 30) == (20, True)
    desk.session.undo()
    assert made.active.voi == Window(30, 20)


def test_the_view_is_copied_as_it_is_seen(page: Opened) -> None:
    made, _, window = page
    made.copy_view()
    copied = QGuiApplication.clipboard().image()
    assert (copied.width(), copied.height()) == made.active.device_size
    assert window.notices == ["The view is on the clipboard."]


def test_the_view_is_saved_where_the_user_says(
    page: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, _, window = page
    target = tmp_path / "picture"
    answer = (str(target), "Pictures (*.png)")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: answer)
    made.save_view()
    saved = QImage(str(target.with_suffix(".png")))
    assert (saved.width(), saved.height()) == made.active.device_size
    assert window.notices == ["Saved as picture.png."]


def test_a_picture_that_cannot_be_written_is_told(
    page: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, _, window = page
    answer = (str(tmp_path / "missing" / "picture.png"), "Pictures (*.png)")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: answer)
    made.save_view()
    assert [str(error) for error in window.errors] == [
        "The picture could not be written."
    ]


def test_two_patients_on_the_screen_are_never_unnoticed(
    page: Opened, tmp_path: Path, qtbot: QtBot
) -> None:
    made, desk, _ = page
    first, second = _series(tmp_path)
    other = to_study(second, uid="1.3", patient_id="P2")
    desk.session.open([to_study(first), other])
    desk.session.set_layout(Layout(1, 2))
    desk.session.show(next(s.id for s in desk.session.stacks if s.study is other), 1)
    settle(qtbot, made)
    qtbot.waitUntil(lambda: "2 patients" in made.patient.warning.text())


def test_a_cine_goes_on_by_itself_and_stops(page: Opened, qtbot: QtBot) -> None:
    made, desk, _ = page
    desk.session.toggle_playing()
    seen: set[int] = set()

    def went_round() -> bool:
        seen.add(desk.session.state.viewport.image)
        return len(seen) == 8

    qtbot.waitUntil(went_round)
    desk.session.toggle_playing()
    image = desk.session.state.viewport.image
    qtbot.wait(200)
    assert desk.session.state.viewport.image == image
    settle(qtbot, made)


def test_drawing_a_layout_chooses_it(qtbot: QtBot) -> None:
    picker = LayoutPicker(Layout(1, 1))
    qtbot.addWidget(picker)
    picker.resize(picker.sizeHint())
    picked: list[Layout] = []
    picker.picked.connect(picked.append)
    QTest.keyClick(picker, Qt.Key.Key_Right)
    QTest.keyClick(picker, Qt.Key.Key_Down)
    QTest.keyClick(picker, Qt.Key.Key_Right)
    QTest.keyClick(picker, Qt.Key.Key_Return)
    assert picked == [Layout(2, 3)]


def test_every_attribute_of_the_image_can_be_found(
    tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    path = Path(str(get_testdata_file("CT_small.dcm")))
    with reading_page(tmp_path, qapp) as (made, desk, window):
        desk.session.open(desk.library.open_files([path]))
        settle(qtbot, made)
        section = made.inspector.attributes
        qtbot.waitUntil(lambda: section.model.rowCount() > 50)
        section.search.setText("00180060")
        assert [row.name for row in section.model.rows] == ["KVP"]
        section.search.setText("kvp 120")
        assert len(section.model.rows) == 1
        section.table.selectAll()
        section.table.setFocus()
        QTest.keyClick(section.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        assert window.clipboard == "(0018,0060)\tDS\tKVP\t120"
        section.search.setText("nothing is called this")
        assert section.model.rowCount() == 0


def test_full_screen_leaves_the_images_alone_and_brings_everything_back(
    page: Opened, qtbot: QtBot
) -> None:
    made, _, _ = page
    made.show_only_images(on=True)
    beside = (made.patient, made.toolbar, made.strip, made.inspector)
    qtbot.waitUntil(lambda: not any(widget.isVisible() for widget in beside))
    assert made.grid.width() == made.width()
    made.show_only_images(on=False)
    qtbot.waitUntil(lambda: all(widget.isVisible() for widget in beside))


def test_what_is_typed_into_a_field_does_not_reach_the_images(
    page: Opened, qtbot: QtBot
) -> None:
    made, desk, _ = page
    made.activateWindow()
    desk.session.choose_window(BONE)
    desk.session.go_to(3)
    before = desk.session.state
    box = made.inspector.window_section.width_box
    qtbot.waitUntil(lambda: box.value() == BONE.width)
    search = made.inspector.attributes.search
    search.setFocus()
    QTest.keyClicks(search, "whi19")
    QTest.keyClick(search, Qt.Key.Key_Escape)
    assert search.text() == ""
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert desk.session.state == before


@pytest.mark.parametrize(
    ("keys", "command"),
    [
        ("PgDown", "image.on_ten"),
        ("Shift+Down", "image.on_ten"),
        ("End", "image.last"),
        ("Tab", "viewport.next"),
        ("]", "image.turn_right"),
        ("=", "image.fit"),
        ("Shift+1", "window.next_of_file"),
        ("Space", "view.text"),
        ("Ctrl+Shift+Z", "reading.redo"),
    ],
)
def test_the_keys_radiologists_know_are_the_commands(
    page: Opened, keys: str, command: str
) -> None:
    made, _, _ = page
    action = next(a for a in made.actions() if a.objectName() == command)
    assert keys in [shortcut.toString() for shortcut in action.shortcuts()]
