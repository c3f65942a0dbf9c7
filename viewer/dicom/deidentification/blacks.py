"""Which stored value is black: what every reader shows as dark as it can.

A name is hidden by any value; black is what nobody takes for a finding. It is the end
of the range of stored values, so that no window shows it brighter than what is around.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from viewer.core.errors import PixelError
from viewer.core.grayscale import GrayscaleDisplay, LookupTable
from viewer.core.image import Palette, PixelFormat, SampleKind
from viewer.core.modality import look_up, rescaled
from viewer.dicom.deidentification.stored_bits import stored_range

Samples = npt.NDArray[np.generic]
Black = tuple[float, ...]
"""One stored value for each sample of a pixel."""

_LUMINANCE: Final = (0.299, 0.587, 0.114)


def grey_black(display: GrayscaleDisplay, pixels: PixelFormat, frame: Samples) -> Black:
    """The stored value that is shown darkest.

    Parameters
    ----------
    display : GrayscaleDisplay
        MONOCHROME1, a falling rescale, modality LUT or VOI LUT each turn it around.
    pixels : PixelFormat
    frame : ndarray
        Its stored values: floats have no range of their own, so theirs is taken.
    """
    low, high = _range(pixels, frame)
    down = display.inverse
    if display.voi_luts and not display.windows:
        entries = display.voi_luts[0].values
        down ^= bool(entries.size and entries[0] > entries[-1])
    if display.modality_lut is not None and pixels.kind is SampleKind.INTEGER:
        table = display.modality_lut
        stored = _told_apart(table, pixels)
        shown = look_up(stored, table)
        return (int(stored[shown.argmax() if down else shown.argmin()]),)
    at_ends = rescaled(np.array([low, high]), display.rescale)
    down ^= bool(at_ends[0] > at_ends[1])
    return (high if down else low,)


def _range(pixels: PixelFormat, frame: Samples) -> tuple[float, float]:
    if pixels.kind is not SampleKind.INTEGER:
        finite = frame[np.isfinite(frame)]
        return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    return stored_range(pixels)


def _told_apart(table: LookupTable, pixels: PixelFormat) -> npt.NDArray[np.int64]:
    """The stored values that a table has entries for; the lowest if there is none."""
    low, high = stored_range(pixels)
    end = table.first_mapped + table.values.size
    found = np.arange(max(low, table.first_mapped), min(high + 1, end))
    return found if found.size else np.array([low])


def palette_black(palette: Palette | None, pixels: PixelFormat) -> Black:
    """The index of the darkest colour, the first of them if there are several.

    Raises
    ------
    PixelError
        If the colours cannot be told.
    """
    if palette is None:
        raise PixelError("The colours of the image cannot be told.")
    indices = _told_apart(palette.red, pixels)
    channels = (palette.red, palette.green, palette.blue)
    light = sum(
        weight * look_up(indices, channel).astype(np.float64)
        for weight, channel in zip(_LUMINANCE, channels, strict=True)
    )
    return (int(indices[np.argmin(light)]),)


def colour_black(photometric: str, pixels: PixelFormat) -> Black:
    """Black in the colours of a photometric interpretation; PS3.3 C.7.6.3.1.2.

    Raises
    ------
    PixelError
        If nobody has said what its samples are.
    """
    full = (1 << pixels.bits_stored) - 1
    middle = 1 << (pixels.bits_stored - 1)
    footroom = 16 << max(pixels.bits_stored - 8, 0)
    blacks: dict[str, Black] = {
        "RGB": (0, 0, 0),
        "HSV": (0, 0, 0),
        "YBR_FULL": (0, middle, middle),
        "YBR_FULL_422": (0, middle, middle),
        "YBR_PARTIAL_422": (footroom, middle, middle),
        "YBR_PARTIAL_420": (footroom, middle, middle),
        "ARGB": (full, 0, 0, 0),
        "CMYK": (full, full, full, full),
    }
    black = blacks.get(photometric)
    if black is None or len(black) != pixels.samples:
        raise PixelError("What the colours of the image mean is not known.")
    return black
