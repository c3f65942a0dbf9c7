"""Open the window first, everything else after it has been painted.

Qt alone is on the screen in an eighth of a second; numpy, the catalog and the codecs
take several times that, so they load on another thread while the window stands.
"""

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from viewer.services.logs import close_log, open_log
from viewer.services.settings import SettingsFile
from viewer.ui import theme
from viewer.ui.bridge import GuiThread
from viewer.ui.crash import CrashDialog, CrashHandler
from viewer.ui.port import Port
from viewer.ui.shell import Shell
from viewer.ui.window import Window

if TYPE_CHECKING:
    from viewer.services.jobs import Jobs
    from viewer.services.opening import WindowRequest
    from viewer.ui.joining import Program
    from viewer.ui.loading import Loaded


def open_window(request: "WindowRequest") -> int:
    """Open the window on `request`; return the exit status when it is closed."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)  # noqa: S101 - for the type checker
    application.setApplicationName("Lightbox")
    application.setDesktopFileName("lightbox")
    starting = Starting(request, application)
    status = application.exec()
    starting.close()
    return status


class Starting(QObject):
    """One run of the window, from the first paint to the last wait.

    Attributes
    ----------
    window : Window
    program : Program or None
        Everything that is joined once the catalog is open.
    """

    def __init__(self, request: "WindowRequest", application: QApplication) -> None:
        super().__init__()
        settings = SettingsFile(request.data_dir)
        theme.apply(application, settings.value.theme)
        gui, self.window = GuiThread(self), Window()
        self._crash = CrashHandler(gui.post, self._crash_dialog)
        self.port = Port(self.window, self._crash)
        self._shell = Shell(request, settings, gui, self.window, self.port)
        self._jobs: Jobs | None = None
        self.program: Program | None = None
        self._log = open_log(request.data_dir)
        self._crash.install()
        self.window.restore_geometry(settings.value.window_geometry)
        # One turn of the event loop later the picture is really on the screen.
        self.window.painted.connect(lambda: QTimer.singleShot(0, self._load))
        self.window.closing.connect(self._on_closing)
        self.window.show()

    def close(self) -> None:
        """Stop what runs and wait for it; the window is gone already."""
        if self.program is not None:
            self.program.close()
        elif self._jobs is not None:
            self._jobs.close()
        self._crash.uninstall()
        close_log(self._log)

    def _load(self) -> None:
        from viewer.services.jobs import Jobs  # noqa: PLC0415 - after the first paint
        from viewer.ui.loading import load  # noqa: PLC0415

        self._jobs = jobs = Jobs(self._shell.gui.post)
        data_dir = self._shell.request.data_dir
        jobs.submit(
            lambda: load(data_dir), lambda found: self._join(found, jobs), self._refuse
        )

    def _join(self, loaded: "Loaded", jobs: "Jobs") -> None:
        from viewer.ui.joining import join  # noqa: PLC0415 - after the first paint

        self.program = join(self._shell, loaded, jobs)

    def _refuse(self, error: BaseException) -> None:
        """The catalog cannot be opened: say why, and stay so that it can be read."""
        self.port.failed(error)

    def _crash_dialog(self) -> CrashDialog:
        return CrashDialog(self.port.copy_text, self.window)

    def _on_closing(self) -> None:
        self._shell.settings.change(window_geometry=self.window.geometry_text())
