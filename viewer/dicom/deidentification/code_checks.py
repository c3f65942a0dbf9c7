"""Codes that check themselves: what is none of them is not taken for one."""

import re
from typing import Final

from viewer.core.folding import folded
from viewer.dicom.deidentification.words import word_list

_TIMES: Final = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 2, 3, 4, 0, 6, 7, 8, 9, 5),
    (2, 3, 4, 0, 1, 7, 8, 9, 5, 6),
    (3, 4, 0, 1, 2, 8, 9, 5, 6, 7),
    (4, 0, 1, 2, 3, 9, 5, 6, 7, 8),
    (5, 9, 8, 7, 6, 0, 4, 3, 2, 1),
    (6, 5, 9, 8, 7, 1, 0, 4, 3, 2),
    (7, 6, 5, 9, 8, 2, 1, 0, 4, 3),
    (8, 7, 6, 5, 9, 3, 2, 1, 0, 4),
    (9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
)
"""The dihedral group of ten, by which Verhoeff's digit is computed."""

_TURN: Final = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)
_SNOMED: Final = re.compile(
    r"[1-9]\d{3,15}(?:00|10)\d"
)  # a concept, and its check digit
_LOINC: Final = re.compile(r"(\d{3,5})-(\d)")
_ANNOTATION: Final = re.compile(r"\{([A-Za-z]*)\}")
_UNIT: Final = re.compile(r"[A-Za-z0-9%/.*()'\[\]^+\-]{0,16}")
_ATOMS: Final = frozenset(
    {
        *("m", "mm", "cm", "um", "nm", "km", "g", "kg", "mg", "ug", "ng", "s", "ms"),
        *("us", "ns", "min", "h", "d", "wk", "mo", "a", "l", "ml", "dl", "L", "mL"),
        *("dL", "Gy", "mGy", "cGy", "uGy", "dGy", "Sv", "mSv", "uSv", "Bq", "kBq"),
        *("MBq", "GBq", "Ci", "mCi", "V", "kV", "mV", "uV", "A", "mA", "uA", "C", "T"),
        *("mT", "Hz", "kHz", "MHz", "W", "mW", "J", "K", "Pa", "kPa", "Hg", "deg"),
        *("rad", "eV", "keV", "MeV", "mol", "mmol", "umol", "U", "Ohm", "dB", "Cel"),
        *("hnsf", "arb", "ppm", "ppb", "sr", "dpt", "diop"),
    }
)


def is_snomed(value: str) -> bool:
    """Whether a number is a concept of SNOMED CT, by its check digit."""
    if not _SNOMED.fullmatch(value):
        return False
    check = 0
    for place, digit in enumerate(reversed(value)):
        number = int(digit)
        for _ in range(place % 8):
            number = _TURN[number]
        check = _TIMES[check][number]
    return check == 0


def is_loinc(value: str) -> bool:
    """Whether a number with its check digit is one of LOINC."""
    found = _LOINC.fullmatch(value)
    if found is None:
        return False
    total = 0
    for place, digit in enumerate(reversed(found[1])):
        number = int(digit) * (2 if place % 2 == 0 else 1)
        total += number // 10 + number % 10
    return -total % 10 == int(found[2])


def is_unit(value: str) -> bool:
    """Whether a text is a unit of UCUM made of the common ones, without free words."""
    words = _ANNOTATION.findall(value)
    bare = _ANNOTATION.sub("", value)
    if not all(folded(word) in word_list().words for word in words if word):
        return False
    if not _UNIT.fullmatch(bare) or not value:
        return False
    runs = re.findall(r"[A-Za-z]+|\d+", bare)
    return all(len(run) <= 3 if run.isdigit() else run in _ATOMS for run in runs)
