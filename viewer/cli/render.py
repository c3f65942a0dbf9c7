"""`lightbox render`: the picture of one image as a PNG."""

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from viewer.cli import output
from viewer.cli.options import UsageError, options_of
from viewer.core.errors import ViewerError

if TYPE_CHECKING:
    from viewer.services.rendering import Rendered

_RELATIVE = b"\1"  # rendering intent, relative to white
_LARGEST_SIDE = 32_767  # what the resampling can do

ImageName = Annotated[str, typer.Argument(metavar="FILE|SOP_UID", show_default=False)]
FrameNumber = Annotated[int, typer.Option("--frame", help="Counted from 1.")]
WindowText = Annotated[
    str, typer.Option("--window", metavar="CENTER,WIDTH", help="A window of your own.")
]
PresetName = Annotated[
    str, typer.Option("--preset", metavar="NAME", help="By its name in the menu.")
]
VoiNumber = Annotated[
    int | None,
    typer.Option(
        "--voi", metavar="N", help="The file's window N, then its LUTs, from 1."
    ),
]
WithAnnotations = Annotated[
    bool,
    typer.Option(
        "--annotations",
        help="Draw corner texts, letters, rulers and what was measured.",
    ),
]
WithoutOverlays = Annotated[
    bool, typer.Option("--no-overlays", help="Leave the overlay planes away.")
]
WithoutShutter = Annotated[
    bool, typer.Option("--no-shutter", help="Show what the shutter covers.")
]
WithoutProfile = Annotated[
    bool, typer.Option("--no-profile", help="Show colours as they are stored.")
]
SizeText = Annotated[
    str,
    typer.Option("--size", metavar="WxH", help="Fit into a viewport of this size."),
]
OutFile = Annotated[Path, typer.Option("--out", metavar="F.png", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(render)


def render(  # noqa: PLR0913, PLR0917 - each is an option of the command line's contract
    context: typer.Context,
    name: ImageName,
    out: OutFile,
    frame: FrameNumber = 1,
    window: WindowText = "",
    preset: PresetName = "",
    voi: VoiNumber = None,
    annotations: WithAnnotations = False,  # noqa: FBT002 - typer makes it a switch
    size: SizeText = "",
    no_overlays: WithoutOverlays = False,  # noqa: FBT002 - as above
    no_shutter: WithoutShutter = False,  # noqa: FBT002 - as above
    no_profile: WithoutProfile = False,  # noqa: FBT002 - as above
) -> None:
    """Write what the viewport shows; one pixel for each of the file by default.

    Without --window, --preset or --voi it is the window the image opens with. A grey
    is floor(y + 0.5) of the standard's formula.
    """
    if bool(window) + bool(preset) + (voi is not None) > 1:
        raise UsageError("Give one of --window, --preset and --voi.")
    if out.suffix.lower() != ".png":
        raise UsageError("--out must be a PNG file.", hint="--out picture.png")
    from viewer.services.addressing import (  # noqa: PLC0415 - heavy
        addressed_drawings,
        addressed_file,
    )
    from viewer.services.rendering import (  # noqa: PLC0415 - heavy
        Wish,
        read_one,
        render,
    )

    wish = Wish(
        _window(window),
        preset,
        voi,
        _size(size),
        annotations,
        overlays=not no_overlays,
        shutter=not no_shutter,
        profile=not no_profile,
    )
    options = options_of(context)
    path = addressed_file(name, options.data_dir)
    if out.exists() and out.samefile(path):
        raise UsageError("--out is the image itself, which is never changed.")
    record, stored, parts = read_one(path, frame)
    if annotations:
        wish = replace(wish, drawings=addressed_drawings(name, options.data_dir))
    rendered = render(record, frame, stored, wish, parts)
    _save(rendered, out, is_srgb=rendered.pixels.ndim == 3 and not no_profile)
    if options.json:
        output.answer_json(_document(rendered, out, frame))


def _save(rendered: "Rendered", out: Path, *, is_srgb: bool) -> None:
    """Write the PNG, which says what its colours are, and if pixels are not square."""
    from PIL import Image, PngImagePlugin  # noqa: PLC0415 - heavy

    told = PngImagePlugin.PngInfo()
    if is_srgb:
        told.add(b"sRGB", _RELATIVE)

    part = out.with_name(f".{out.name}.part")
    pixels_a_metre = round(1000 / rendered.row_proportion)
    shape = {} if pixels_a_metre == 1000 else {"dpi": (25.4, pixels_a_metre * 0.0254)}
    try:
        Image.fromarray(rendered.pixels).save(part, "PNG", pnginfo=told, **shape)
        part.replace(out)
    except OSError as error:
        raise ViewerError(
            f"{out} cannot be written.", hint="Is there such a folder, and room in it?"
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _document(rendered: "Rendered", out: Path, frame: int) -> dict[str, object]:
    height, width = rendered.pixels.shape[:2]
    return {
        "out": str(out),
        "frame": frame,
        "width": width,
        "height": height,
        "color": rendered.pixels.ndim == 3,
        "voi": _voi_document(rendered),
    }


def _voi_document(rendered: "Rendered") -> dict[str, object] | None:
    from viewer.core.grayscale import Window  # noqa: PLC0415 - imports numpy

    voi = rendered.voi
    if voi is None:
        return None
    if isinstance(voi, Window):
        return {
            "center": voi.center,
            "width": voi.width,
            "function": voi.function.value,
            "explanation": voi.explanation,
        }
    return {
        "first_mapped": voi.first_mapped,
        "entries": len(voi.entries) // 2,
        "bits": voi.bits,
        "explanation": voi.explanation,
    }


def _window(text: str) -> tuple[float, float] | None:
    if not text:
        return None
    try:
        center, width = map(float, text.split(","))
    except ValueError as error:
        raise UsageError(
            "--window takes two numbers.", hint="--window CENTER,WIDTH: --window 40,400"
        ) from error
    if not (math.isfinite(center) and math.isfinite(width) and width > 0):
        raise UsageError("A window's width must be more than nothing.")
    return center, width


def _size(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    try:
        width, height = map(int, text.lower().split("x"))
    except ValueError as error:
        raise UsageError(
            "--size takes a width and a height.", hint="--size WxH: --size 800x600"
        ) from error
    if not (0 < width <= _LARGEST_SIDE and 0 < height <= _LARGEST_SIDE):
        raise UsageError(f"A side must be between 1 and {_LARGEST_SIDE} pixels.")
    return width, height
