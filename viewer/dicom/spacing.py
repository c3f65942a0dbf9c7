"""What the millimetres of an image are, by the rules of the standard.

Millimetres are only given where the file says whose they are; PS3.3 10.7.1.
"""

import math
from dataclasses import dataclass
from typing import Final

from viewer.core.image import Spacing, SpacingKind
from viewer.dicom import tag as tags
from viewer.dicom.attributes import Attributes

BAD_SPACING: Final = "a pixel spacing that cannot be right"
BAD_MAGNIFICATION: Final = "a magnification that cannot be right"

_PROJECTIONS: Final = frozenset(
    {"CR", "DX", "MG", "IO", "PX", "XA", "RF", "RG", "RTIMAGE", "BMD"}
)
_SOUND: Final = frozenset(["US", "IVUS", "BDUS"])
_CROSS_SECTIONS: Final = frozenset(
    {
        "1.2.840.10008.5.1.4.1.1.13.1.1",  # X-Ray 3D Angiographic
        "1.2.840.10008.5.1.4.1.1.13.1.2",  # X-Ray 3D Craniofacial
        "1.2.840.10008.5.1.4.1.1.13.1.3",  # Breast Tomosynthesis
    }
)
"""Reconstructed from projections: cross-sections, whatever the modality."""

_CALIBRATIONS: Final = {
    "GEOMETRY": SpacingKind.GEOMETRY,
    "FIDUCIAL": SpacingKind.FIDUCIAL,
}
"""Pixel Spacing Calibration Type (0028,0A02); PS3.3 10.7.1.2."""

_SMALLEST_MM: Final = 1e-7
_LARGEST_MM: Final = 1e4
_LARGEST_FACTOR: Final = 100.0

Steps = tuple[float, float]


@dataclass(frozen=True, slots=True)
class SpacingItems:
    """Where an image, or one frame of it, says what its millimetres are.

    Attributes
    ----------
    data_set : Attributes
    pixels : Attributes
        Holds Imager Pixel Spacing (0018,1164).
    geometry : Attributes
        Holds the magnification and the distances from the source.
    """

    data_set: Attributes
    pixels: Attributes
    geometry: Attributes

    @classmethod
    def of_image(cls, data_set: Attributes) -> "SpacingItems":
        """Those of an object without functional groups."""
        return cls(data_set, data_set, data_set)


def pixel_spacing(item: Attributes) -> Steps | None:
    """Pixel Spacing (0028,0030): to the next row, to the next column."""
    return _steps(item, tags.PIXEL_SPACING)


def is_step(length_mm: float) -> bool:
    """Whether pixels can lie so far apart, from an electron microscope upwards."""
    return _SMALLEST_MM <= length_mm <= _LARGEST_MM


def to_spacing(
    items: SpacingItems, spacing: Steps | None, *, placed: bool
) -> Spacing | None:
    """Spacing of an image and whose millimetres it is in.

    Parameters
    ----------
    items : SpacingItems
    spacing : tuple of float or None
        Pixel Spacing of the image or of the frame.
    placed : bool
        Whether the image has a position in the patient.

    Returns
    -------
    Spacing or None
        None where the file gives none that could be trusted. An ultrasound's Pixel
        Spacing is none, its regions have their own.

    References
    ----------
    PS3.3 10.7.1.1, 10.7.1.3, C.8.8.2.
    """
    data_set = items.data_set
    modality = data_set.text(tags.MODALITY)
    if modality in _SOUND and not placed:
        return None
    if spacing is None:
        return (
            _from_treatment(data_set) or _from_detector(items) or _from_film(data_set)
        )
    cross_section = (
        modality not in _PROJECTIONS
        or data_set.text(tags.SOP_CLASS_UID) in _CROSS_SECTIONS
    )
    if placed and cross_section:
        kind = SpacingKind.PATIENT
    else:
        kind = _kind_of(spacing, items, projection=modality in _PROJECTIONS)
    return Spacing(*spacing, kind)


def _kind_of(spacing: Steps, items: SpacingItems, *, projection: bool) -> SpacingKind:
    """What Pixel Spacing is measured in, of an image without a place."""
    data_set = items.data_set
    stated = data_set.text(tags.PIXEL_SPACING_CALIBRATION_TYPE)
    if stated:
        return _CALIBRATIONS.get(stated, SpacingKind.CALIBRATED)
    imager = _steps(items.pixels, tags.IMAGER_PIXEL_SPACING)
    if imager is not None:
        same = _same(spacing, imager)
        return SpacingKind.DETECTOR if same else SpacingKind.CALIBRATED
    film = _steps(data_set, tags.NOMINAL_SCANNED_PIXEL_SPACING)
    if film is not None and _same(spacing, film):
        return SpacingKind.SCANNED
    return SpacingKind.UNKNOWN if projection else SpacingKind.PATIENT


def _from_detector(items: SpacingItems) -> Spacing | None:
    """Imager Pixel Spacing, corrected for magnification once where that is stated."""
    imager = _steps(items.pixels, tags.IMAGER_PIXEL_SPACING)
    if imager is None:
        return None
    rows, columns = imager
    factor = _factor(items.geometry)
    if factor is not None:
        return Spacing(
            rows / factor,
            columns / factor,
            SpacingKind.MAGNIFIED,
            "ImagerPixelSpacing",
            (factor,),
        )
    distances = _distances(
        items.geometry,
        tags.DISTANCE_SOURCE_TO_DETECTOR,
        tags.DISTANCE_SOURCE_TO_PATIENT,
    )
    if distances is not None:
        detector_mm, object_mm = distances
        factor = detector_mm / object_mm
        return Spacing(
            rows / factor,
            columns / factor,
            SpacingKind.OBJECT_PLANE,
            "ImagerPixelSpacing",
            distances,
        )
    return Spacing(rows, columns, SpacingKind.DETECTOR, "ImagerPixelSpacing")


def _from_treatment(data_set: Attributes) -> Spacing | None:
    """Image Plane Pixel Spacing (3002,0011) of an RT image, and what it is at the axis.

    Where the image stands at right angles to the beam, RT Image Plane (3002,000C), and
    source, axis and image are a stated way apart, the isocentre's plane has the mm.
    """
    steps = _steps(data_set, tags.IMAGE_PLANE_PIXEL_SPACING)
    if steps is None:
        return None
    attribute = "ImagePlanePixelSpacing"
    distances = _distances(data_set, tags.RT_IMAGE_SID, tags.RADIATION_MACHINE_SAD)
    if distances is None or data_set.text(tags.RT_IMAGE_PLANE) != "NORMAL":
        return Spacing(*steps, SpacingKind.IMAGE_PLANE, attribute)
    image_mm, axis_mm = distances
    factor = image_mm / axis_mm
    rows, columns = steps
    return Spacing(
        rows / factor, columns / factor, SpacingKind.ISOCENTER, attribute, distances
    )


def _from_film(data_set: Attributes) -> Spacing | None:
    """Nominal Scanned Pixel Spacing (0018,2010) of a digitised film."""
    film = _steps(data_set, tags.NOMINAL_SCANNED_PIXEL_SPACING)
    if film is None:
        return None
    return Spacing(*film, SpacingKind.SCANNED, "NominalScannedPixelSpacing")


def _factor(item: Attributes) -> float | None:
    """Estimated Radiographic Magnification Factor (0018,1114); nothing shrinks."""
    factor = item.number(tags.ESTIMATED_MAGNIFICATION)
    if factor is None or 1 <= factor <= _LARGEST_FACTOR:
        return factor
    if factor != 0:
        item.note(BAD_MAGNIFICATION)
    return None


def _distances(item: Attributes, to_detector: int, to_object: int) -> Steps | None:
    """From the source to the detector and to the object, in mm."""
    detector_mm, object_mm = item.number(to_detector), item.number(to_object)
    if not detector_mm or not object_mm:
        return None
    if object_mm > 0 and 1 <= detector_mm / object_mm <= _LARGEST_FACTOR:
        return detector_mm, object_mm
    item.note(BAD_MAGNIFICATION)
    return None


def _steps(item: Attributes, tag: int) -> Steps | None:
    values = item.numbers(tag)
    if not values:
        return None
    if len(values) == 2:
        row, column = values
        if row is not None and column is not None and is_step(row) and is_step(column):
            return row, column
    if any(value != 0 for value in values):  # zeros are how some write "unknown"
        item.note(BAD_SPACING)
    return None


def _same(a: Steps, b: Steps) -> bool:
    return all(math.isclose(x, y, rel_tol=1e-3) for x, y in zip(a, b, strict=True))
