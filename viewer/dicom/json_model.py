"""A whole file in the DICOM JSON model; PS3.18 Annex F."""

from pathlib import Path
from typing import Any, Final

from viewer.dicom.attributes import Attributes
from viewer.dicom.dictionary import entry_of, pixel_representation
from viewer.dicom.element import Element
from viewer.dicom.encoding import UNDEFINED
from viewer.dicom.part10 import open_dicom
from viewer.dicom.values import BULK_VRS, LONGEST_TEXT, inline, is_long, values

_INLINE: Final = 1024  # bytes; what is longer is bulk

Json = dict[str, dict[str, Any]]


def json_model(path: str | Path) -> Json:
    """Every attribute of the file at `path`, file meta information included.

    Pixels and other long binary values are not copied: their ``BulkDataURI`` is
    ``#7FE00010?offset=1234&length=524288``, the place of the value in this file
    (``length=undefined`` for encapsulated pixels).

    Raises
    ------
    NotDicomError, UnreadableError
        If it cannot be read.
    """
    with open_dicom(path) as opened:
        data_set = opened.whole()
        signed = pixel_representation(data_set)
        return {**_model(opened.meta, signed), **_model(data_set, signed)}


def _model(data_set: Attributes, signed: int | None) -> Json:
    return {
        f"{element.tag:08X}": _attribute(data_set, element, signed)
        for element in data_set
    }


def _attribute(
    data_set: Attributes, element: Element, signed: int | None
) -> dict[str, Any]:
    vr = entry_of(data_set, element, signed).vr
    if vr == "SQ" or element.items:
        items = [_model(item, signed) for item in data_set.items(element.tag)]
        return {"vr": "SQ", "Value": items} if items else {"vr": "SQ"}
    if element.length == 0:
        return {"vr": vr}
    if is_long(element, _INLINE if vr in BULK_VRS else LONGEST_TEXT):
        return {"vr": vr, "BulkDataURI": _place(element)}
    if vr in BULK_VRS:
        return {"vr": vr, "InlineBinary": inline(data_set, element, vr)}
    found = values(data_set, element, vr)
    if all(value is None for value in found):
        return {"vr": vr}
    return {"vr": vr, "Value": found}


def _place(element: Element) -> str:
    length = "undefined" if element.length == UNDEFINED else element.length
    return f"#{element.tag:08X}?offset={element.offset}&length={length}"
