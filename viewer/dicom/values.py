"""The values of an attribute as the DICOM JSON model gives them; PS3.18 F.2."""

import base64
import math
import struct
from typing import Final

import numpy as np

from viewer.dicom.attributes import BINARY_FORMATS, Attributes
from viewer.dicom.element import Element
from viewer.dicom.encoding import UNDEFINED

Value = str | int | float | dict[str, str] | None

BULK_VRS: Final = {"OB": 1, "OD": 8, "OF": 4, "OL": 4, "OV": 8, "OW": 2, "UN": 1}
"""Byte streams, and how many bytes make a word of them."""

_WHOLE_TEXT: Final = frozenset({"LT", "ST", "UT", "UR"})  # a backslash is a character
_NUMBER_TEXT: Final = frozenset({"DS", "IS"})
_GROUPS: Final = ("Alphabetic", "Ideographic", "Phonetic")
LONGEST_TEXT: Final = 1 << 20


def values(data_set: Attributes, element: Element, vr: str) -> list[Value]:
    """Every value of an attribute that is neither bytes nor a sequence.

    What does not fit its VR comes as the text it is; a value that is empty is None.
    """
    if vr == "AT":
        return list(_tags(data_set, element))
    if vr in BINARY_FORMATS:
        return list(_numbers(data_set, element, BINARY_FORMATS[vr]))
    text = data_set.decoded(element.tag)
    if vr in _WHOLE_TEXT:
        return [text.rstrip(" \0")]
    found = [part.strip(" \0") for part in text.split("\\")]
    if vr in _NUMBER_TEXT:
        return [_number(part, whole=vr == "IS") for part in found]
    if vr == "PN":
        return [_person(part) for part in found]
    return [part or None for part in found]


def inline(data_set: Attributes, element: Element, vr: str) -> str:
    """Bytes of an attribute in base 64, little endian whatever the file is."""
    raw = data_set.raw(element.tag)
    word = BULK_VRS.get(vr, 1)
    if word > 1 and not element.encoding.little and len(raw) % word == 0:
        raw = np.frombuffer(raw, f"u{word}").byteswap().tobytes()
    return base64.b64encode(raw).decode()


def is_long(element: Element, limit: int) -> bool:
    """Whether the value is longer than `limit` bytes, or of undefined length."""
    return element.length == UNDEFINED or element.length > limit


def _numbers(data_set: Attributes, element: Element, form: str) -> list[Value]:
    raw = data_set.raw(element.tag)
    count = len(raw) // struct.calcsize("=" + form)
    found = struct.unpack_from(f"{element.encoding.order}{count}{form}", raw)
    return [_finite(value) for value in found]


def _finite(value: float) -> Value:
    """JSON has no infinity; PS3.18 F.2.3 writes it as text."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "inf" if value > 0 else "-inf"


def _tags(data_set: Attributes, element: Element) -> list[Value]:
    raw = data_set.raw(element.tag)
    pairs = struct.iter_unpack(element.encoding.order + "HH", raw[: len(raw) & ~3])
    return [f"{group:04X}{number:04X}" for group, number in pairs]


def _number(text: str, *, whole: bool) -> Value:
    try:
        value = float(text) if "_" not in text else math.nan
    except ValueError:
        return text or None
    if not math.isfinite(value):
        return text
    return int(value) if whole and value.is_integer() else value


def _person(text: str) -> Value:
    groups = dict(zip(_GROUPS, text.split("=", 2), strict=False))
    return {name: group for name, group in groups.items() if group} or None
