"""What stands before the catalog is open: the window and what it needs."""

from viewer.services.jobs import Jobs
from viewer.services.logs import close_log, open_log
from viewer.services.opening import WindowRequest
from viewer.services.settings import SettingsFile
from viewer.ui.bridge import GuiThread
from viewer.ui.crash import CrashDialog, CrashHandler
from viewer.ui.port import Port
from viewer.ui.window import Window


class Shell:
    """The empty window, the way to its thread, and what hears of mistakes."""

    def __init__(
        self, request: WindowRequest, settings: SettingsFile, window: Window
    ) -> None:
        self.request = request
        self.settings = settings
        self.window = window
        self.gui = GuiThread()
        self.crash = CrashHandler(self.gui.post, self._crash_dialog)
        self.port = Port(window, self.crash)
        self._log = open_log(request.data_dir)
        self.crash.install()
        self.jobs = Jobs(self.gui.post)

    def close(self) -> None:
        """Wait for what runs, then be deaf."""
        self.jobs.close()
        self.crash.uninstall()
        close_log(self._log)

    def _crash_dialog(self) -> CrashDialog:
        return CrashDialog(self.port.copy_text, self.window)
