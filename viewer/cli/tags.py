"""`lightbox tags`: every attribute of an instance."""

from typing import TYPE_CHECKING, Annotated

from viewer.cli import output
from viewer.cli.options import options_of
from viewer.services.addressing import addressed_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import typer

    from viewer.core.attribute_row import AttributeRow

_SHOWN = 120  # characters of a value; --json has them all


def register(app: "typer.Typer") -> None:
    """Add the command."""
    import typer  # noqa: PLC0415 - the caller has it already

    @app.command()
    def tags(
        context: typer.Context,
        source: Annotated[
            str, typer.Argument(metavar="FILE|SOP_UID", help="A file, or an instance.")
        ],
    ) -> int:
        """Every attribute: tag, VR, name and value; with --json the DICOM JSON model.

        In JSON, pixels and long binary values are given by their place in the file
        (BulkDataURI "#TAG?offset=…&length=…").
        """
        options = options_of(context)
        path = addressed_file(source, options.data_dir)
        from viewer.services.workers import Workers  # noqa: PLC0415 - only here

        with Workers(1) as workers:
            if options.json:
                output.answer_json(workers.telling.model(path))
            else:
                rows = _cells(workers.telling.rows(path))
                output.answer_table(("tag", "VR", "name", "value"), rows)
        return 0


def _cells(rows: "Iterable[AttributeRow]") -> "Iterator[tuple[str, str, str, str]]":
    for row in rows:
        value = " ".join(row.value.split())
        shown = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
        yield "  " * row.depth + row.tag, row.vr, row.name, shown
