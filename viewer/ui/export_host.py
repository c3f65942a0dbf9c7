"""The dialogs of an export, and the wizard that waits while pictures are reviewed."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QWidget

from viewer.commands.desk import Desk, Page
from viewer.core.peers import Peer
from viewer.services.export_draft import ExportDraft
from viewer.services.export_told import ExportTold
from viewer.ui.dialogs.export_plain import PlainExportDialog
from viewer.ui.dialogs.export_report import ExportReportDialog
from viewer.ui.dialogs.export_wizard import ExportWizard


class ExportHost:
    """Opens them over the window; at most one wizard lives at a time."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        self._desk, self._window = desk, window
        self._wizard: ExportWizard | None = None

    def ask(self, draft: ExportDraft, peers: Sequence[Peer]) -> None:
        """Ask how these studies are to be exported."""
        self._leave()
        if not draft.anonymous:
            PlainExportDialog(self._desk, draft, peers, self._window).open()
            return
        wizard = self._wizard = ExportWizard(self._desk, draft, peers, self._window)
        wizard.finished.connect(self._on_finished)
        wizard.open()

    def back(self) -> None:
        """Come back to the wizard from the pictures, or to the studies without one."""
        reviews = self._desk.review.state.reviews
        self._desk.window.show_page(Page.STUDIES)
        if self._wizard is not None:
            self._wizard.take_reviews(reviews)

    def show_report(self, draft: ExportDraft, told: ExportTold) -> None:
        """Show what came of an export."""
        ExportReportDialog(self._desk, draft, told, self._window).open()

    def open_folder(self, folder: Path) -> None:
        """Let the desktop show a folder or a page."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _leave(self) -> None:
        """Another export is asked for: the one that waited is given up."""
        if self._wizard is not None:
            self._wizard.done(QDialog.DialogCode.Rejected)

    def _on_finished(self, _: int) -> None:
        wizard, self._wizard = self._wizard, None
        if wizard is not None:
            wizard.deleteLater()  # hidden while pictures are reviewed, it is not closed
        self._desk.review.end()
        if self._desk.window.page is Page.REVIEW:
            self._desk.window.show_page(Page.STUDIES)
