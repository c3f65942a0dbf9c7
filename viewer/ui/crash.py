"""What happens when the program made a mistake: it says so, and goes on.

Nothing is lost: what the user did is saved as it is done. The report holds types
and lines of code and nothing of a patient.
"""

import logging
import platform
import sys
import threading
from collections.abc import Callable
from types import TracebackType

from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget

from viewer import __version__
from viewer.services.logs import bug_report
from viewer.ui import theme
from viewer.ui.dialogs.frame import Dialog, note

_log = logging.getLogger(__name__)
_SIZE = (640, 420)
_LINES = 600


class CrashDialog(Dialog):
    """Says what went wrong; more mistakes are added to the one dialog."""

    def __init__(self, copy: Callable[[str], None], parent: QWidget | None) -> None:
        super().__init__("Lightbox made a mistake", "Go on", parent)
        self.resize(*_SIZE)
        self.cancel.hide()
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setMaximumBlockCount(_LINES)  # a mistake in painting comes often
        self._text.setFont(theme.font("mono"))
        button = QPushButton("Copy the report")
        button.setAutoDefault(False)
        button.clicked.connect(lambda: copy(self.report()))
        self.foot.insertWidget(0, button)
        self.add(
            note(
                "Nothing is lost, and you can go on. If something looks odd, close"
                " the study and open it again.",
                "",
            ),
            self._text,
            note("The report holds lines of the program and nothing of a patient."),
        )

    def add_error(self, error: BaseException) -> None:
        """Add one mistake to the report."""
        self._text.appendPlainText(bug_report(error) + "\n")

    def report(self) -> str:
        """What the user can send."""
        place = f"Lightbox {__version__}, Python {platform.python_version()}"
        return f"{place}, {platform.system()}\n\n{self._text.toPlainText()}"


class CrashHandler:
    """Hears of every mistake, on whatever thread, and shows it on the GUI thread.

    Parameters
    ----------
    post : callable
        Brings a call onto the GUI thread.
    show : callable
        Makes the dialog that is shown.
    """

    def __init__(
        self,
        post: Callable[[Callable[[], None]], None],
        show: Callable[[], CrashDialog],
    ) -> None:
        self._post = post
        self._make = show
        self._dialog: CrashDialog | None = None

    def install(self) -> None:
        """Hear of what nobody caught, from now on."""
        sys.excepthook = self._on_uncaught
        threading.excepthook = self._on_thread

    def uninstall(self) -> None:
        """Let Python have its own hooks back."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__

    def handle(self, error: BaseException) -> None:
        """Log a mistake, say and show it; any thread may call it."""
        _log.error("bug", exc_info=error)
        # the window may never come, or be gone already, and its log with it
        if sys.stderr is not None:
            sys.stderr.write(f"Lightbox made a mistake.\n{bug_report(error)}\n")
        self._post(lambda: self._show(error))

    def _on_uncaught(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            self.handle(error)

    def _on_thread(self, uncaught: threading.ExceptHookArgs) -> None:
        if uncaught.exc_value is not None:
            self.handle(uncaught.exc_value)

    def _show(self, error: BaseException) -> None:
        if self._dialog is None:
            self._dialog = self._make()
            self._dialog.finished.connect(self._on_closed)
        self._dialog.add_error(error)
        self._dialog.show()

    def _on_closed(self) -> None:
        self._dialog = None
