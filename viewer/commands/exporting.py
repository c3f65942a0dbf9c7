"""Export studies: ask what and how, look at pictures, do it, say what came of it."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.commands.command import Command
from viewer.commands.desk import Desk, DeskCommand, Page, Tone
from viewer.commands.meant import meant_studies
from viewer.core.counts import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from viewer.core.peers import Peer
    from viewer.services.export_draft import ExportDraft
    from viewer.services.export_told import ExportTold
    from viewer.services.jobs import Progress
    from viewer.services.survey import Survey


def _can_export(desk: Desk) -> bool:
    return bool(meant_studies(desk))


def _ask(desk: Desk, *, anonymous: bool) -> None:
    """Ask how what is meant is to be exported."""
    from viewer.services.export_draft import ExportDraft  # noqa: PLC0415 - see below

    _ask_about(desk, ExportDraft(meant_studies(desk), anonymous=anonymous))


def export_again(desk: Desk, draft: "ExportDraft", told: "ExportTold") -> None:
    """Ask anew, so that somebody looks at what stayed because nobody had."""
    _ask_about(desk, replace(draft, unseen=draft.unseen | told.unseen))


def _ask_about(desk: Desk, draft: "ExportDraft") -> None:
    """Find out what there is to choose from, then ask."""
    kept = desk.settings.value.last_export or str(Path.home())

    def work() -> "tuple[ExportDraft, Sequence[Peer]]":
        from viewer.services.export_draft import (  # noqa: PLC0415 - after the first paint
            free_place,
        )
        from viewer.services.projects import Projects  # noqa: PLC0415

        today = datetime.now(UTC).astimezone().date()
        folder = Path(kept) if Path(kept).is_dir() else Path.home()
        place = free_place(folder, draft.packing, today)
        known = {one.name: one.policy for one in Projects(desk.data_dir).all()}
        asked = replace(draft, place=str(place), known=known)
        return asked, desk.exchange.peers.all()

    desk.jobs.submit(
        work, lambda found: desk.window.ask_export(*found), desk.window.failed
    )


def begin_review(desk: Desk, found: "Survey", draft: "ExportDraft") -> None:
    """Show what somebody has to look at; what is said is kept for the project."""
    keep = partial(desk.reviews.keep, draft.project.strip())
    desk.review.begin(found.looks, draft.reviews, keep)
    desk.window.show_page(Page.REVIEW)


def start_export(desk: Desk, draft: "ExportDraft") -> None:
    """Export in the background, prove it, and say what came of it."""
    wish = draft.to_wish()
    if wish.target is not None:
        desk.settings.change(last_export=str(wish.target.absolute().parent))

    def work(progress: "Progress") -> "ExportTold":
        from viewer.services.export_run import run_export  # noqa: PLC0415 - heavy

        return run_export(
            desk.library, desk.workers, wish, progress, change=draft.changes_project
        )

    title = f"Exporting {counted(len(draft.studies), 'study', 'studies')}"
    desk.jobs.start(title, work, partial(tell_export, desk, draft), desk.window.failed)


def tell_export(desk: Desk, draft: "ExportDraft", told: "ExportTold") -> None:
    """Say in one sentence what came of it, with all of it behind a word."""
    tone = Tone.GOOD if told.complete else Tone.WARNING
    if not told.report.exported or told.proven is False:
        tone = Tone.PROBLEM
    stay = len(told.report.withheld)
    withheld = f"{counted(stay, 'image')} stayed here." if stay else ""
    hint = " ".join(part for part in (withheld, told.proof) if part)
    show = partial(desk.window.show_export_report, draft, told)
    folder = told.folder
    open_it = None
    if folder is not None:
        open_it = ("Open folder", partial(desk.window.open_folder, folder))
    desk.window.notice(
        told.sentence,
        tone=tone,
        hint=hint,
        action=("Show", show),
        otherwise=open_it,
    )


EXPORT_COMMANDS: tuple[DeskCommand, ...] = (
    Command(
        "file.export_anonymized",
        "Export anonymized…",
        partial(_ask, anonymous=True),
        enabled=_can_export,
        keys=("Ctrl+Shift+E",),
        menu="File",
        group="export",
        icon="export",
    ),
    Command(
        "file.export",
        "Export…",
        partial(_ask, anonymous=False),
        enabled=_can_export,
        keys=("Ctrl+Alt+E",),
        menu="File",
        group="export",
    ),
)
