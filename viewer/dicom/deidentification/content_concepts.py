"""What concepts of structured content say of people, places and things; PS3.16."""

import re
from typing import Final, Literal

from viewer.core.deidentification import Option
from viewer.dicom.deidentification.codes import Code

NEVER: Final = "never"
OLDEST: Final = 90
"""Years; an age from there on is not told (45 CFR 164.514)."""


def _dcm(*values: int) -> frozenset[Code]:
    return frozenset(Code("DCM", str(value)) for value in values)


_NUMBERS: Final = _dcm(
    121029, 121030, 121031,  # name, ID and birth date of the subject
    121036,  # the mother of a fetus
    128774, 128775,  # login and number of an observer
    121020, 121021, 121022,  # placer, filler, accession number
    113870, 113871, 113872, 110190,  # a person's name and ID, and their issuer
    121003, 121004, 121120, 121147, 121173,  # document, verbal, log, billing, note
)  # fmt: skip
"""Names and numbers of people and orders: TID 1002 to 1010, 1020."""

_DEVICES: Final = _dcm(
    121013, 121014, 121015, 121016,  # name, manufacturer, model, serial number
    113877, 113878, 113879, 113880,
    121122, 110119,  # equipment, station AE title
)  # fmt: skip
"""Devices that observed or took part: TID 1004, 1021."""

_PLACES: Final = _dcm(121009, 121017, 121121, 113873)
"""Organizations and rooms: TID 1003, 1004, 1020."""

AGES: Final = _dcm(121033) | {
    Code("SCT", "397669002"),
    Code("SCT", "424144002"),
    Code("LN", "30525-0"),
}
_PATIENTS: Final = (
    AGES
    | _dcm(121032, 121034, 121035, 121110)  # sex, species, breed, presentation
    | {
        *(Code("LN", n) for n in ("29463-7", "3141-9", "3137-7", "8302-2", "8277-6")),
        *(Code("LN", n) for n in ("39156-5", "46098-0", "46463-6", "42784-9")),
        *(Code("SCT", n) for n in ("27113001", "50373000", "60621009", "248152002")),
        *(Code("SRT", n) for n in ("F-01860", "F-01710", "F-03F00")),
    }
)
"""Age, sex, weight, height and the like: TID 1007, 3602."""

DESCRIPTIONS: Final = _dcm(125203, 121065, 113605, 121106, 113012)
"""Protocol, procedure, event, comment, key object: cleaned like descriptions."""

TRACKERS: Final = _dcm(112039)
"""Names by which a lesion is found again; they get a pseudonym."""


_NAMING: Final = re.compile(
    r"\b(?:identif\w+|id|ids|numbers?|names?|serial|accession|issuer|address|telephone"
    r"|phone|login|location|author|provider|physician|operator|organization|label)\b",
    re.IGNORECASE,
)
"""Short texts of these would pass for terms: S19-1 is a specimen, and a vertebra."""


def identifies(concept: Code | None) -> bool:
    """Whether a text of this concept can be a name or a number, or nobody knows it."""
    return (
        concept is None or not concept.meaning or bool(_NAMING.search(concept.meaning))
    )


def option_for(concept: Code) -> Option | Literal["never"] | None:
    """What has to be chosen for a concept to be told; None if nothing."""
    if concept in _NUMBERS:
        return NEVER
    if concept in _DEVICES:
        return Option.RETAIN_DEVICE_IDENTITY
    if concept in _PLACES:
        return Option.RETAIN_INSTITUTION_IDENTITY
    if concept in _PATIENTS:
        return Option.RETAIN_PATIENT_CHARACTERISTICS
    return None
