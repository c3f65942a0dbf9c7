"""The ruler beside a picture: a round length, drawn as long as it is."""

import math
from dataclasses import dataclass
from functools import lru_cache

from viewer.core.calibration import region_spacing
from viewer.core.image import Image, Spacing, SpacingKind
from viewer.core.ultrasound import UltrasoundRegion, ruled_regions
from viewer.core.view import ViewTransform

_ROUND = (5.0, 2.0, 1.0)  # times a power of ten
_SMALLEST = 40.0  # device pixels of a region that are worth a ruler

Rectangle = tuple[float, float, float, float]
"""Left, top, right and bottom in the viewport, in device pixels."""


@dataclass(frozen=True, slots=True)
class Ruler:
    """A scale along one side of the screen.

    Attributes
    ----------
    length_mm : float
        1, 2 or 5 times a power of ten.
    pixels : float
        How long that is in device pixels.
    divisions : int
        Into how many equal parts it is divided: each is a round length, too.
    label : str
        ``"10 cm"``, ``"5 mm"``, ``"0.5 mm"``; in micrometres below a tenth.
    kind : SpacingKind
        What the millimetres are measured in.
    ground : Rectangle or None
        The part of the viewport it holds for, and lies in; None is all of it.
    """

    length_mm: float
    pixels: float
    divisions: int
    label: str
    kind: SpacingKind
    ground: Rectangle | None = None

    @property
    def note(self) -> str:
        """What the millimetres are measured in, unless that is simply the patient."""
        return "" if self.kind is SpacingKind.PATIENT else self.kind.value

    @property
    def caption(self) -> str:
        """The label with its note."""
        return f"{self.label} {self.note}".rstrip()


Rulers = tuple[Ruler | None, Ruler | None]


def rulers_of(
    transform: ViewTransform, image: Image, number: int, *, part: float = 0.4
) -> Rulers:
    """The rulers of frame `number`; those of an ultrasound lie in one region.

    It is the largest one in sight that has millimetres.
    """
    if not image.regions:
        return rulers(transform, image.frame(number).spacing, part=part)
    for region in ruled_regions(image.regions):
        ground = _in_sight(transform, region)
        if ground is not None:
            return rulers(transform, region_spacing(region), part=part, ground=ground)
    return None, None


def rulers(
    transform: ViewTransform,
    spacing: Spacing | None,
    *,
    part: float = 0.4,
    ground: Rectangle | None = None,
) -> Rulers:
    """The rulers at the bottom and at the left, each its own scale.

    Parameters
    ----------
    transform : ViewTransform
    spacing : Spacing or None
        Without it there are no millimetres and no rulers.
    part : float
        How much of the side of its ground a ruler may take at most.
    ground : Rectangle or None
        Where the spacing holds; None is the whole viewport.
    """
    if spacing is None:
        return None, None
    along_rows = transform.zoom / spacing.column_mm
    along_columns = transform.row_zoom / spacing.row_mm
    if transform.view.turns % 2:
        along_rows, along_columns = along_columns, along_rows
    width, height = transform.viewport
    left, top, right, bottom = ground or (0, 0, width, height)
    return (
        _ruler(along_rows, (right - left) * part, spacing.kind, ground),
        _ruler(along_columns, (bottom - top) * part, spacing.kind, ground),
    )


def _in_sight(transform: ViewTransform, region: UltrasoundRegion) -> Rectangle | None:
    """Where a region lies in the viewport; None if hardly any of it does."""
    corners = (
        transform.to_viewport((region.left - 0.5, region.top - 0.5)),
        transform.to_viewport((region.right + 0.5, region.bottom + 0.5)),
    )
    width, height = transform.viewport
    (left, right), (top, bottom) = (sorted(side) for side in zip(*corners, strict=True))
    left, top = max(left, 0.0), max(top, 0.0)
    right, bottom = min(right, float(width)), min(bottom, float(height))
    large = min(right - left, bottom - top) >= _SMALLEST
    return (left, top, right, bottom) if large else None


@lru_cache(maxsize=256)  # asked at every paint
def _ruler(
    pixels_per_mm: float, room: float, kind: SpacingKind, ground: Rectangle | None
) -> Ruler | None:
    longest = room / pixels_per_mm
    if not (math.isfinite(longest) and longest > 0):
        return None
    power = math.floor(math.log10(longest))
    exact = longest * (1 + 1e-9)  # 0.4 × 250 px must not miss 100 px by a rounding
    digit = next((d for d in _ROUND if d * 10.0**power <= exact), None)
    if digit is None:
        digit, power = 5.0, power - 1
    length = digit * 10.0**power if power >= 0 else digit / 10.0**-power
    divisions = 10 if digit == 1 else int(digit)
    label = _label(length)
    return Ruler(length, length * pixels_per_mm, divisions, label, kind, ground)


def _label(length_mm: float) -> str:
    if length_mm >= 10:
        return f"{length_mm / 10:g} cm"
    return f"{length_mm:g} mm" if length_mm >= 0.1 else f"{length_mm * 1000:g} µm"
