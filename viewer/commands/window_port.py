"""What a command may ask of the window, without knowing Qt."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from viewer.core.identity import SeriesUID
    from viewer.core.listing import StudySummary
    from viewer.core.peers import Peer
    from viewer.services.export_draft import ExportDraft
    from viewer.services.export_told import ExportTold
    from viewer.services.project_list import ProjectList


class Page(StrEnum):
    """The pages of the window; also the scopes their keys are heard in."""

    STUDIES = "studies"
    READING = "reading"
    REVIEW = "review"


class Tone(StrEnum):
    """How a notice is meant."""

    PLAIN = "plain"
    GOOD = "good"
    WARNING = "warning"
    PROBLEM = "problem"


class WindowPort(Protocol):
    """The window as commands see it. Only the GUI thread calls it."""

    @property
    def page(self) -> Page:
        """The page the user looks at."""

    @property
    def full_screen(self) -> bool:
        """Whether nothing but the page is on the screen."""

    @property
    def studies_detached(self) -> bool:
        """Whether the Studies page stands in a window of its own."""

    def show_page(self, page: Page) -> None:
        """Bring `page` to the front, and the keyboard into it."""

    def notice(
        self,
        text: str,
        *,
        tone: Tone = Tone.PLAIN,
        hint: str = "",
        action: tuple[str, Callable[[], None]] | None = None,
        otherwise: tuple[str, Callable[[], None]] | None = None,
    ) -> None:
        """Show a sentence for a while; never takes the focus.

        `action` is a word and what it does, offered beside the sentence ("Undo").
        With a second one, `otherwise`, it is a question and stays until it is closed.
        """

    def failed(self, error: BaseException) -> None:
        """Tell a `ViewerError` as a notice; hand anything else to the crash dialog."""

    def copy_text(self, text: str) -> None:
        """Put `text` on the clipboard."""

    def copy_view(self) -> None:
        """Put the picture of the active viewport on the clipboard."""

    def save_view(self) -> None:
        """Ask for a name, then write the picture of the active viewport there."""

    def toggle_panel(self, name: str) -> None:
        """Fold a side panel of the reading page, ``"series"`` or ``"inspector"``."""

    def panel_shown(self, name: str) -> bool:
        """Whether that side panel is unfolded."""

    def show_measures(self) -> None:
        """Unfold the table of measures, with the reasons of the selected one."""

    def set_full_screen(self, *, on: bool) -> None:
        """Fill the screen with the page, or come back."""

    def detach_studies(self, *, on: bool) -> None:
        """Give the Studies page a window of its own, or take it back."""

    def toggle_theme(self) -> None:
        """Change between dark and light."""

    def focus_search(self) -> None:
        """Put the keyboard into the search field of the Studies page."""

    def add_filter(self) -> None:
        """Open the menu that adds a filter to the list of studies."""

    def select_all_studies(self) -> None:
        """Select every study of the list that has been fetched."""

    def show_palette(self) -> None:
        """Offer every command by name."""

    def show_help(self) -> None:
        """Show the keys and what they do."""

    def show_display_check(self) -> None:
        """Fill the screen with patterns to look at it with."""

    def ask_screen_profile(self) -> None:
        """Ask for the file with the colour profile of the screens, and settle it."""

    def ask_import(self, paths: Sequence[Path] = ()) -> None:
        """Ask what to import and how, beginning with `paths`."""

    def ask_open(self) -> None:
        """Ask for a folder or files to read without importing, then open them."""

    def ask_tags(
        self, present: Sequence[str], known: Sequence[str]
    ) -> list[str] | None:
        """Ask for tags; None if the user would rather not."""

    def show_import_report(
        self, sentence: str, summary: str, rows: Sequence[tuple[str, str]]
    ) -> None:
        """Show which files were not taken in, each with its reason."""

    def ask_peers(self) -> None:
        """Let the user describe peers and our listener."""

    def ask_send(
        self,
        studies: "Sequence[StudySummary]",
        series_uid: "SeriesUID | None",
        *,
        measurements: bool = False,
    ) -> None:
        """Ask which peer these studies are for, and what of them, then send it.

        `series_uid` is what is selected within the only one; `measurements` proposes to
        send what was measured.
        """

    def show_transfers(self) -> None:
        """Show the queue of transfers."""

    def show_worklist(self) -> None:
        """Show what is planned today."""

    def ask_export(self, draft: "ExportDraft", peers: "Sequence[Peer]") -> None:
        """Let the user settle an export, step by step, then begin it."""

    def show_export_report(self, draft: "ExportDraft", told: "ExportTold") -> None:
        """Show what came of an export, and what stayed here for which reason."""

    def show_projects(self, projects: "ProjectList") -> None:
        """List the projects of anonymized exports."""

    def open_folder(self, folder: Path) -> None:
        """Show a folder in the desktop's own file manager."""

    @property
    def review_middle(self) -> tuple[float, float]:
        """The image point in the middle of the review page, in pixels."""

    def back_to_export(self) -> None:
        """Leave the review page for the export it belongs to."""

    def close(self) -> bool:
        """Close the window, and with it the program."""
