"""The Studies page in a window of its own, for a second screen."""

from collections.abc import Callable

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from viewer.commands.window_port import Page
from viewer.services.settings import SettingsFile
from viewer.ui import theme
from viewer.ui.actions import Actions
from viewer.ui.browser.page import StudiesPage
from viewer.ui.window import Window

_SIZE = (1100, 760)


class Detached:
    """Moves the Studies page between the main window and one of its own."""

    def __init__(
        self,
        window: Window,
        page: StudiesPage,
        actions: Actions,
        settings: SettingsFile,
    ) -> None:
        self._window = window
        self._page = page
        self._actions = actions
        self._settings = settings
        self._own: _OwnWindow | None = None
        window.closing.connect(self._on_closing)

    @property
    def is_out(self) -> bool:
        """Whether the page stands in its own window."""
        return self._own is not None

    def to_front(self) -> None:
        """Bring the page's own window to the front."""
        if self._own is not None:
            self._own.raise_()
            self._own.activateWindow()
            self._page.setFocus()

    def set_out(self, *, on: bool) -> None:
        """Give the page its own window, or take it back."""
        if on and self._own is None:
            self._move_out()
        elif not on and self._own is not None:
            self._move_back(self._own)
        self._actions.refresh()

    def _move_out(self) -> None:
        self._window.take_page(Page.STUDIES)
        self._page.show_search_here(here=True)
        own = self._own = _OwnWindow(self._page, lambda: self.set_out(on=False))
        saved = self._settings.value.studies_geometry
        if not own.restoreGeometry(QByteArray.fromBase64(saved.encode("ascii"))):
            own.resize(*_SIZE)
        own.show()
        self._page.show()
        self._window.show_page(Page.READING)

    def _move_back(self, own: "_OwnWindow") -> None:
        self._own = None
        geometry = bytes(own.saveGeometry().toBase64().data()).decode("ascii")
        self._window.put_page(Page.STUDIES, self._page)
        self._window.strip.add(self._page.search)
        self._window.show_page(Page.STUDIES)
        own.dismiss()
        self._settings.change(studies_geometry=geometry)

    def _on_closing(self) -> None:
        self.set_out(on=False)


class _OwnWindow(QWidget):
    """Closing it brings the page back; nothing is closed with it."""

    def __init__(self, page: StudiesPage, closed: Callable[[], None]) -> None:
        super().__init__(None, Qt.WindowType.Window)
        theme.set_role(self, "page")
        self.setWindowTitle("Studies – Lightbox")
        self._closed = closed
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(page)

    def dismiss(self) -> None:
        """Go away without a word."""
        self._closed = _nothing
        self.close()
        self.deleteLater()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self._closed()


def _nothing() -> None:
    pass
