"""The real window, offscreen, with a hand on the mouse."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override

from viewer.commands.opening import open_studies
from viewer.core.identity import StudyUID
from viewer.services.importing import Importing, ImportRequest
from viewer.services.opening import WindowRequest
from viewer.ui.application import Starting
from viewer.ui.viewport.viewport import ViewportWidget

if TYPE_CHECKING:
    from viewer.ui.joining import Program

_PATIENCE_S = 60.0
_BEAT_MS = 5
SIZE = (1280, 800)


class Stage:
    """One run of the program, with studies in its catalog."""

    def __init__(self, application: QApplication, starting: Starting) -> None:
        self._application = application
        self.starting = starting
        self.program: Program

    def until(self, reached: Callable[[], object]) -> None:
        """Let the program run until something is so, if it is not so yet."""
        if reached():
            return
        # Sleeps between events as the real loop does: one that spins would hold the
        # interpreter that the threads it waits for need.
        wait = QEventLoop.ProcessEventsFlag.WaitForMoreEvents
        end = time.monotonic() + _PATIENCE_S
        beat = QTimer(interval=_BEAT_MS)
        beat.start()
        while not reached():
            self._application.processEvents(wait)
            assert time.monotonic() < end, "the program does not get there"
        beat.stop()

    def take_in(self, folder: Path) -> None:
        """Import a folder."""
        library = self.program.desk.library
        report = Importing(library).run(ImportRequest((folder,)))
        assert report.imported == report.seen, report.failed

    def put_away(self) -> None:
        """Close what is open."""
        self.program.desk.session.close()
        self.until(lambda: not self._first_is_there())

    def forget(self) -> None:
        """Close what is open and drop every decoded frame."""
        self.put_away()
        self.program.desk.decoding._cache.clear()

    def open(self, uid: str) -> ViewportWidget:
        """Have a study opened; the first viewport, painted."""
        open_studies(self.program.desk, [StudyUID(uid)])
        return self.paint_first()

    def paint_first(self) -> ViewportWidget:
        """Wait until the first picture of what is being opened is painted."""
        first = self.program.reading.grid.viewports[0]
        watched = _Painted(first, self._first_is_there)
        self.until(lambda: watched.so_far)
        watched.end()
        return first

    @property
    def viewports(self) -> list[ViewportWidget]:
        """The viewports that can be seen, in their order."""
        found = self.program.reading.findChildren(ViewportWidget)
        return sorted(
            (viewport for viewport in found if viewport.isVisible()),
            key=lambda viewport: viewport.index,
        )

    def _first_is_there(self) -> bool:
        there = self.viewports
        return bool(there) and there[0].frame.painter is not None


@contextmanager
def stage(data_dir: Path) -> Iterator[Stage]:
    """Start the program, and close it as a user does."""
    application = QApplication.instance() or QApplication(["lightbox"])
    assert isinstance(application, QApplication)
    starting = Starting(WindowRequest(data_dir), application)
    starting.window.resize(*SIZE)
    built = Stage(application, starting)
    try:  # where it does not come up, its hooks would keep the reason to themselves
        built.until(lambda: starting.program is not None or starting.refusal)
        assert starting.program is not None, starting.refusal
        built.program = starting.program
        yield built
    finally:
        starting.window.close()
        application.processEvents()
        starting.close()


class _Painted(QObject):
    """Notes that a viewport paints, when something is so.

    It has painted when the turn of the event loop is over in which it was noted.
    """

    def __init__(self, viewport: ViewportWidget, when: Callable[[], bool]) -> None:
        super().__init__()
        self._viewport, self._when = viewport, when
        self.so_far = False
        viewport.installEventFilter(self)

    def end(self) -> None:
        """Look no more."""
        self._viewport.removeEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._when():
            self.so_far = True
        return False


class Blit(QWidget):
    """The limit of painting: pixels that are ready, drawn one to one."""

    def __init__(self, size: tuple[int, int]) -> None:
        super().__init__()
        self.resize(*size)
        width, height = size
        self._pixels = np.zeros((height, width), np.uint8)
        self._image = QImage(
            self._pixels.data, width, height, width, QImage.Format.Format_Grayscale8
        )
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.show()

    def repeat(self, count: int) -> None:
        """Draw them so many times."""
        for _ in range(count):
            self.repaint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawImage(0, 0, self._image)
        painter.end()


def turn_wheel(
    viewport: QWidget,
    notches: int,
    keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """Turn the wheel over the middle of a viewport; down is positive."""
    middle = QPointF(viewport.rect().center())
    event = QWheelEvent(
        middle,
        viewport.mapToGlobal(middle),
        QPoint(),
        QPoint(0, -120 * notches),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,  # noqa: FBT003 - Qt's order
    )
    QApplication.sendEvent(viewport, event)


def mouse(viewport: QWidget, kind: QEvent.Type, right: float, down: float) -> None:
    """Press, move or release the left button, seen from the viewport's middle."""
    place = QPointF(viewport.rect().center()) + QPointF(right, down)
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    moves, ends = kind == QEvent.Type.MouseMove, kind == QEvent.Type.MouseButtonRelease
    event = QMouseEvent(
        kind,
        place,
        viewport.mapToGlobal(place),
        none if moves else left,
        none if ends else left,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(viewport, event)
