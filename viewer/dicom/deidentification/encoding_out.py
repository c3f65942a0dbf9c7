"""A tree as bytes: explicit VR, little endian, every length stated; PS3.5 7."""

import struct
import warnings
from collections.abc import Iterable
from typing import Final

from pydicom.config import disable_value_validation
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_data_element

from viewer.dicom.deidentification.tree import Entry, Item, entries, items_of
from viewer.dicom.encoding import LONG_VRS

_SHORT: Final = struct.Struct("<HH2sH")
_LONG: Final = struct.Struct("<HH2sHI")
_ITEM: Final = struct.Struct("<HHI")
_LONGEST_SHORT: Final = 0xFFFE
_ZERO_PADDED: Final = frozenset({"UI", "OB", "UN"})


def encoded(found: Iterable[Entry]) -> bytes:
    """Attributes in the order of their tags.

    Parameters
    ----------
    found : iterable of RawDataElement or DataElement
        With bytes, which are written as they are, or with values of pydicom.
    """
    by_tag = {int(one.tag): one for one in found}
    return b"".join([_element(by_tag[tag]) for tag in sorted(by_tag)])


def _element(element: Entry) -> bytes:
    if isinstance(element, RawDataElement):
        value, vr = element.value or b"", element.VR or "UN"
        if len(value) % 2:
            value += b"\0" if vr in _ZERO_PADDED else b" "
        return header(int(element.tag), vr, len(value)) + value
    if element.VR == "SQ":
        value = b"".join([_item(item) for item in items_of(element)])
        return header(int(element.tag), "SQ", len(value)) + value
    return _by_pydicom(element)


def header(tag: int, vr: str, length: int) -> bytes:
    """Tag, VR and length.

    What is too long for the length of its VR becomes UN; PS3.5 6.2.2, note to UN.
    """
    code = vr.encode("ascii")
    if code in LONG_VRS:
        return _LONG.pack(tag >> 16, tag & 0xFFFF, code, 0, length)
    if length > _LONGEST_SHORT:
        return _LONG.pack(tag >> 16, tag & 0xFFFF, b"UN", 0, length)
    return _SHORT.pack(tag >> 16, tag & 0xFFFF, code, length)


def _item(item: Item) -> bytes:
    value = encoded(entries(item))
    return _ITEM.pack(0xFFFE, 0xE000, len(value)) + value


def _by_pydicom(element: DataElement) -> bytes:
    out = DicomBytesIO()
    out.is_implicit_VR, out.is_little_endian = False, True
    with warnings.catch_warnings(), disable_value_validation():
        warnings.simplefilter("ignore")  # they quote values
        write_data_element(out, element)
    return bytes(out.getvalue())
