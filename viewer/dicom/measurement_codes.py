"""How measures are coded: what was measured, how it was derived, in which unit.

Concepts from PS3.16 CID 7464, 7469, 7470 and 7471, units from CID 7181 and 7460. What
no public terminology has is of our own scheme, which each report describes.
"""

import re
from dataclasses import dataclass
from typing import Final

from pydicom.sr.coding import Code

from viewer.core.measurement import Quantity

OWN_SCHEME: Final = "99LIGHTBOX"

PIXELS: Final = Code("{pixels}", "UCUM", "pixels")
NO_UNITS: Final = Code("1", "UCUM", "no units")
ARBITRARY: Final = Code("[arb'U]", "UCUM", "arbitrary unit")

_LENGTHS: Final = {"mm": Code("mm", "UCUM", "millimeter"), "px": PIXELS}
_AREAS: Final = {"mm²": Code("mm2", "UCUM", "square millimeter"), "px²": PIXELS}
_DEGREES: Final = Code("deg", "UCUM", "degree")

_GEOMETRY: Final = {
    "length": (Code("410668003", "SCT", "Length"), _LENGTHS),
    "width": (Code("103355008", "SCT", "Width"), _LENGTHS),
    "height": (Code("121207", "DCM", "Height"), _LENGTHS),
    "area": (Code("42798000", "SCT", "Area"), _AREAS),
    "angle": (Code("1483009", "SCT", "Angle"), {"°": _DEGREES}),
}
_COUNTS: Final = {
    "pixels": Code("PIXELS", OWN_SCHEME, "Number of pixels"),
    "left_out": Code("PIXELS_LEFT_OUT", OWN_SCHEME, "Pixels left out"),
}
_DERIVATIONS: Final = {
    "mean": Code("373098007", "SCT", "Mean"),
    "sd": Code("386136009", "SCT", "Standard Deviation"),
    "min": Code("255605001", "SCT", "Minimum"),
    "max": Code("56851009", "SCT", "Maximum"),
    "sum": Code("255619001", "SCT", "Total"),
}
_PIXEL_VALUE: Final = Code("PIXEL_VALUE", OWN_SCHEME, "Pixel value")
_KNOWN_VALUES: Final = {
    ("CT", "HU"): Code("112031", "DCM", "Attenuation Coefficient"),
    ("PT", "BQML"): Code("110821", "DCM", "Nuclear Medicine Tomographic Activity"),
}
"""What pixels say where modality and unit leave no doubt."""

_VALUE_UNITS: Final = {
    "": NO_UNITS,
    "HU": Code("[hnsf'U]", "UCUM", "Hounsfield unit"),
    "OD": Code("10*-3{OD}", "UCUM", "thousandths of optical density"),
    "PCT": Code("%", "UCUM", "percent"),
    "PCNT": Code("%", "UCUM", "percent"),
    "MGML": Code("mg/ml", "UCUM", "milligrams per milliliter"),
    "BQML": Code("Bq/ml", "UCUM", "Becquerels per milliliter"),
    "GML": Code("g/ml", "UCUM", "grams per milliliter"),
    "CNTS": Code("{counts}", "UCUM", "counts"),
    "CPS": Code("{counts}/s", "UCUM", "counts per second"),
}
"""By Rescale Type (0028,1054) and Units (0054,1001); PS3.3 C.11.1.1.2, C.8.9.1.1.3."""

_PLAIN: Final = re.compile(r"[A-Za-z0-9_.%/-]{1,14}")


@dataclass(frozen=True, slots=True)
class CodedMeasure:
    """What a value is a value of.

    Attributes
    ----------
    name : Code
    unit : Code
    derivation : Code or None
        How it was made of several; None where it was not.
    """

    name: Code
    unit: Code
    derivation: Code | None = None


def coded_measure(quantity: Quantity, modality: str) -> CodedMeasure:
    """How a quantity of a drawing on an image of this modality is coded."""
    if quantity.name in _GEOMETRY:
        name, units = _GEOMETRY[quantity.name]
        return CodedMeasure(name, units[quantity.unit])
    if quantity.name in _COUNTS:
        return CodedMeasure(_COUNTS[quantity.name], PIXELS)
    name = _KNOWN_VALUES.get((modality, quantity.unit), _PIXEL_VALUE)
    return CodedMeasure(
        name, value_unit(quantity.unit), _DERIVATIONS.get(quantity.name)
    )


def value_unit(unit: str) -> Code:
    """The code of what the file says its values are in.

    A unit that UCUM does not have is told as an annotation, which has no meaning of its
    own; one that cannot be written as such is arbitrary.
    """
    if unit in _VALUE_UNITS:
        return _VALUE_UNITS[unit]
    if _PLAIN.fullmatch(unit):
        return Code(f"{{{unit}}}", "UCUM", unit)
    return ARBITRARY


def modality_code(modality: str) -> Code | None:
    """A modality by PS3.16 CID 29; None if it is not of that table."""
    meaning = _MODALITIES.get(modality)
    return None if meaning is None else Code(modality, "DCM", meaning)


def procedure_code(modality: str) -> Code:
    """What was done, where the file does not say it; PS3.16 CID 100."""
    return _PROCEDURES.get(modality, _IMAGING)


_IMAGING: Final = Code("363679005", "SCT", "Imaging procedure")
_XR: Final = Code("43468-8", "LN", "XR unspecified body region")
_PROCEDURES: Final = {
    "CT": Code("25045-6", "LN", "CT unspecified body region"),
    "MR": Code("25056-3", "LN", "MRI unspecified body region"),
    "PT": Code("44136-0", "LN", "PET unspecified body region"),
    "NM": Code("49118-3", "LN", "NM unspecified body region"),
    "CR": _XR,
    "DX": _XR,
}

_MODALITIES: Final = {
    "BMD": "Bone Mineral Densitometry",
    "CR": "Computed Radiography",
    "CT": "Computed Tomography",
    "DX": "Digital Radiography",
    "ES": "Endoscopy",
    "GM": "General Microscopy",
    "IO": "Intra-oral Radiography",
    "IVUS": "Intravascular Ultrasound",
    "MG": "Mammography",
    "MR": "Magnetic Resonance",
    "NM": "Nuclear Medicine",
    "OCT": "Optical Coherence Tomography",
    "OP": "Ophthalmic Photography",
    "OPT": "Ophthalmic Tomography",
    "PT": "Positron emission tomography",
    "PX": "Panoramic X-Ray",
    "RF": "Radiofluoroscopy",
    "RG": "Radiographic imaging",
    "RTIMAGE": "RT Image",
    "SM": "Slide Microscopy",
    "US": "Ultrasound",
    "XA": "X-Ray Angiography",
    "XC": "External-camera Photography",
}
"""PS3.16 CID 29, as far as images are measured."""
