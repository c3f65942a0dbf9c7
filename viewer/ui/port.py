"""The window as commands see it: each wish goes to the widget that can fulfil it."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog
from typing_extensions import override

from viewer.commands.importing import start_import
from viewer.commands.opening import open_paths
from viewer.commands.screen import settle_screen_profile
from viewer.commands.sending import send
from viewer.commands.window_port import Page, Tone, WindowPort
from viewer.core.errors import Cancelled, ViewerError
from viewer.services.display_checks import DisplayChecks
from viewer.ui import theme
from viewer.ui.crash import CrashHandler
from viewer.ui.dialogs.import_dialog import ImportDialog, ImportWish
from viewer.ui.dialogs.import_report import ImportReportDialog
from viewer.ui.dialogs.peers import PeersDialog
from viewer.ui.dialogs.send import Offer, Part, SendDialog
from viewer.ui.dialogs.tags import TagsDialog
from viewer.ui.dialogs.transfers import TransfersDialog
from viewer.ui.dialogs.worklist import WorklistDialog
from viewer.ui.display_page import DisplayCheckPage
from viewer.ui.help import Help
from viewer.ui.palette import Palette
from viewer.ui.window import Window

if TYPE_CHECKING:
    from viewer.commands.desk import Desk
    from viewer.core.identity import SeriesUID
    from viewer.core.listing import StudySummary
    from viewer.core.peers import Peer
    from viewer.services.export_draft import ExportDraft
    from viewer.services.export_told import ExportTold
    from viewer.services.project_list import ProjectList
    from viewer.ui.actions import Actions
    from viewer.ui.browser.page import StudiesPage
    from viewer.ui.detached import Detached
    from viewer.ui.export_host import ExportHost
    from viewer.ui.reading import ReadingPage
    from viewer.ui.review.page import ReviewPage

_PROFILES = "ICC profiles (*.icc *.icm);;All files (*)"


class Port(WindowPort):
    """Joins commands and widgets; `join` gives it what is built after it."""

    desk: "Desk"
    actions: "Actions"
    studies: "StudiesPage"
    reading: "ReadingPage"
    review: "ReviewPage"
    exports: "ExportHost"
    detached: "Detached"

    def __init__(self, window: Window, crash: CrashHandler) -> None:
        self._window = window
        self._crash = crash

    # Pages

    @property
    @override
    def page(self) -> Page:
        return self._window.page

    @property
    @override
    def full_screen(self) -> bool:
        return self._window.full_screen

    @property
    @override
    def studies_detached(self) -> bool:
        return self.detached.is_out

    @override
    def show_page(self, page: Page) -> None:
        if page is Page.STUDIES and self.detached.is_out:
            self.detached.to_front()
        else:
            self._window.show_page(page)
        self.actions.refresh()

    @override
    def set_full_screen(self, *, on: bool) -> None:
        self._window.set_full_screen(on=on)

    @override
    def detach_studies(self, *, on: bool) -> None:
        self.detached.set_out(on=on)

    @override
    def toggle_theme(self) -> None:
        other: theme.ThemeName = (
            "dark" if self.desk.settings.value.theme == "light" else "light"
        )
        application = QApplication.instance()
        if isinstance(application, QApplication):
            theme.apply(application, other)
        self.desk.settings.change(theme=other)

    @override
    def toggle_panel(self, name: str) -> None:
        self.reading.toggle_panel(name)

    @override
    def panel_shown(self, name: str) -> bool:
        return self.reading.panel_shown(name)

    @override
    def show_measures(self) -> None:
        self.reading.show_measures()

    @override
    def focus_search(self) -> None:
        self.studies.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.studies.search.selectAll()

    @override
    def add_filter(self) -> None:
        self.studies.filters.open_menu()

    @override
    def select_all_studies(self) -> None:
        self.studies.select_all()

    @override
    def close(self) -> bool:
        return self._window.close()

    # Words

    @override
    def notice(
        self,
        text: str,
        *,
        tone: Tone = Tone.PLAIN,
        hint: str = "",
        action: tuple[str, Callable[[], None]] | None = None,
        otherwise: tuple[str, Callable[[], None]] | None = None,
    ) -> None:
        actions = [one for one in (action, otherwise) if one is not None]
        self._window.notices.show_notice(text, tone, hint, actions)

    @override
    def failed(self, error: BaseException) -> None:
        if isinstance(error, Cancelled):
            return  # the user knows
        if isinstance(error, ViewerError):
            self.notice(error.message, tone=Tone.PROBLEM, hint=error.hint)
        else:
            self._crash.handle(error)

    @override
    def copy_text(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)

    @override
    def copy_view(self) -> None:
        self.reading.copy_view()

    @override
    def save_view(self) -> None:
        self.reading.save_view()

    # Questions

    @override
    def show_palette(self) -> None:
        palette = Palette(self.actions, self._asking())
        palette.show()
        palette.search.setFocus()

    @override
    def show_help(self) -> None:
        _open(Help(self.actions, self._asking()))

    @override
    def show_display_check(self) -> None:
        checks, colors = DisplayChecks(self.desk.data_dir), self.desk.colors.value
        DisplayCheckPage(checks, self._asking(), colors.screen.words).open()

    @override
    def ask_screen_profile(self) -> None:
        kept = self.desk.settings.value
        folder = kept.screen_profile or kept.last_folder or str(Path.home())
        name, _ = QFileDialog.getOpenFileName(
            self._asking(), "Colour profile of the screen", folder, _PROFILES
        )
        if name:
            settle_screen_profile(self.desk, Path(name))

    @override
    def ask_import(self, paths: Sequence[Path] = ()) -> None:
        folder = self.desk.settings.value.last_folder or str(Path.home())
        _open(ImportDialog(paths, folder, self._import, self._asking()))

    @override
    def ask_open(self) -> None:
        folder = self.desk.settings.value.last_folder or str(Path.home())
        names, _ = QFileDialog.getOpenFileNames(self._asking(), "Open", folder)
        if names:
            self._remember(Path(names[0]).parent)
            open_paths(self.desk, [Path(name) for name in names])

    @override
    def ask_tags(
        self, present: Sequence[str], known: Sequence[str]
    ) -> list[str] | None:
        dialog = TagsDialog(present, known, self._asking())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        agreed = dialog.exec() == QDialog.DialogCode.Accepted
        tags = dialog.tags() if agreed else None
        dialog.deleteLater()
        return tags

    @override
    def show_import_report(
        self, sentence: str, summary: str, rows: Sequence[tuple[str, str]]
    ) -> None:
        _open(
            ImportReportDialog(sentence, summary, rows, self.copy_text, self._asking())
        )

    # Peers

    @override
    def ask_peers(self) -> None:
        self._with_peers(lambda peers: PeersDialog(self.desk, peers, self._asking()))

    @override
    def ask_send(
        self,
        studies: "Sequence[StudySummary]",
        series_uid: "SeriesUID | None",
        *,
        measurements: bool = False,
    ) -> None:
        wished = partial(send, self.desk)
        observer = self.desk.settings.value.observer
        part = Part.MEASUREMENTS if measurements else Part.ALL
        offer = Offer(studies, series_uid, observer, part)
        self._with_peers(lambda peers: SendDialog(offer, peers, wished, self._asking()))

    @override
    def show_transfers(self) -> None:
        _open(TransfersDialog(self.desk, self._asking()))

    @override
    def show_worklist(self) -> None:
        self._with_peers(lambda peers: WorklistDialog(self.desk, peers, self._asking()))

    @property
    @override
    def review_middle(self) -> tuple[float, float]:
        return self.review.canvas.middle

    # Export

    @override
    def ask_export(self, draft: "ExportDraft", peers: "Sequence[Peer]") -> None:
        self.exports.ask(draft, peers)

    @override
    def show_export_report(self, draft: "ExportDraft", told: "ExportTold") -> None:
        self.exports.show_report(draft, told)

    @override
    def show_projects(self, projects: "ProjectList") -> None:
        from viewer.ui.dialogs.projects import ProjectsDialog  # noqa: PLC0415 - rare

        _open(ProjectsDialog(self.desk, projects, self._asking()))

    @override
    def open_folder(self, folder: Path) -> None:
        self.exports.open_folder(folder)

    @override
    def back_to_export(self) -> None:
        self.exports.back()

    def _with_peers(self, make: "Callable[[Sequence[Peer]], QDialog]") -> None:
        """Open a dialog that needs to know the peers, once they have been read."""
        every = self.desk.exchange.peers.all
        self.desk.jobs.submit(every, lambda peers: _open(make(peers)), self.failed)

    def take_dropped(self, paths: list[Path], only_open: bool) -> None:  # noqa: FBT001 - a Qt slot
        """Import what was dropped, or only open it where that was asked for."""
        if only_open:
            open_paths(self.desk, paths)
        else:
            self.ask_import(paths)

    def _import(self, wish: ImportWish) -> None:
        from viewer.services.importing import ImportRequest  # noqa: PLC0415 - heavy

        first = wish.paths[0]
        self._remember(first if first.is_dir() else first.parent)
        password = wish.password or None
        start_import(self.desk, ImportRequest(wish.paths, wish.reference, password))

    def _remember(self, folder: Path) -> None:
        self.desk.settings.change(last_folder=str(folder))

    def _asking(self) -> Window:
        return self._window


def _open(dialog: QDialog) -> None:
    """Show a dialog that waits for its answer without holding up the program."""
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
