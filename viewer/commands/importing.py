"""Import as a job, and what is said when it is over."""

from functools import partial
from typing import TYPE_CHECKING

from viewer.commands.desk import Desk, Tone
from viewer.core.counts import counted
from viewer.core.listing import ConflictKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from viewer.services.importing import ImportReport, ImportRequest
    from viewer.services.jobs import Progress

_CONFLICTS = {
    ConflictKind.OTHER_BYTES: "its UID is taken by a file with other content",
    ConflictKind.OTHER_PATIENT: "its study belongs to another patient",
}


def start_import(
    desk: Desk,
    request: "ImportRequest",
    then: "Callable[[ImportReport], None] | None" = None,
) -> None:
    """Import in the background; say what came of it, then call `then`."""

    def work(progress: "Progress") -> "ImportReport":
        from viewer.services.importing import Importing  # noqa: PLC0415 - heavy

        return Importing(desk.library, desk.workers).run(request, progress)

    def done(report: "ImportReport") -> None:
        locked = locked_archives(request.paths, report)
        tell_import(desk, report, locked)
        if then is not None:
            then(report)

    desk.jobs.start("Importing", work, done, desk.window.failed)


def tell_import(
    desk: Desk, report: "ImportReport", locked: "Sequence[Path]" = ()
) -> None:
    """Say in one sentence what came of it, with the list of what was not taken in.

    Where archives are `locked`, the next step is their password instead.
    """
    rows = report_rows(report)
    sentence = (
        f"Imported {counted(report.imported, 'file')} in {_studies(report.studies)}."
    )
    if not report.imported:
        sentence = "Nothing new was imported."
    summary = report_summary(report)
    action: tuple[str, Callable[[], None]] | None = None
    if locked:
        action = ("Give the password…", lambda: desk.window.ask_import(locked))
    elif rows:
        show = partial(desk.window.show_import_report, sentence, summary, rows)
        action = ("Details", show)
    tone = Tone.WARNING if report.failed or report.conflicts else Tone.GOOD
    desk.window.notice(sentence, tone=tone, hint=summary, action=action)


def locked_archives(
    paths: "Sequence[Path]", report: "ImportReport"
) -> "tuple[Path, ...]":
    """Those of the imported archives that a password, or another one, would open."""
    from viewer.services.archives import (  # noqa: PLC0415 - heavy
        NO_PASSWORD,
        WRONG_PASSWORD,
    )

    reasons = (NO_PASSWORD, WRONG_PASSWORD)
    shut = [path for path, why in report.failed if why.startswith(reasons)]
    return tuple(
        path for path in paths if any(label.startswith(str(path)) for label in shut)
    )


def report_summary(report: "ImportReport") -> str:
    """What else was among the files, in words; nothing if they were all taken in."""
    parts = (
        (report.duplicates, "known already"),
        (report.conflicts, "in conflict with a study"),
        (report.not_dicom, "not DICOM"),
        (len(report.failed), "refused"),
    )
    said = [f"{number:,} {words}" for number, words in parts if number]
    return f"{counted(report.seen, 'file')} seen: {', '.join(said)}." if said else ""


def report_rows(report: "ImportReport") -> list[tuple[str, str]]:
    """Every file that was not simply taken in, with its reason."""
    beside = [
        (item.path, f"Kept beside the studies: {_CONFLICTS[item.kind]}.")
        for item in report.conflict_items
    ]
    return [*report.failed, *beside, *report.skipped]


def _studies(number: int) -> str:
    return counted(number, "study", "studies")
