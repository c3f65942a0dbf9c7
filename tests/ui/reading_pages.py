"""A reading page over built studies: real decoding, real painting, no catalog."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.commands.desks import RememberingWindow
from viewer.commands.desk import Commands, Desk
from viewer.commands.program import PROGRAM_COMMANDS
from viewer.commands.reading import READING_COMMANDS
from viewer.services.browsing import Browsing
from viewer.services.decoding import Decoding
from viewer.services.edits import Edits
from viewer.services.exchange import Exchange
from viewer.services.jobs import Jobs
from viewer.services.library import Library
from viewer.services.measuring import Measuring
from viewer.services.remote_browsing import RemoteBrowsing
from viewer.services.review_saving import ReviewSaving
from viewer.services.review_session import ReviewSession
from viewer.services.saving import Saving
from viewer.services.screen_colors import ScreenColors
from viewer.services.session import ReadingSession
from viewer.services.settings import SettingsFile
from viewer.services.streaming import Streams
from viewer.services.workers import Workers
from viewer.ui import theme
from viewer.ui.actions import Actions
from viewer.ui.bridge import GuiThread
from viewer.ui.reading import ReadingPage
from viewer.ui.viewport.viewport import ViewportWidget

LEFT = Qt.MouseButton.LeftButton
MIDDLE = Qt.MouseButton.MiddleButton
RIGHT = Qt.MouseButton.RightButton
NO_KEYS = Qt.KeyboardModifier.NoModifier


@contextmanager
def reading_page(
    folder: Path, qapp: QApplication
) -> Iterator[tuple[ReadingPage, Desk, RememberingWindow]]:
    """A page of 1000 × 700 screen pixels, on the screen."""
    theme.apply(qapp, "dark")
    gui, window = GuiThread(), RememberingWindow()
    jobs, workers = Jobs(gui.post), Workers(1)
    library, decoding = Library(folder, workers), Decoding(gui.post, workers)
    session = ReadingSession()
    streams, exchange = Streams(gui.post), Exchange(library, workers, gui.post)
    reviews = ReviewSaving(folder, gui.post, window.failed)
    desk = Desk(
        folder,
        window,
        jobs,
        SettingsFile(folder),
        library,
        workers,
        decoding,
        Browsing(),
        Edits(jobs),
        session,
        Measuring(session, decoding, jobs),
        Saving(session, library, gui.post),
        colors=ScreenColors(),
        streams=streams,
        remote=RemoteBrowsing(library, streams),
        exchange=exchange,
        review=ReviewSession(),
        reviews=reviews,
    )
    commands = Commands()
    for command in (*PROGRAM_COMMANDS, *READING_COMMANDS):
        commands.add(command)
    page = ReadingPage(desk, Actions(commands, desk, gui))
    page.resize(1000, 700)
    page.show()
    yield page, desk, window
    page.close_page()
    page.close()
    reviews.close()
    streams.close()
    exchange.close()
    desk.saving.close()
    decoding.close()
    jobs.close()
    workers.close()
    library.close()
    page.deleteLater()
    qapp.processEvents()


def settle(qtbot: QtBot, page: ReadingPage) -> None:
    """Wait until every visible viewport shows what it should."""
    qtbot.waitUntil(
        lambda: not any(v.frame.waiting for v in page.grid.viewports if v.isVisible()),
    )


def shot(viewport: ViewportWidget) -> QImage:
    """What is on the screen, frame included."""
    return viewport.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def on_screen(page: ReadingPage, viewport: ViewportWidget) -> npt.NDArray[np.uint8]:
    """What the window really has there, however it came about; ``(rows, bytes)``."""
    corner, size = viewport.mapTo(page, QPoint()), viewport.size()
    place = (corner.x(), corner.y(), size.width(), size.height())
    shown = page.screen().grabWindow(page.winId(), *place).toImage()
    shown = shown.convertToFormat(QImage.Format.Format_RGB888)
    line = np.frombuffer(shown.constBits(), np.uint8)
    rows = line.reshape(shown.height(), shown.bytesPerLine())
    return rows[:, : 3 * shown.width()].copy()  # the picture goes, its bytes with it


def grey(image: QImage, x: int, y: int) -> int:
    """The grey of a pixel; fails if it has a colour."""
    colour = image.pixelColor(x, y)
    assert colour.red() == colour.green() == colour.blue()
    return colour.red()


def mouse(
    viewport: ViewportWidget,
    kind: QEvent.Type,
    at: tuple[int, int],
    button: Qt.MouseButton = LEFT,
) -> None:
    """One mouse event, as the window system would send it."""
    point = QPointF(*at)
    moving = kind == QEvent.Type.MouseMove
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else button
    event = QMouseEvent(
        kind,
        point,
        viewport.mapToGlobal(point),
        Qt.MouseButton.NoButton if moving else button,
        held,
        NO_KEYS,
    )
    QApplication.sendEvent(viewport, event)


def drag(
    viewport: ViewportWidget,
    start: tuple[int, int],
    *ways: tuple[int, int],
    button: Qt.MouseButton = LEFT,
) -> None:
    """Press at `start`, move by each way in turn, let go."""
    mouse(viewport, QEvent.Type.MouseButtonPress, start, button)
    at = start
    for right, down in ways:
        at = (at[0] + right, at[1] + down)
        mouse(viewport, QEvent.Type.MouseMove, at, button)
    mouse(viewport, QEvent.Type.MouseButtonRelease, at, button)


def turn_wheel(
    viewport: ViewportWidget,
    eighths: int,
    *,
    keys: Qt.KeyboardModifier = NO_KEYS,
    at: tuple[int, int] = (100, 100),
    sideways: bool = False,
) -> None:
    """Turn the wheel by eighths of a degree, towards the hand when negative."""
    point = QPointF(*at)
    angle = QPoint(eighths, 0) if sideways else QPoint(0, eighths)
    event = QWheelEvent(
        point,
        viewport.mapToGlobal(point),
        QPoint(),
        angle,
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,  # noqa: FBT003 - Qt's own order: not inverted
    )
    QApplication.sendEvent(viewport, event)
