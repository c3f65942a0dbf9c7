"""Which millimetres hold for what is drawn on an image, and why these.

Points are ``(column, row)`` with ``(0, 0)`` at the centre of the first pixel.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from viewer.core.image import Frame, Image, Spacing, SpacingKind
from viewer.core.ultrasound import Point, UltrasoundRegion, region_of, ruled_regions

_TAGS: Final = {
    "PixelSpacing": "(0028,0030)",
    "ImagerPixelSpacing": "(0018,1164)",
    "NominalScannedPixelSpacing": "(0018,2010)",
    "ImagePlanePixelSpacing": "(3002,0011)",
    "PhysicalDeltaX": "(0018,602C), PhysicalDeltaY (0018,602E)",
}

_CAUTIONS: Final = {
    SpacingKind.CALIBRATED: "The file does not say how it was calibrated.",
    SpacingKind.DETECTOR: "On the detector: the body itself is smaller.",
    SpacingKind.MAGNIFIED: "Corrected by an estimated magnification.",
    SpacingKind.OBJECT_PLANE: "Holds in the stated plane of the object only.",
    SpacingKind.IMAGE_PLANE: "In the plane of the image: the body itself is smaller.",
    SpacingKind.ISOCENTER: "Holds in the plane of the isocentre only.",
    SpacingKind.SCANNED: "On the film that was scanned, not in the body.",
    SpacingKind.UNKNOWN: "The file does not say whether it was calibrated.",
}

MARKS: Final = {
    SpacingKind.CALIBRATED: "mm calibrated, the file does not say how",
    SpacingKind.DETECTOR: "mm in the detector plane",
    SpacingKind.MAGNIFIED: "mm by an estimated magnification",
    SpacingKind.OBJECT_PLANE: "mm in the stated object plane only",
    SpacingKind.IMAGE_PLANE: "mm in the image plane",
    SpacingKind.ISOCENTER: "mm in the plane of the isocentre only",
    SpacingKind.SCANNED: "mm of the scanned film",
    SpacingKind.UNKNOWN: "mm of unknown calibration",
}
"""The same for the corner of a picture."""

NO_SPACING: Final = "The file gives no pixel spacing."
NO_REGION: Final = "It lies outside the calibrated regions of the ultrasound image."
SEVERAL_REGIONS: Final = "It crosses regions of the ultrasound image."


@dataclass(frozen=True, slots=True)
class Calibration:
    """What one pixel measures, and how that is known.

    Attributes
    ----------
    spacing : Spacing or None
        None where there are no millimetres.
    attribute : str
        Keyword and tag: ``"PixelSpacing (0028,0030)"``; empty without spacing.
    formula : str
        How the spacing follows from the attribute, with the numbers.
    reason : str
        Why there are no millimetres; empty if there are.
    aspect : tuple of float
        Height and width of a pixel in proportion; angles need nothing else.
    """

    spacing: Spacing | None
    attribute: str = ""
    formula: str = ""
    reason: str = ""
    aspect: tuple[float, float] = (1.0, 1.0)

    @property
    def unit(self) -> str:
        """``"mm"``, or ``"px"`` without spacing."""
        return "px" if self.spacing is None else "mm"

    @property
    def kind(self) -> SpacingKind | None:
        """What the millimetres are measured in."""
        return None if self.spacing is None else self.spacing.kind

    @property
    def steps(self) -> tuple[float, float]:
        """To the next row and to the next column, in `unit`."""
        if self.spacing is None:
            return 1.0, 1.0
        return self.spacing.row_mm, self.spacing.column_mm

    @property
    def caution(self) -> str:
        """What the reader must know of the millimetres; empty for a patient's own."""
        return "" if self.kind is None else _CAUTIONS.get(self.kind, "")


def spacing_for(
    image: Image, number: int, points: Sequence[Point], *, filled: bool = False
) -> Calibration:
    """What a pixel measures where something is drawn.

    Parameters
    ----------
    image : Image
    number : int
        The frame, counted from 1.
    points : sequence of Point
        Joined by straight lines in their order; at least one.
    filled : bool
        Whether everything between the points counts, as for an area; give the corners
        of the rectangle around it.

    References
    ----------
    PS3.3 10.7.1.1, 10.7.1.3, C.8.5.5.
    """
    frame = image.frame(number)
    if image.regions:
        return _in_region(image.regions, points, _aspect(frame), filled=filled)
    spacing = frame.spacing
    if spacing is None:
        return Calibration(None, reason=NO_SPACING, aspect=_aspect(frame))
    return Calibration(
        spacing,
        f"{spacing.attribute} {_TAGS[spacing.attribute]}",
        _formula(spacing),
        aspect=_aspect(frame),
    )


def region_spacing(region: UltrasoundRegion) -> Spacing | None:
    """The spacing that holds inside an ultrasound region."""
    if region.row_mm is None or region.column_mm is None:
        return None
    return Spacing(
        region.row_mm, region.column_mm, SpacingKind.REGION, "PhysicalDeltaX"
    )


def main_spacing(image: Image, number: int) -> Spacing | None:
    """What is said of an image as a whole: for ultrasound, of its largest region."""
    if image.regions:
        return next(map(region_spacing, ruled_regions(image.regions)), None)
    return image.frame(number).spacing


def _in_region(
    regions: Sequence[UltrasoundRegion],
    points: Sequence[Point],
    aspect: tuple[float, float],
    *,
    filled: bool,
) -> Calibration:
    region = region_of(regions, points, filled=filled)
    if region is None:
        held = [one for one in regions if any(map(one.holds, points))]
        reason = SEVERAL_REGIONS if held else NO_REGION
        return Calibration(None, reason=reason, aspect=aspect)
    spacing = region_spacing(region)
    if spacing is None:
        reason = f"The ultrasound region has no millimetres: {region.content}."
        return Calibration(None, reason=reason, aspect=aspect)
    return Calibration(
        spacing,
        f"{spacing.attribute} {_TAGS[spacing.attribute]}",
        _formula(spacing),
        aspect=(spacing.row_mm, spacing.column_mm),
    )


def _formula(spacing: Spacing) -> str:
    """The spacing and what it was made from, rows first as DICOM has it."""
    rows, columns = spacing.row_mm, spacing.column_mm
    result = f"{rows:.6g} mm × {columns:.6g} mm"
    if spacing.kind is SpacingKind.REGION:
        return f"|{rows / 10:.6g} cm × {columns / 10:.6g} cm| × 10 = {result}"
    factor = factor_of(spacing)
    if factor is None:
        return result
    imager = f"{rows * factor:.6g} mm × {columns * factor:.6g} mm"
    made = " / ".join(f"{value:g} mm" for value in spacing.magnification)
    divisor = f"({made})" if len(spacing.magnification) > 1 else f"{factor:g}"
    return f"{imager} ÷ {divisor} = {result}"


def factor_of(spacing: Spacing) -> float | None:
    """By how much the object is larger on the detector; None if not corrected for."""
    match spacing.magnification:
        case (factor,):
            return factor
        case (detector_mm, object_mm):
            return detector_mm / object_mm
    return None


def _aspect(frame: Frame) -> tuple[float, float]:
    if frame.spacing is not None:
        return frame.spacing.row_mm, frame.spacing.column_mm
    if frame.plane is not None:
        return frame.plane.row_step, frame.plane.column_step
    height, width = frame.aspect
    return float(height), float(width)
