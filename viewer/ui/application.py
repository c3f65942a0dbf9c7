"""Open the window first, everything else after it has been painted.

Qt alone is on the screen in an eighth of a second; numpy, the catalog and the codecs
take several times that, so they load on another thread while the window stands.
"""

import viewer.ui.sources_unread  # noqa: F401 - before all others

# isort: split

import gc
import importlib
import sys
from threading import Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

from viewer.core.errors import Cancelled, ViewerError
from viewer.services.settings import SettingsFile
from viewer.ui import theme
from viewer.ui.bridge import GuiThread
from viewer.ui.window import Window

if TYPE_CHECKING:
    from viewer.services.opening import WindowRequest
    from viewer.ui.joining import Program
    from viewer.ui.loading import Loaded
    from viewer.ui.shell import Shell


_FOR_SHELL = ("numpy", "viewer.ui.loading", "viewer.ui.port", "viewer.ui.shell")
"""In pieces, so that a window that is closed waits for one of them at most."""

_SWITCH_S = 0.0005
"""How long a thread behind the window may keep the interpreter; Python's own 5 ms would
be waited for several times in one paint."""

_GARBAGE = (20_000, 20, 50)
"""Python's own thresholds look through everything some hundred times an import, and
the hand waits each time."""


def open_window(request: "WindowRequest") -> int:
    """Open the window on `request`; return the exit status when it is closed.

    Raises
    ------
    ViewerError
        If the catalog could not be opened: the window has said so and was closed.
    """
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)  # noqa: S101 - for the type checker
    application.setApplicationName("Lightbox")
    application.setDesktopFileName("lightbox")
    starting = Starting(request, application)
    status = application.exec()
    starting.close()
    if starting.refusal is not None:
        raise starting.refusal
    return status


class Starting(QObject):
    """One run of the window, from the first paint to the last wait.

    Attributes
    ----------
    window : Window
    shell : Shell or None
        What the program is built on; there after the first paint.
    program : Program or None
        Everything that is joined once the catalog is open.
    refusal : ViewerError or None
        Why there will be no program.
    """

    def __init__(self, request: "WindowRequest", application: QApplication) -> None:
        super().__init__()
        sys.setswitchinterval(_SWITCH_S)
        self._request = request
        self._settings = SettingsFile(request.data_dir)
        theme.apply(application, self._settings.value.theme)
        self.window = Window()
        self.shell: Shell | None = None
        self.program: Program | None = None
        self.refusal: ViewerError | None = None
        self._is_left = False
        self._gui = GuiThread()
        self._importing = Thread(target=self._import_shell, name="import-shell")
        self.window.restore_geometry(self._settings.value.window_geometry)
        # One turn of the event loop later the picture is really on the screen.
        self.window.painted.connect(lambda: QTimer.singleShot(0, self._load))
        self.window.closing.connect(self._on_closing)
        self.window.show()

    def close(self) -> None:
        """Stop what runs and wait for it; the window is gone already."""
        program, shell = self.program, self.shell
        self.program = self.shell = None
        if self._importing.ident is not None:
            self._importing.join()
        if program is not None:
            program.close()
        if shell is not None:
            shell.close()

    def _load(self) -> None:
        if not self._is_left:
            self._importing.start()

    def _import_shell(self) -> None:
        """Import what the window needs before the catalog, beside its thread."""
        for name in _FOR_SHELL:
            if self._is_left:
                return
            importlib.import_module(name)
        self._gui.post(self._begin)

    def _begin(self) -> None:
        if self._is_left:
            return
        from viewer.ui.loading import load  # noqa: PLC0415 - just imported
        from viewer.ui.shell import Shell  # noqa: PLC0415

        data_dir = self._request.data_dir
        self.shell = shell = Shell(self._request, self._settings, self.window)
        shell.jobs.submit(
            lambda: load(data_dir, lambda: self._is_left),
            lambda found: self._join(found, shell),
            self._on_refused,
        )

    def _join(self, loaded: "Loaded", shell: "Shell") -> None:
        from viewer.ui.joining import join  # noqa: PLC0415 - after the first paint

        self.program = join(shell, loaded)
        # What stays as long as the window need not be looked through for garbage.
        gc.freeze()
        gc.set_threshold(*_GARBAGE)

    def _on_refused(self, error: BaseException) -> None:
        """The window stays, so that the reason can be read, until it is closed."""
        if self.shell is None:
            return
        if isinstance(error, ViewerError) and not isinstance(error, Cancelled):
            self.refusal = error
        # No command is there yet that could close it from the keyboard.
        QShortcut(QKeySequence("Ctrl+Q"), self.window, self.window.close)
        self.shell.port.failed(error)

    def _on_closing(self) -> None:
        self._is_left = True
        self._settings.change(window_geometry=self.window.geometry_text())
