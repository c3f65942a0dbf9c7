"""Whether a value is what its VR says: names hide in numbers and dates; PS3.5 6.2."""

import re
import struct
from functools import lru_cache
from typing import Final

from pydicom import datadict

from viewer.dicom.text import CharacterSet

_SEVERAL: Final = r"(?:{0})?(?:\\(?:{0})?)*[ \0]*"
_DAY: Final = r"(?:0[1-9]|[12]\d|3[01])"
_MONTH: Final = r"(?:0[1-9]|1[0-2])"
_CLOCK: Final = r"(?:[01]\d|2[0-3])(?:[0-5]\d(?:(?:[0-5]\d|60)(?:\.\d{1,6})?)?)?"
_FORMS: Final = {
    "AE": r"[ -\[\]-~]{1,16}",
    "AS": r" *\d{3}[DWMY] *",
    "CS": r" *[A-Z0-9_](?:[A-Z0-9_ ]{0,14}[A-Z0-9_])? *",
    "DA": rf" *\d{{4}}(?:{_MONTH}{_DAY}|\.{_MONTH}\.{_DAY}) *",
    "DS": r" *[+-]?(?:\d{1,24}(?:\.\d{0,24})?|\.\d{1,24})(?:[Ee][+-]?\d{1,3})? *",
    "DT": rf" *\d{{4}}(?:{_MONTH}(?:{_DAY}(?:{_CLOCK})?)?)?(?:[+-]\d{{4}})? *",
    "IS": r" *[+-]?\d{1,12} *",
    "TM": rf" *(?:{_CLOCK}|[0-2]\d:[0-5]\d(?::[0-5]\d(?:\.\d{{1,6}})?)?) *",
    "UI": r" *\d[\d.]{0,63} *",
}
_PATTERNS: Final = {
    vr: re.compile(_SEVERAL.format(form).encode()) for vr, form in _FORMS.items()
}
_LONGEST: Final = {"SH": 16, "LO": 64, "PN": 64 * 3 + 2, "ST": 1024, "LT": 10240}
"""Characters of one value; PS3.5 Table 6.2-1."""

_WIDTHS: Final = {
    vr: width
    for width, vrs in {2: "US SS", 4: "UL SL FL AT", 8: "FD UV SV"}.items()
    for vr in vrs.split()
}
_WORD_STREAMS: Final = {"OW": 2, "OF": 4, "OL": 4, "OD": 8, "OV": 8, "OB": 1, "UN": 1}
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_LINES: Final = re.compile(r"[\t\n\f\r]")
_PRINTED: Final = re.compile(rb"[ -~]{6,}\0?")
_PAGES: Final = frozenset({"ST", "LT", "UT", "UC", "UR"})

_SMALL: Final = 1e-6
_LARGE: Final = 5e5

NUMBERS: Final = frozenset({"DS", "IS", *_WIDTHS})
TEXTS: Final = frozenset({"SH", "LO", "PN", *_PAGES})


def is_legal(tag: int, vr: str, value: bytes, character_set: CharacterSet) -> bool:
    """Whether the bytes can be a value, or values, of an attribute of this VR.

    Stricter than most readers: what is not legal may be a text in disguise.
    """
    if not value:
        return True
    pattern = _PATTERNS.get(vr)
    if pattern is not None:
        return pattern.fullmatch(value) is not None
    if vr in TEXTS:
        return _is_text(vr, value, character_set)
    width = _WIDTHS.get(vr)
    if width is not None:
        count, rest = divmod(len(value), width)
        return not rest and count <= _most_values(tag) and not _is_spelled(vr, value)
    width = _WORD_STREAMS.get(vr)
    return width is not None and len(value) % width == 0


def _is_text(vr: str, value: bytes, character_set: CharacterSet) -> bool:
    text, tolerated = character_set.decode(value)
    if tolerated:
        return False
    text = text.rstrip(" \0")
    if _CONTROLS.search(text) or (vr not in _PAGES and _LINES.search(text)):
        return False
    longest = _LONGEST.get(vr)
    if longest is None:
        return True
    values = [text] if vr in _PAGES else text.split("\\")
    return all(len(one.strip()) <= longest for one in values)


def _is_spelled(vr: str, value: bytes) -> bool:
    """Whether numbers spell something.

    Each byte of a number is a printed character now and then. Letters read as
    floating point are far from all that is measured; whole numbers need to spell more.
    """
    if len(value) < 6 or _PRINTED.fullmatch(value) is None:
        return False
    form = {"FL": "f", "FD": "d"}.get(vr)
    if form is None:
        return len(value) >= 8
    numbers = struct.unpack(f"<{len(value) // struct.calcsize(form)}{form}", value)
    return any(not _SMALL < abs(number) < _LARGE for number in numbers)


@lru_cache(maxsize=8192)
def _most_values(tag: int) -> int:
    """How many values the dictionary allows."""
    try:
        allowed = datadict.dictionary_VM(tag)
    except KeyError:
        return 1 << 32
    last = allowed.rpartition("-")[2]
    return int(last) if last.isdigit() else 1 << 32
