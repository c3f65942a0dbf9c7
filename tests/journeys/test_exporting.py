"""From a study with a name in its pixels to an export that is proven, by hand."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pytest
from pydicom import dcmread
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from tests.journeys.test_first_reading import click_menu, press
from tests.journeys.written_on import (
    COLUMNS,
    FRAMES,
    NAME,
    ROWS,
    STUDY,
    WRITTEN,
    write_study,
)
from tests.services.import_files import DirectReader
from tests.ui.windows import Start, windows
from viewer.catalog.catalog import Catalog
from viewer.commands.exporting import start_export
from viewer.commands.window_port import Page
from viewer.core.boxes import Box
from viewer.core.export import Packing
from viewer.core.identity import StudyUID
from viewer.core.review import Review, Reviews, Verdict
from viewer.services.change_table import Fate
from viewer.services.export_draft import ExportDraft
from viewer.services.exporting import Exporting
from viewer.services.importing import Importing, ImportRequest
from viewer.services.library import Library
from viewer.services.projects import Projects
from viewer.services.proving import Proving
from viewer.services.reviewing import KeptReviews
from viewer.services.survey import survey
from viewer.ui.application import Starting
from viewer.ui.dialogs.export_plain import PlainExportDialog
from viewer.ui.dialogs.export_report import ExportReportDialog
from viewer.ui.dialogs.export_wizard import ExportWizard
from viewer.ui.joining import Program

LEFT = Qt.MouseButton.LeftButton
PATIENCE = 120_000
DialogT = TypeVar("DialogT", bound=QDialog)
Pixels = npt.NDArray[np.uint8]


@pytest.fixture
def start(qtbot: QtBot, qapp: QApplication) -> Iterator[Start]:
    with windows(qtbot, qapp) as run:
        yield run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with the study that has a name in its pixels."""
    source = write_study(tmp_path / "in")
    data = tmp_path / "data"
    reader = DirectReader()
    with Library(data, reader) as library:
        Importing(library, reader).run(ImportRequest((source,)))
    return data


SLOW = (
    (Catalog, "filed_series"),
    (Catalog, "search"),
    (Exporting, "run"),
    (KeptReviews, "keep"),
    (KeptReviews, "of"),
    (Library, "instance"),
    (Library, "open_study"),
    (Projects, "all"),
    (Proving, "run"),
)
"""What reads or writes files, asks the catalog or waits for workers."""


@pytest.fixture
def at_work(monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, bool]]:
    """What slow work was done, and whether the window's thread did it."""
    seen: set[tuple[str, bool]] = set()

    def watched(name: str, work: Callable[..., object]) -> Callable[..., object]:
        def run(*args: object, **named: object) -> object:
            of_window = threading.current_thread() is threading.main_thread()
            seen.add((name, of_window))
            return work(*args, **named)

        return run

    for owner, name in SLOW:
        work = watched(f"{owner.__name__}.{name}", getattr(owner, name))
        monkeypatch.setattr(owner, name, work)
    return seen


def opened(kind: type[DialogT], qtbot: QtBot) -> DialogT:
    """The dialog of a kind that is on the screen, once it is."""
    found: list[DialogT] = []

    def look() -> bool:
        every = QApplication.topLevelWidgets()
        found[:] = [one for one in every if isinstance(one, kind) and one.isVisible()]
        return bool(found)

    qtbot.waitUntil(look, timeout=PATIENCE)
    return found[0]


def begin(start: Start, qtbot: QtBot, folder: Path) -> tuple[Starting, Program]:
    """The window with the study selected, and exports that go to a folder beside."""
    starting, program = start(folder)
    program.search.close()  # nothing is proposed: the hand draws every box
    target = folder.parent / "out"
    target.mkdir(exist_ok=True)
    program.desk.settings.change(last_export=str(target))
    qtbot.waitUntil(lambda: program.studies.table.total == 1)
    program.studies.list.selectRow(0)
    return starting, program


def settle_wizard(
    start: Start, qtbot: QtBot, folder: Path
) -> tuple[Starting, Program, ExportWizard]:
    """The wizard at its last step, the second profile chosen."""
    starting, program = begin(start, qtbot, folder)
    click_menu(starting, "File", "file.export_anonymized")
    wizard = opened(ExportWizard, qtbot)
    assert not wizard.main.isEnabled()  # no project yet
    QTest.keyClicks(wizard.place.project, "Livers")
    QTest.mouseClick(wizard.main, LEFT)
    qtbot.waitUntil(lambda: wizard.step == 1, timeout=PATIENCE)
    QTest.mouseClick(wizard.profile.cards["teaching"], LEFT)
    assert wizard.draft.policy.name == "teaching"
    QTest.mouseClick(wizard.main, LEFT)
    return starting, program, wizard


def draw_box(program: Program, box: Box) -> None:
    """Drag over the pixels of a box on the review page."""
    canvas = program.review.canvas
    transform = canvas.transform
    assert transform is not None
    ratio = canvas.devicePixelRatioF()
    corners = ((box.column, box.row), (box.right, box.bottom))
    ends = [transform.to_viewport((x - 0.5, y - 0.5)) for x, y in corners]
    first, last = (QPointF(x / ratio, y / ratio).toPoint() for x, y in ends)
    QTest.mousePress(canvas, LEFT, pos=first)
    for place in (first + (last - first) / 2, last):
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(place),
            QPointF(canvas.mapToGlobal(place)),
            Qt.MouseButton.NoButton,
            LEFT,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(canvas, event)
    QTest.mouseRelease(canvas, LEFT, pos=last)


def pixels_of(path: Path) -> Pixels:
    """All frames of an uncompressed colour image."""
    ds = dcmread(path)
    frames = int(ds.get("NumberOfFrames", 1))
    shape = (frames, ds.Rows, ds.Columns, 3)
    return np.frombuffer(ds.PixelData, np.uint8, int(np.prod(shape))).reshape(shape)


def test_a_name_in_the_pixels_is_found_blackened_and_proven_gone(
    start: Start, qtbot: QtBot, folder: Path, at_work: set[tuple[str, bool]]
) -> None:
    starting, program, wizard = settle_wizard(start, qtbot, folder)
    qtbot.waitUntil(lambda: wizard.attributes.model.rowCount() > 20, timeout=PATIENCE)
    (name,) = [r for r in wizard.attributes.model.rows if r.keyword == "PatientName"]
    assert name.before == NAME
    assert name.fate is Fate.REPLACED
    assert "Basic Profile" in name.rule
    QTest.mouseClick(wizard.main, LEFT)
    assert wizard.step == 3
    assert wizard.pictures.summary.text() == "0 of 3 images go out, 3 stay here."
    assert not wizard.main.isEnabled()

    QTest.mouseClick(wizard.pictures.review, LEFT)
    canvas = program.review.canvas
    qtbot.waitUntil(lambda: canvas.transform is not None, timeout=PATIENCE)
    assert starting.window.page is Page.REVIEW
    assert not wizard.isVisible()
    starting.window.activateWindow()  # offscreen, no window manager does it
    qtbot.waitUntil(starting.window.isActiveWindow)
    canvas.setFocus()
    draw_box(program, Box(*WRITTEN))
    (drawn,) = program.desk.review.state.boxes
    press(Qt.Key.Key_Return)  # the clip
    qtbot.waitUntil(lambda: canvas.transform is not None, timeout=PATIENCE)
    draw_box(program, Box(*WRITTEN))
    press(Qt.Key.Key_A)  # both stills
    assert program.review.progress.text() == "2 of 2 series reviewed"
    program.desk.review.select(None)
    press(Qt.Key.Key_Escape)

    qtbot.waitUntil(wizard.isVisible)
    assert wizard.pictures.summary.text() == "3 of 3 images go out."
    assert wizard.main.text() == "Export 1 study"
    QTest.mouseClick(wizard.main, LEFT)
    shown = starting.window.notices.shown
    said = "3 images exported."
    qtbot.waitUntil(lambda: said in [one.text for one in shown], timeout=PATIENCE)
    (target,) = (one for one in (folder.parent / "out").iterdir() if one.is_dir())
    check_files(target, folder.parent / "in", drawn)
    check_report(starting, qtbot, target)
    every = {f"{owner.__name__}.{name}" for owner, name in SLOW}
    assert {name for name, _ in at_work} == every
    assert not [name for name, of_window in at_work if of_window]
    assert len(KeptReviews(folder).of("Livers").of_series) == 1


def check_files(target: Path, source: Path, drawn: Box) -> None:
    """Nothing tells who it is; the box is black, and all else is as it was."""
    written = sorted(target.rglob("*.dcm"))
    assert len(written) == 3
    words = [*NAME.split("^"), "EM-1964", "LINDSTROM", "Seeblick", "ACC-88123"]
    for file in (one for one in target.rglob("*") if one.is_file()):
        raw = file.read_bytes()
        assert not [word for word in words if word.encode() in raw]
    before, after = pixels_of(source / "0.dcm"), pixels_of(written[0])
    assert after.shape[0] == FRAMES
    rows, columns = slice(drawn.row, drawn.bottom), slice(drawn.column, drawn.right)
    assert before[:, rows, columns].max() > 150
    assert after[:, rows, columns].max() == 0
    rest = np.ones(after.shape[1:3], np.bool_)
    rest[rows, columns] = False
    assert np.array_equal(after[:, rest], before[:, rest])


def check_report(starting: Starting, qtbot: QtBot, target: Path) -> None:
    """The proof stands beside the export, and the dialog says what it found."""
    told = starting.window.notices.shown[-1]
    show = next(one for one in told.findChildren(QPushButton) if one.text() == "Show")
    QTest.mouseClick(show, LEFT)
    dialog = opened(ExportReportDialog, qtbot)
    assert dialog.told.proven
    assert dialog.told.proof_page == target.parent / f"{target.name}-proof.html"
    assert dialog.told.proof_page.is_file()
    assert dialog.told.folder == target
    dialog.copy()
    text = QApplication.clipboard().text()
    assert "Proven: 3 files" in text
    assert NAME.split("^")[0] not in text
    dialog.accept()


def test_who_leaves_the_pictures_comes_back_to_them(
    start: Start, qtbot: QtBot, folder: Path
) -> None:
    starting, program, wizard = settle_wizard(start, qtbot, folder)
    QTest.mouseClick(wizard.main, LEFT)
    qtbot.waitUntil(lambda: wizard.main.text() == "Export 1 study", timeout=PATIENCE)
    qtbot.waitUntil(lambda: "go out" in wizard.pictures.summary.text())
    QTest.mouseClick(wizard.pictures.review, LEFT)
    qtbot.waitUntil(
        lambda: program.review.canvas.transform is not None, timeout=PATIENCE
    )
    program.actions.run("review.withhold")
    program.actions.run("go.studies")  # looks something up meanwhile
    tab = starting.window.strip.findChild(QPushButton, "page.review")
    assert tab is not None
    assert tab.isVisible()
    QTest.mouseClick(tab, LEFT)
    assert starting.window.page is Page.REVIEW
    program.actions.run("review.leave")
    qtbot.waitUntil(wizard.isVisible)
    assert [r.value for r in wizard.pictures.told.stays] == ["not-reviewed", "reviewer"]
    wizard.reject()
    qtbot.waitUntil(lambda: not tab.isVisible())
    assert not any((folder.parent / "out").iterdir())

    program.actions.run("file.export_anonymized")  # what was said is known
    again = opened(ExportWizard, qtbot)
    QTest.keyClicks(again.place.project, "Livers")
    QTest.mouseClick(again.main, LEFT)
    qtbot.waitUntil(lambda: again.step == 1, timeout=PATIENCE)
    assert len(again.draft.reviews.of_instance) >= 1
    again.reject()


def test_what_nobody_has_looked_at_is_reviewed_and_exported_again(
    start: Start, qtbot: QtBot, folder: Path
) -> None:
    starting, program = begin(start, qtbot, folder)
    desk = program.desk
    found = survey(desk.library, [StudyUID(STUDY)])
    sure = Review(COLUMNS, ROWS, (Box(*WRITTEN),), Verdict.REVIEWED)
    reviews = Reviews().with_instance(found.looks[0].sop_instance_uid, sure)
    studies = desk.browsing.state.selected
    target = folder.parent / "out" / "first.zip"
    draft = ExportDraft(
        studies, Packing.ZIP, str(target), project="Livers", reviews=reviews
    )
    desk.reviews.keep("Livers", reviews)
    start_export(desk, draft)
    shown = starting.window.notices.shown
    said = "1 of 3 images exported."
    qtbot.waitUntil(lambda: said in [one.text for one in shown], timeout=PATIENCE)
    assert target.is_file()
    show = next(one for one in shown[-1].findChildren(QPushButton) if one.text())
    QTest.mouseClick(show, LEFT)
    dialog = opened(ExportReportDialog, qtbot)
    assert len(dialog.told.unseen) == 2
    dialog.export_again()
    wizard = opened(ExportWizard, qtbot)
    assert wizard.draft.packing is Packing.ZIP
    assert wizard.place.packing.currentText() == "A ZIP file"
    assert wizard.place.project.currentText() == "Livers"
    assert wizard.draft.place.endswith(".zip")
    assert wizard.draft.place != str(target)
    assert wizard.draft.unseen == dialog.told.unseen
    wizard.reject()


def test_a_place_that_is_taken_is_said_beside_the_field(
    start: Start, qtbot: QtBot, folder: Path
) -> None:
    _, program = begin(start, qtbot, folder)
    program.actions.run("file.export_anonymized")
    wizard = opened(ExportWizard, qtbot)
    QTest.keyClicks(wizard.place.project, "Livers")
    wizard.place.place.setText(str(folder))
    QTest.mouseClick(wizard.main, LEFT)
    wanted = "▲ Something of this name is there already."

    def is_said() -> bool:
        said = wizard.place.findChildren(QLabel)
        return wanted in [one.text() for one in said if one.isVisible()]

    qtbot.waitUntil(is_said, timeout=PATIENCE)
    assert wizard.step == 0
    assert wizard.main.isEnabled()
    wizard.place.place.setText(str(folder / "new"))
    assert not is_said()
    wizard.reject()


def test_an_export_as_it_is_keeps_everything_and_says_so(
    start: Start, qtbot: QtBot, folder: Path
) -> None:
    starting, program = begin(start, qtbot, folder)
    program.actions.run("file.export")
    dialog = opened(PlainExportDialog, qtbot)
    dialog.place.packing.setCurrentIndex(1)  # with DICOMDIR
    QTest.mouseClick(dialog.main, LEFT)
    shown = starting.window.notices.shown
    said = "3 images exported."
    qtbot.waitUntil(lambda: said in [one.text for one in shown], timeout=PATIENCE)
    (target,) = (folder.parent / "out").iterdir()
    assert (target / "DICOMDIR").is_file()
    names = {
        str(dcmread(one, stop_before_pixels=True).PatientName)
        for one in target.rglob("IM*")
    }
    assert names == {NAME}
