"""A window that only remembers, and an event loop the test turns by hand."""

import queue
from collections.abc import Callable, Sequence
from pathlib import Path

from typing_extensions import override

from viewer.commands.desk import Page, Tone, WindowPort
from viewer.core.identity import SeriesUID
from viewer.core.listing import StudySummary
from viewer.core.peers import Peer
from viewer.services.export_draft import ExportDraft
from viewer.services.export_told import ExportTold
from viewer.services.project_list import ProjectList


class Turns:
    """Stands for the event loop: calls wait here until the test lets them run."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[Callable[[], None]] = queue.Queue()
        self.post = self._waiting.put

    def until(self, happened: Callable[[], object]) -> None:
        """Run what arrives until `happened`; give up after a long time."""
        while not happened():
            self._waiting.get(timeout=120)()


class RememberingWindow(WindowPort):
    """Does nothing and remembers what it was asked for."""

    def __init__(self) -> None:
        self.shown = Page.STUDIES
        self.notices: list[str] = []
        self.actions: list[tuple[str, Callable[[], None]]] = []
        self.errors: list[BaseException] = []
        self.clipboard = ""
        self.tags: list[str] | None = None
        self.calls: list[str] = []
        self.drafts: list[ExportDraft] = []
        self.told: list[ExportTold] = []
        self.is_full = self.is_out = False

    @property
    @override
    def page(self) -> Page:
        return self.shown

    @property
    @override
    def full_screen(self) -> bool:
        return self.is_full

    @property
    @override
    def studies_detached(self) -> bool:
        return self.is_out

    @override
    def show_page(self, page: Page) -> None:
        self.shown = page

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
        self.notices.append(text)
        self.actions += [one for one in (action, otherwise) if one]

    @override
    def failed(self, error: BaseException) -> None:
        self.errors.append(error)

    @override
    def copy_text(self, text: str) -> None:
        self.clipboard = text

    @override
    def set_full_screen(self, *, on: bool) -> None:
        self.is_full = on

    @override
    def detach_studies(self, *, on: bool) -> None:
        self.is_out = on

    @override
    def ask_screen_profile(self) -> None:
        self.calls.append("ask_screen_profile")

    @override
    def ask_tags(
        self, present: Sequence[str], known: Sequence[str]
    ) -> list[str] | None:
        return self.tags

    @override
    def panel_shown(self, name: str) -> bool:
        return True

    @override
    def close(self) -> bool:
        self.calls.append("close")
        return True

    @override
    def focus_search(self) -> None:
        self.calls.append("focus_search")

    @override
    def show_import_report(
        self, sentence: str, summary: str, rows: Sequence[tuple[str, str]]
    ) -> None:
        self.calls.append(f"report of {len(rows)}")

    @override
    def copy_view(self) -> None:
        self.calls.append("copy_view")

    @override
    def save_view(self) -> None:
        self.calls.append("save_view")

    @override
    def toggle_panel(self, name: str) -> None:
        self.calls.append(f"toggle_panel {name}")

    @override
    def show_measures(self) -> None:
        self.calls.append("show_measures")

    @override
    def toggle_theme(self) -> None:
        self.calls.append("toggle_theme")

    @override
    def add_filter(self) -> None:
        self.calls.append("add_filter")

    @override
    def select_all_studies(self) -> None:
        self.calls.append("select_all_studies")

    @override
    def show_palette(self) -> None:
        self.calls.append("show_palette")

    @override
    def show_help(self) -> None:
        self.calls.append("show_help")

    @override
    def show_display_check(self) -> None:
        self.calls.append("show_display_check")

    @override
    def ask_import(self, paths: Sequence[Path] = ()) -> None:
        self.calls.append("ask_import")

    @override
    def ask_open(self) -> None:
        self.calls.append("ask_open")

    @override
    def ask_peers(self) -> None:
        self.calls.append("ask_peers")

    @override
    def ask_send(
        self,
        studies: Sequence[StudySummary],
        series_uid: SeriesUID | None,
        *,
        measurements: bool = False,
    ) -> None:
        what = "measurements" if measurements else series_uid
        self.calls.append(f"ask_send {len(studies)} {what}")

    @override
    def show_transfers(self) -> None:
        self.calls.append("show_transfers")

    @override
    def show_worklist(self) -> None:
        self.calls.append("show_worklist")

    @override
    def ask_export(self, draft: ExportDraft, peers: Sequence[Peer]) -> None:
        self.drafts.append(draft)

    @override
    def show_export_report(self, draft: ExportDraft, told: ExportTold) -> None:
        self.told.append(told)

    @override
    def show_projects(self, projects: ProjectList) -> None:
        self.calls.append(f"show_projects {len(projects.rows)}")

    @override
    def open_folder(self, folder: Path) -> None:
        self.calls.append("open_folder")

    @property
    @override
    def review_middle(self) -> tuple[float, float]:
        return (8.0, 8.0)

    @override
    def back_to_export(self) -> None:
        self.calls.append("back_to_export")
