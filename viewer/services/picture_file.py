"""The bytes of a picture's file: pixels, their shape, and nothing of whom they show."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image, PngImagePlugin

from viewer.core.errors import EnvironmentFailure
from viewer.core.export_forms import JPEG, PNG, TIFF, Form
from viewer.services.disk_room import check_room

ENDINGS: Final = {PNG.name: ".png", JPEG.name: ".jpg", TIFF.name: ".tif"}
LONGEST_SIDE: Final = {JPEG.name: 65_500}

_RELATIVE: Final = b"\1"  # rendering intent, relative to white
_SAMPLE_FORMAT: Final = 339  # TIFF 6.0, Section 19
_SIGNED: Final = 2
_INCH_M: Final = 0.0254


def picture_bytes(
    pixels: npt.NDArray[np.uint8], form: Form, quality: int, row_proportion: float
) -> bytes:
    """A picture as displayed.

    Parameters
    ----------
    pixels : numpy.ndarray
        ``(height, width)`` grey or ``(height, width, 3)`` red, green, blue.
    form : Form
    quality : int
        Of JPEG; its colours are as fine as its greys.
    row_proportion : float
        Height of a pixel over its width.
    """
    told: dict[str, Any] = _shape(row_proportion)
    if form is PNG and pixels.ndim == 3:
        chunks = PngImagePlugin.PngInfo()
        chunks.add(b"sRGB", _RELATIVE)
        told["pnginfo"] = chunks
    if form is JPEG:
        told |= {"quality": quality, "subsampling": 0}
    return _saved(Image.fromarray(pixels), form, told)


def value_bytes(
    values: npt.NDArray[np.integer[Any]], form: Form, row_proportion: float
) -> bytes:
    """``(height, width)`` values of 16 bits; only TIFF holds those below zero."""
    told: dict[str, Any] = _shape(row_proportion)
    if form is TIFF and values.dtype.kind == "i":
        told["tiffinfo"] = {_SAMPLE_FORMAT: _SIGNED}
    return _saved(Image.fromarray(values.view(np.uint16)), form, told)


def write_forced(path: Path, raw: bytes, reserve: int) -> None:
    """Write a file, on disk when this returns; as `may_write`."""
    with may_write(path, len(raw) + reserve):
        path.write_bytes(raw)
        forced(path)


@contextmanager
def may_write(path: Path, needed: int) -> Iterator[None]:
    """Tell of a place that takes nothing in the user's words; folders are made.

    Raises
    ------
    EnvironmentFailure
        If a file cannot be written there, or the disk has not so many bytes.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        check_room(path.parent, needed)
        yield
    except OSError as cause:
        raise EnvironmentFailure(
            "The export cannot be written.",
            hint="Is the disk full, or the folder closed to you? Nothing was left.",
        ) from cause


def forced(path: Path) -> None:
    """Force a file to disk."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _shape(row_proportion: float) -> dict[str, tuple[float, float]]:
    """Says that pixels are not square, if they are not."""
    pixels_a_metre = round(1000 / row_proportion)
    if pixels_a_metre == 1000:
        return {}
    return {"dpi": (1000 * _INCH_M, pixels_a_metre * _INCH_M)}


def _saved(picture: Image.Image, form: Form, told: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    picture.save(out, form.name.upper(), **told)
    return out.getvalue()
