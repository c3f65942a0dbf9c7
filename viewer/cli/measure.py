"""`lightbox measure`: what the window's measuring tools say, for scripts."""

from typing import TYPE_CHECKING, Annotated

from viewer.cli import output
from viewer.cli.options import UsageError, options_of
from viewer.core.annotation import POINTS, Shape
from viewer.services.addressing import addressed_file

if TYPE_CHECKING:
    import typer

    from viewer.core.measurement import Measurement
    from viewer.core.view import Point


def register(app: "typer.Typer") -> None:
    """Add the command."""
    import typer  # noqa: PLC0415 - the caller has it already

    @app.command()
    def measure(  # noqa: PLR0913, PLR0917 - a command's options
        context: typer.Context,
        shape: Annotated[Shape, typer.Argument(help="What is measured.")],
        source: Annotated[
            str, typer.Argument(metavar="FILE|SOP_UID", help="A file, or an image.")
        ],
        points: Annotated[
            list[str],
            typer.Option(
                metavar="X,Y …",
                help="Column and row, (0, 0) is the centre of the first pixel. "
                "Length: both ends. Angle: end, vertex, end. Rectangle, ellipse: two "
                "opposite corners. Probe: the pixel. Before a minus sign write "
                "--points=-1,2.",
            ),
        ],
        more: Annotated[list[str] | None, typer.Argument(hidden=True)] = None,
        frame: Annotated[int, typer.Option(help="Which frame, from 1.")] = 1,
    ) -> int:
        """Length, angle, statistics or value of pixels, with the reasons for it."""
        from viewer.services.measure_file import (  # noqa: PLC0415 - numpy, codecs
            measure_file,
        )

        options = options_of(context)
        placed = [_point(word) for word in (*points, *(more or ()))]
        if len(placed) != POINTS[shape]:
            wanted = f"{POINTS[shape]} point{'s' * (POINTS[shape] > 1)}"
            raise UsageError(
                f"measure {shape} takes {wanted}, not {len(placed)}.",
                hint="lightbox measure --help",
            )
        path = addressed_file(source, options.data_dir)
        found = measure_file(path, frame, shape, placed)
        if options.json:
            output.answer_json(_document(found))
        else:
            output.answer_text(_text(found))
        return 0


def _point(word: str) -> "Point":
    """Column and row of ``"12.5,7"``."""
    try:
        column, row = (float(number) for number in word.split(","))
    except ValueError as error:
        hint = "A point is written as COLUMN,ROW: 12.5,7"
        raise UsageError(f"{word} is no point.", hint=hint) from error
    return column, row


def _document(found: "Measurement") -> dict[str, object]:
    drawn = found.annotation
    return {
        "shape": drawn.shape,
        "sop_instance_uid": drawn.sop_instance_uid,
        "frame": drawn.frame,
        "points": drawn.points,
        "values": {
            one.name: {"value": one.value, "unit": one.unit or None}
            for one in found.quantities
        },
        "text": found.colour or None,
        "caution": found.caution or None,
        "because": found.because,
    }


def _text(found: "Measurement") -> str:
    from viewer.core.measurement_text import because_text  # noqa: PLC0415 - numpy

    caution = f"Beware: {found.caution}\n" if found.caution else ""
    return caution + because_text(found)
