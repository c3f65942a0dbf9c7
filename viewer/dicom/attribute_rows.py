"""A whole file as lines for people, whatever is wrong with its values."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from viewer.core.attribute_row import AttributeRow
from viewer.core.counts import counted
from viewer.dicom.attributes import Attributes
from viewer.dicom.dictionary import Entry, entry_of, pixel_representation, uid_name
from viewer.dicom.element import Element
from viewer.dicom.encoding import UNDEFINED
from viewer.dicom.part10 import open_dicom
from viewer.dicom.values import BULK_VRS, LONGEST_TEXT, Value, is_long, values

_SHOWN: Final = 1024  # characters of a value
_SHOWN_BYTES: Final = 16


def attribute_rows(path: str | Path) -> tuple[AttributeRow, ...]:
    """Every attribute of the file at `path`, sequences with their items below them.

    Raises
    ------
    NotDicomError, UnreadableError
        If it cannot be read.
    """
    with open_dicom(path) as opened:
        data_set = opened.whole()
        signed = pixel_representation(data_set)
        return (*_rows(opened.meta, signed, 0), *_rows(data_set, signed, 0))


def _rows(
    data_set: Attributes, signed: int | None, depth: int
) -> Iterator[AttributeRow]:
    for element in data_set:
        entry = entry_of(data_set, element, signed)
        if entry.vr != "SQ" and not element.items:
            shown = _value(data_set, element, entry.vr)
            yield _row(element, entry, depth, shown)
            continue
        items = data_set.items(element.tag)
        count = counted(len(items), "item")
        yield _row(element, entry._replace(vr="SQ"), depth, count)
        for number, item in enumerate(items, 1):
            yield AttributeRow(depth + 1, "(FFFE,E000)", "", f"Item {number}", "")
            yield from _rows(item, signed, depth + 2)


def _row(element: Element, entry: Entry, depth: int, value: str) -> AttributeRow:
    tag = f"({element.tag >> 16:04X},{element.tag & 0xFFFF:04X})"
    return AttributeRow(depth, tag, entry.vr, entry.name, value, entry.keyword)


def _value(data_set: Attributes, element: Element, vr: str) -> str:
    if element.length == 0:
        return ""
    if element.length == UNDEFINED:
        return "encapsulated"
    if vr in BULK_VRS or is_long(element, LONGEST_TEXT):
        return _bytes(data_set, element)
    text = "\\".join(map(_text, values(data_set, element, vr)))
    if vr == "UI" and (name := uid_name(text)):
        return f"{text} ({name})"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _text(value: Value) -> str:
    if isinstance(value, dict):
        return "=".join(value.values())
    if isinstance(value, float):
        return f"{value:.10g}"
    return "" if value is None else str(value)


def _bytes(data_set: Attributes, element: Element) -> str:
    shown = data_set.raw(element.tag, _SHOWN_BYTES).hex(" ")
    more = " …" if element.length > _SHOWN_BYTES else ""
    return f"{shown}{more} ({element.length} bytes)"
