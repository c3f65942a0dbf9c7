"""`lightbox pixels`: the values of one frame."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from viewer.cli import output
from viewer.cli.options import UsageError, options_of
from viewer.core.errors import ViewerError
from viewer.services.addressing import addressed_file

if TYPE_CHECKING:
    import typer

    from viewer.services.pixel_values import PixelValues


def register(app: "typer.Typer") -> None:
    """Add the command."""
    import typer  # noqa: PLC0415 - the caller has it already

    @app.command()
    def pixels(
        context: typer.Context,
        source: Annotated[
            str, typer.Argument(metavar="FILE|SOP_UID", help="A file, or an image.")
        ],
        frame: Annotated[int, typer.Option(help="Which frame, from 1.")] = 1,
        stored: Annotated[  # noqa: FBT002 - a flag
            bool, typer.Option("--stored", help="Stored values, nothing applied.")
        ] = False,
        out: Annotated[
            Path | None, typer.Option(metavar="F.npy", help="Write a numpy array.")
        ] = None,
    ) -> int:
        """Modality values of one frame (HU, counts, …), or its stored values.

        Modality values come as whole numbers where slope and intercept are whole
        (int16, else int32; uint16 after a modality LUT), otherwise as float64.
        """
        from viewer.services.pixel_values import (  # noqa: PLC0415 - numpy, codecs
            read_values,
        )

        if out is not None and out.suffix.lower() != ".npy":
            raise UsageError("--out must be a numpy array.", hint="--out values.npy")
        options = options_of(context)
        path = addressed_file(source, options.data_dir)
        found = read_values(path, frame, stored=stored)
        if out is not None:
            _save(found, out)
        facts = _facts(found)
        if options.json:
            output.answer_json(facts)
        else:
            output.answer_text("\n".join(_lines(facts)))
        return 0


def _facts(found: "PixelValues") -> dict[str, object]:
    import numpy as np  # noqa: PLC0415 - there already

    values = found.values
    known = values[np.isfinite(values)] if values.dtype.kind == "f" else values
    return {
        "frame": found.frame,
        "frames": found.frames,
        "values": "stored" if found.stored else "modality",
        "shape": list(values.shape),
        "dtype": str(values.dtype),
        "min": known.min().item() if known.size else None,
        "max": known.max().item() if known.size else None,
        "unit": found.unit or None,
        "photometric_interpretation": found.photometric,
        "transfer_syntax_uid": found.transfer_syntax_uid,
        "transfer_syntax": found.transfer_syntax,
        "decoder": found.decoder,
    }


def _lines(facts: dict[str, object]) -> Iterator[str]:
    for name, fact in facts.items():
        shown = " × ".join(map(str, fact)) if isinstance(fact, list) else fact
        yield f"{name.replace('_', ' '):<26}  {'' if shown is None else shown}".rstrip()


def _save(found: "PixelValues", out: Path) -> None:
    import numpy as np  # noqa: PLC0415 - there already

    try:
        with out.open("wb") as file:
            np.save(file, found.values, allow_pickle=False)
    except OSError as error:
        raise ViewerError(
            f"{out} cannot be written.", hint=error.strerror or ""
        ) from error
