"""What lies under the cursor: the value of the source pixel, and where it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from viewer.core.color import palette_to_rgb, to_rgb
from viewer.core.corners import plain
from viewer.core.grayscale import GrayscaleDisplay
from viewer.core.image import Frame, Image
from viewer.core.modality import modality_values
from viewer.core.windowing import may_be_padded, padded, takes_window

_NO_UNIT = frozenset({"", "US"})  # US: unspecified


@dataclass(frozen=True, slots=True)
class Probe:
    """One pixel, never interpolated.

    Attributes
    ----------
    column, row : int
        Counted from 0.
    value : str
        ``"37 HU"``, ``"R 12 G 30 B 200"``, ``"padding"``; after it the real world
        values, each under its label: ``"1061 HU  RCBF 37 ml/100ml/s"``.
    place : str
        In the patient, in mm: ``"L 12.3  P 40.1  H 85.0 mm"``; empty if not known.
    """

    column: int
    row: int
    value: str
    place: str = ""

    @property
    def text(self) -> str:
        """Value and pixel, as a corner shows them."""
        return f"{self.value}  ({self.column}, {self.row})"


def to_probe(
    decoded: npt.NDArray[Any],
    image: Image,
    number: int,
    photometric: str,
    pixel: tuple[int, int],
) -> Probe:
    """The pixel ``(column, row)`` of frame `number`.

    Parameters
    ----------
    decoded : numpy.ndarray
        ``(rows, columns)`` or ``(rows, columns, 3)``.
    image : Image
    number : int
        Counted from 1.
    photometric : str
        What the samples are after decoding.
    pixel : tuple of int
        Inside the image.
    """
    column, row = pixel
    alone = decoded[row : row + 1, column : column + 1]
    if takes_window(image):
        value = _grey(alone, image.display(number))
        value = "  ".join((value, *_real_world(alone, image.frame(number), value)))
    else:
        value = _colour(alone, image, photometric)
    return Probe(column, row, value, _place(image.frame(number), pixel))


def _grey(alone: npt.NDArray[Any], display: GrayscaleDisplay) -> str:
    padding = display.padding
    if may_be_padded(alone, padding) and bool(padded(alone, padding)[0, 0]):
        return "padding"
    value = modality_values(alone, display)[0, 0].item()
    unit = display.rescale.unit
    if display.modality_lut is not None:
        unit = display.modality_lut.explanation
    return plain_value(value) + ("" if unit in _NO_UNIT else f" {unit}")


def _real_world(alone: npt.NDArray[Any], frame: Frame, said: str) -> Iterator[str]:
    """What the stored value means by the maps of the file, unless it is `said`."""
    stored = alone[0, 0].item()
    for map_ in frame.real_world:
        value = map_.value_of(stored)
        if value is not None and said != "padding":
            text = f"{plain_value(value)} {map_.unit}".strip()
            if text != said:
                yield f"{map_.label} {text}".strip()


def plain_value(value: float) -> str:
    """A measured value in full: whole numbers with all their digits."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e9):
        return f"{int(value)}".replace("-", "−")
    return plain(value)


def _colour(alone: npt.NDArray[Any], image: Image, photometric: str) -> str:
    if image.palette is not None:
        shown = palette_to_rgb(alone, image.palette)
    else:
        shown = to_rgb(alone, photometric, image.pixels.bits_stored)
    red, green, blue = (int(sample) for sample in np.asarray(shown).reshape(3))
    return f"R {red} G {green} B {blue}"


def _place(frame: Frame, pixel: tuple[int, int]) -> str:
    if frame.plane is None:
        return ""
    point = frame.plane.point_of(pixel)
    parts = (
        f"{grows if mm >= 0 else shrinks} {abs(mm):.1f}"
        for mm, grows, shrinks in zip(point, "LPH", "RAF", strict=True)
    )
    return "  ".join(parts) + " mm"
