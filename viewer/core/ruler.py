"""The ruler beside a picture: a round length, drawn as long as it is."""

import math
from dataclasses import dataclass

from viewer.core.image import Spacing, SpacingKind
from viewer.core.view import ViewTransform

_ROUND = (5.0, 2.0, 1.0)  # times a power of ten


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
    """

    length_mm: float
    pixels: float
    divisions: int
    label: str
    kind: SpacingKind

    @property
    def caption(self) -> str:
        """The label, with the kind where it is not simply the patient's."""
        own = self.kind is SpacingKind.PATIENT
        return self.label if own else f"{self.label} {self.kind.value}"


def rulers(
    transform: ViewTransform, spacing: Spacing | None, *, part: float = 0.4
) -> tuple[Ruler | None, Ruler | None]:
    """The rulers at the bottom and at the left, each its own scale.

    Parameters
    ----------
    transform : ViewTransform
    spacing : Spacing or None
        Without it there are no millimetres and no rulers.
    part : float
        How much of the viewport's side a ruler may take at most.
    """
    if spacing is None:
        return None, None
    along_rows = transform.zoom / spacing.column_mm
    along_columns = transform.row_zoom / spacing.row_mm
    if transform.view.turns % 2:
        along_rows, along_columns = along_columns, along_rows
    width, height = transform.viewport
    return (
        _ruler(along_rows, width * part, spacing.kind),
        _ruler(along_columns, height * part, spacing.kind),
    )


def _ruler(pixels_per_mm: float, room: float, kind: SpacingKind) -> Ruler | None:
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
    return Ruler(length, length * pixels_per_mm, divisions, _label(length), kind)


def _label(length_mm: float) -> str:
    if length_mm >= 10:
        return f"{length_mm / 10:g} cm"
    return f"{length_mm:g} mm" if length_mm >= 0.1 else f"{length_mm * 1000:g} µm"
