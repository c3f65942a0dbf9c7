"""The main window: a strip, its pages, the jobs at its foot, notices over it.

It is shown before the program has loaded anything else; the pages are put in when
the catalog is open.
"""

from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from viewer.commands.window_port import Page
from viewer.ui import theme
from viewer.ui.notices import Notices
from viewer.ui.strip import Strip

_TITLES = {page: f"{page.capitalize()} – Lightbox" for page in Page}


class Window(QMainWindow):
    """The program's window.

    Signals
    -------
    painted : ()
        The window was on the screen for the first time.
    page_changed : (Page)
    full_screen_changed : (bool)
    paths_dropped : (list of Path, bool)
        Files or folders, and whether they are to be opened without importing.
    closing : ()
        Emitted once, before the window goes.
    """

    painted = Signal()
    page_changed = Signal(object)
    full_screen_changed = Signal(bool)
    paths_dropped = Signal(list, bool)
    closing = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Lightbox")
        self.setMinimumSize(800, 520)
        self.setAcceptDrops(True)
        self.strip = Strip()
        self._pages = QStackedWidget()
        self._foot = QVBoxLayout()
        body = QWidget()
        theme.set_role(body, "page")
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.strip)
        layout.addWidget(self._pages, 1)
        layout.addLayout(self._foot)
        self.setCentralWidget(body)
        self.notices = Notices(body)
        self._page_of: dict[Page, QWidget] = {}
        self.strip.installEventFilter(self)

    @property
    def page(self) -> Page:
        """The page in front."""
        current = self._pages.currentWidget()
        found = (page for page, one in self._page_of.items() if one is current)
        return next(found, Page.STUDIES)

    @property
    def full_screen(self) -> bool:
        """Whether the page fills the screen."""
        return self.isFullScreen()

    def put_page(self, page: Page, widget: QWidget) -> None:
        """Give the window one of its pages."""
        self._page_of[page] = widget
        self._pages.addWidget(widget)

    def take_page(self, page: Page) -> QWidget:
        """Take a page out, to show it elsewhere; `put_page` brings it back."""
        widget = self._page_of.pop(page)
        self._pages.removeWidget(widget)
        return widget

    def put_foot(self, widget: QWidget) -> None:
        """Give the window the bar at its foot."""
        self._foot.addWidget(widget)

    def show_page(self, page: Page) -> None:
        """Bring `page` to the front, and the keyboard into it."""
        if page not in self._page_of:
            return
        self._pages.setCurrentWidget(self._page_of[page])
        self.strip.show_page(page)
        self.setWindowTitle(_TITLES[page])
        self._page_of[page].setFocus(Qt.FocusReason.OtherFocusReason)
        self.page_changed.emit(page)

    def set_full_screen(self, *, on: bool) -> None:
        """Fill the screen with the page, or come back to what was."""
        if on == self.isFullScreen():
            return
        self.strip.setVisible(not on)
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        self.full_screen_changed.emit(on)

    def geometry_text(self) -> str:
        """Where the window stands, as the settings keep it."""
        return bytes(self.saveGeometry().toBase64().data()).decode("ascii")

    def restore_geometry(self, text: str) -> None:
        """Stand where the window stood, or somewhere sensible."""
        saved = QByteArray.fromBase64(text.encode("ascii", "ignore"))
        if not text or not self.restoreGeometry(saved):
            room = self.screen().availableGeometry().size()
            self.resize(room.boundedTo(room * 0.9) if room.width() > 1440 else room)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.strip.removeEventFilter(self)
            self.painted.emit()
        return super().eventFilter(watched, event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.notices.place()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.strip.setVisible(not self.isFullScreen())

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        paths = [
            Path(url.toLocalFile())
            for url in event.mimeData().urls()
            if url.isLocalFile()
        ]
        event.acceptProposedAction()
        only_open = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self.paths_dropped.emit(paths, only_open)
