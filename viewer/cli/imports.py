"""`lightbox import`: add files to the catalog."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from viewer.cli import output
from viewer.cli.options import options_of
from viewer.core.counts import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import typer

    from viewer.services.import_report import ImportReport, ImportRequest
    from viewer.services.resuming import Interrupted


def register(app: "typer.Typer") -> None:
    """Add the command."""
    import typer  # noqa: PLC0415 - the caller has it already

    @app.command("import")
    def import_(
        context: typer.Context,
        paths: Annotated[
            list[Path],
            typer.Argument(
                metavar="PATH…",
                help="Files, folders, DICOMDIR, ZIP.",
                readable=False,  # a path that may not be read is named with the rest
            ),
        ],
        reference: Annotated[  # noqa: FBT002 - a flag
            bool, typer.Option("--reference", help="Leave the files where they are.")
        ] = False,
        password: Annotated[
            str | None, typer.Option(help="For encrypted ZIP files.")
        ] = None,
    ) -> int:
        """Add files to the catalog, by copying them or, with --reference, in place.

        A file that cannot be taken is named with its reason and stops nothing.
        """
        # SQLAlchemy and pydicom load only where something is imported.
        from viewer.services.import_report import ImportRequest  # noqa: PLC0415
        from viewer.services.importing import Importing  # noqa: PLC0415
        from viewer.services.library import Library  # noqa: PLC0415
        from viewer.services.resuming import interrupted_imports  # noqa: PLC0415

        options = options_of(context)
        request = ImportRequest(tuple(paths), reference, password)
        with Library(options.data_dir) as library:
            for line in _cut_off(interrupted_imports(library.catalog), request):
                output.tell(line)
            with output.progress("Importing") as bar:
                report = Importing(library).run(request, bar)
        if options.json:
            output.answer_json(_document(report))
        else:
            output.answer_text("\n".join(_lines(report)))
        return 0 if report.complete else 1


def _cut_off(
    interrupted: "Iterable[Interrupted]", request: "ImportRequest"
) -> "Iterator[str]":
    """What is said of imports that did not come to their end."""
    for one in interrupted:
        if one.is_same(request):
            yield f"Going on with an import that was cut off after {one.progress}."
        else:
            yield f"An import was cut off after {one.progress} of {one.origin}."
            yield "Import that again to go on with it."


def _document(report: "ImportReport") -> dict[str, object]:
    return {
        "seen": report.seen,
        "imported": report.imported,
        "duplicates": report.duplicates,
        "not_dicom": report.not_dicom,
        "failed": [refusal._asdict() for refusal in report.failed],
        "skipped": [refusal._asdict() for refusal in report.skipped],
        "conflicts": report.conflicts,
        "conflict_items": [item._asdict() for item in report.conflict_items],
        "studies": report.studies,
        "series": report.series,
        "instances": report.instances,
        "seconds": report.seconds,
    }


def _lines(report: "ImportReport") -> list[str]:
    counts = {
        "imported": report.imported,
        "known already": report.duplicates,
        "kept beside as conflicts": report.conflicts,
        "not DICOM": report.not_dicom,
        "refused": len(report.failed),
    }
    said = ", ".join(f"{number:,} {what}" for what, number in counts.items() if number)
    return [
        f"{counted(report.seen, 'file')} seen{': ' * bool(said)}{said}.",
        *_taken(report),
        *(f"refused   {path}\n          {reason}" for path, reason in report.failed),
        *(
            f"conflict  {path}\n          {kind}"
            for path, kind in report.conflict_items
        ),
        *(
            f"not DICOM {path}\n          {reason}"
            for path, reason in report.skipped
            if report.named_not_dicom
        ),
    ]


def _taken(report: "ImportReport") -> list[str]:
    if not report.instances:
        return []
    are = "It is" if report.instances == 1 else "They are"
    return [
        f"{are} {counted(report.instances, 'image')} of "
        f"{counted(report.series, 'series', 'series')} of "
        f"{counted(report.studies, 'study', 'studies')}, in {report.seconds:.1f} s."
    ]
