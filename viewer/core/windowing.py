"""Which window an image opens with, and which ones its own values ask for."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from viewer.core.grayscale import GrayscaleDisplay, Padding, Voi, Window
from viewer.core.image import Image
from viewer.core.modality import modality_values
from viewer.core.shutter import covered
from viewer.core.view import proportion
from viewer.core.voi import is_valid, spanning

Array = npt.NDArray[Any]
Bits = npt.NDArray[np.bool_]

_LOOKED_AT = 1 << 16  # pixels an automatic window is estimated from
_AIR = 0.05  # of the way up to the bright end; below it lies what is around the body


@dataclass(frozen=True, slots=True)
class ImageValues:
    """The modality values of one frame that are image: no padding, none infinite.

    Attributes
    ----------
    values : numpy.ndarray
        ``(n,)`` in the order of the frame; may be empty.
    whole : bool
        Whether they are whole numbers by kind.
    """

    values: Array
    whole: bool

    @classmethod
    def of(cls, stored: Array, display: GrayscaleDisplay) -> "ImageValues":
        """Take the image's values out of `stored` ones."""
        values = modality_values(_shown(stored, display.padding), display)
        return cls(values, whole=values.dtype.kind != "f")


def may_be_padded(stored: Array, padding: Padding | None) -> bool:
    """Whether `padded` has to be asked at all."""
    return padding is not None or stored.dtype.kind == "f"


def padded(stored: Array, padding: Padding | None) -> npt.NDArray[np.bool_]:
    """Where there is no image: the padding of the file, NaN and infinity."""
    if stored.dtype.kind == "f":
        absent = ~np.isfinite(stored)
    else:
        absent = np.zeros(stored.shape, dtype=np.bool_)
    if padding is not None:
        absent |= (stored >= padding.low) & (stored <= padding.high)
    return absent


def _shown(stored: Array, padding: Padding | None) -> Array:
    """The values that are image, ``(n,)``."""
    if not may_be_padded(stored, padding):
        return stored.ravel()
    return stored[~padded(stored, padding)]


def takes_window(image: Image) -> bool:
    """Whether greys are to be made: not for colour."""
    return image.pixels.samples == 1 and image.pixels.photometric != "PALETTE COLOR"


def default_voi(image: Image, number: int, stored: Array) -> Voi:
    """What frame `number` opens with.

    The file's first window that has a meaning, else its first VOI LUT, else an
    automatic window. A colour image takes no window, and what this returns for it is
    not used; see `takes_window`.

    Parameters
    ----------
    image : Image
    number : int
        Counted from 1.
    stored : numpy.ndarray
        Stored values of the frame, as decoded.
    """
    display = image.display(number)
    stated: tuple[Voi, ...] = (*display.windows, *display.voi_luts)
    for voi in stated:
        if is_valid(voi):
            return voi
    return automatic(image, number, stored)


def automatic(image: Image, number: int, stored: Array) -> Window:
    """2nd to 98th percentile of what is likely to be body.

    What is darker than a twentieth of the way to the 99th percentile counts as air,
    if anything is left without it. What a shutter covers does not count at all.
    Estimated from a regular grid of pixels. One value alone is compared with 0, so
    that a full mask does not look like an empty one.
    """
    part = _open_part(image, number, stored)
    found = _values(image, number, stored, sample=True, part=part)
    if not found.values.size or found.values.min() == found.values.max():
        # a few pixels in between
        found = _values(image, number, stored, sample=False, part=part)
    if not found.values.size:
        return spanning(0, 255, whole=True, name="Automatic")
    low, high = _interesting(found.values)
    if low == high:
        low, high = min(low, 0.0), max(high, 0.0)
    if found.whole:
        low, high = math.floor(low), math.ceil(high)
    return spanning(low, high, whole=found.whole, name="Automatic")


def _interesting(values: Array) -> tuple[float, float]:
    """The ends of what an automatic window shows; of masks and labels, all there is."""
    lowest, highest = float(values.min()), float(values.max())
    air = lowest + _AIR * (float(np.percentile(values, 99)) - lowest)
    for part in (values[values > air], values):
        if part.size:
            low, high = np.percentile(part, (2, 98))
            if low < high:
                return float(low), float(high)
    return lowest, highest


def full_range(image: Image, number: int, stored: Array) -> Window:
    """From the lowest to the highest value of the frame."""
    display = image.display(number)
    if display.modality_lut is None and takes_window(image):
        shown = _shown(stored, display.padding)  # a rescale keeps the order
        stored = np.array([shown.min(), shown.max()]) if shown.size else shown
    found = _values(image, number, stored, sample=False)
    if not found.values.size:
        return spanning(0, 255, whole=True, name="Full range")
    low, high = float(found.values.min()), float(found.values.max())
    return spanning(low, high, whole=found.whole, name="Full range")


def _open_part(image: Image, number: int, stored: Array) -> Bits | None:
    """What a shutter leaves to be seen; None for all."""
    frame = image.frame(number)
    if frame.shutter is None:
        return None
    part = ~covered(frame.shutter, stored.shape[:2], proportion(frame))
    return part if part.any() else None


def _values(
    image: Image,
    number: int,
    stored: Array,
    *,
    sample: bool,
    part: Bits | None = None,
) -> ImageValues:
    if not takes_window(image):
        return ImageValues(np.empty(0, np.uint8), whole=True)
    if sample:
        step = max(1, round((stored.size / _LOOKED_AT) ** 0.5))
        stored = stored[::step, ::step]
        part = None if part is None else part[::step, ::step]
    if part is not None:
        stored = stored[part]
    return ImageValues.of(stored, image.display(number))
