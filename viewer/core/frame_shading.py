"""Which kind of shading a frame needs."""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from viewer.core.color import palette_to_rgb, to_rgb
from viewer.core.color_profile import Convert
from viewer.core.color_shading import ColorShading, SupplementalShading
from viewer.core.errors import PixelError
from viewer.core.grayscale import GrayscaleDisplay, Rescale
from viewer.core.image import Image, Palette
from viewer.core.modality import look_up
from viewer.core.shading import WIDEST, DirectShading, Shading, TableShading
from viewer.core.windowing import may_be_padded, padded

Array = npt.NDArray[Any]
Bytes = npt.NDArray[np.uint8]


def shading(
    stored: Array,
    image: Image,
    number: int,
    photometric: str,
    to_screen: Convert | None = None,
) -> Shading:
    """How frame `number` is shown; `photometric` is what it is after decoding.

    Raises
    ------
    PixelError
        If it cannot be shown truthfully.
    """
    made = _shading(stored, image, number, photometric, to_screen)
    if image.labels:
        made.smooth = False
    return made


def _shading(
    stored: Array,
    image: Image,
    number: int,
    photometric: str,
    to_screen: Convert | None,
) -> Shading:
    if image.pixels.photometric == "PALETTE COLOR":
        return ColorShading(palette_to_rgb(stored, _palette(image)), to_screen)
    if image.pixels.samples != 1:
        rgb = to_rgb(stored, photometric, image.pixels.bits_stored)
        return ColorShading(rgb, to_screen)
    display = image.display(number)
    if display.refusal:
        raise PixelError(display.refusal)
    if not display.supplemental:
        return _grey_shading(stored, display)
    palette = _palette(image)
    coloured = stored >= palette.red.first_mapped
    grey = stored.copy()
    grey[coloured] = stored[~coloured].min() if not coloured.all() else stored.min()
    rgb = palette_to_rgb(stored, palette)
    return SupplementalShading(_grey_shading(grey, display), rgb, coloured, to_screen)


def _palette(image: Image) -> Palette:
    if image.palette is None:
        raise PixelError("The colours of the image are missing from the file.")
    return image.palette


def _grey_shading(stored: Array, display: GrayscaleDisplay) -> Shading:
    hidden = _hidden(stored, display)
    if display.modality_lut is not None:
        stored = look_up(stored, display.modality_lut)
        display = replace(display, rescale=Rescale(), modality_lut=None)
    shown = stored if hidden is None else stored[~hidden]
    if not shown.size:
        empty = np.zeros_like(stored, np.uint8)
        nothing = TableShading(empty, (0, 0), display, hidden)
        nothing.ends = None
        return nothing
    low, high = shown.min(), shown.max()
    if stored.dtype.kind in "iu" and int(high) - int(low) < WIDEST:
        return TableShading(stored, (int(low), int(high)), display, hidden)
    return DirectShading(stored, display, hidden)


def _hidden(stored: Array, display: GrayscaleDisplay) -> npt.NDArray[np.bool_] | None:
    """Where there is no image; None where it is everywhere."""
    if not may_be_padded(stored, display.padding):
        return None
    absent = padded(stored, display.padding)
    return absent if absent.any() else None
