"""Notice which screen the window is on, and what its colours look like."""

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from viewer.commands.desk import Desk
from viewer.services.screen_colors import Conversions
from viewer.services.screen_profile import ScreenWish, conversions_for


class ScreenWatch(QObject):
    """Tells the desk how colours come to the screen that the window is on.

    Profiles are read and conversions made off this thread; until then sRGB is assumed.
    """

    def __init__(self, window: QWidget, desk: Desk) -> None:
        super().__init__(window)
        self._window, self._desk = window, desk
        self._wish: ScreenWish | None = None
        desk.settings.changed.connect(self._on_settled)
        handle = window.windowHandle()
        if handle is not None:
            handle.screenChanged.connect(self.look)
        self.look()

    def look(self) -> None:
        """Ask what the colours look like, if anything it depends on has changed."""
        wish = ScreenWish(
            self._desk.settings.value.screen_profile,
            QGuiApplication.platformName() == "xcb",
            max(QGuiApplication.screens().index(self._window.screen()), 0),
        )
        if wish == self._wish:
            return
        self._wish = wish
        self._desk.jobs.submit(
            partial(conversions_for, wish),
            partial(self._on_found, wish),
            partial(self._on_failed, wish),
        )

    def _on_settled(self) -> None:
        self.look()

    def _on_found(self, wish: ScreenWish, found: Conversions) -> None:
        if wish == self._wish:
            self._desk.colors.show_on(found)

    def _on_failed(self, wish: ScreenWish, error: BaseException) -> None:
        if wish == self._wish:
            self._desk.colors.show_on(Conversions())
            self._desk.window.failed(error)
