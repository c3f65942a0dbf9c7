"""Import as a job, and what is said when it is over."""

from typing import TYPE_CHECKING

from viewer.commands.desk import Desk, Tone

if TYPE_CHECKING:
    from collections.abc import Callable

    from viewer.services.importing import ImportReport, ImportRequest
    from viewer.services.jobs import Progress


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
        tell_import(desk, report)
        if then is not None:
            then(report)

    desk.jobs.start("Importing", work, done, desk.window.failed)


def tell_import(desk: Desk, report: "ImportReport") -> None:
    """Say in one sentence what came of it, with the list of what was not taken in."""
    rows = report_rows(report)
    sentence = f"Imported {_files(report.imported)} in {_studies(report.studies)}."
    if not report.imported:
        sentence = "Nothing new was imported."
    summary = report_summary(report)
    action = None
    if rows:
        action = (
            "Details",
            lambda: desk.window.show_import_report(sentence, summary, rows),
        )
    tone = Tone.WARNING if report.failed or report.conflicts else Tone.GOOD
    desk.window.notice(sentence, tone=tone, hint=summary, action=action)


def report_summary(report: "ImportReport") -> str:
    """The figures that are not nothing, in words."""
    parts = (
        (report.duplicates, "known already"),
        (report.conflicts, "in conflict with a study"),
        (report.not_dicom, "not DICOM"),
        (len(report.failed), "refused"),
    )
    said = [f"{number:,} {words}" for number, words in parts if number]
    return f"{report.seen:,} files seen" + "".join(f", {part}" for part in said) + "."


def report_rows(report: "ImportReport") -> list[tuple[str, str]]:
    """Every file that was not simply taken in, with its reason."""
    refused = [(str(path), reason) for path, reason in report.failed]
    return refused + [(str(path), reason) for path, reason in report.skipped]


def _files(number: int) -> str:
    return "1 file" if number == 1 else f"{number:,} files"


def _studies(number: int) -> str:
    return "1 study" if number == 1 else f"{number:,} studies"
