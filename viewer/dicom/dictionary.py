"""What the standard and the vendors call an attribute, and what VR it has."""

from functools import lru_cache
from typing import Final, NamedTuple

from pydicom import config, datadict
from pydicom.uid import UID

from viewer.dicom import tag as tags
from viewer.dicom.attributes import Attributes
from viewer.dicom.element import Element

_SIGNED: Final = 1


class Entry(NamedTuple):
    """Name, keyword and VR of an attribute; VR ``UN`` where nobody knows."""

    name: str
    keyword: str
    vr: str


def entry_of(data_set: Attributes, element: Element, signed: int | None) -> Entry:
    """What is known of an attribute of `data_set`.

    Parameters
    ----------
    signed : int or None
        Pixel Representation (0028,0103) of the whole file, which decides between US
        and SS where the file does not say.
    """
    known = _known(element.tag, _creator(data_set, element.tag))
    vr = element.vr if element.vr not in ("", "UN") else known.vr
    if " or " in vr:
        first, *_, last = vr.split(" or ")
        numbers = "SS" if signed == _SIGNED else "US"
        vr = numbers if first == "US" and last != "OW" else last
    return known._replace(vr=vr)


@lru_cache(maxsize=8192)
def _known(tag: int, creator: str) -> Entry:
    group, number = tag >> 16, tag & 0xFFFF
    if number == 0:
        return Entry("Group Length", "", "UL")
    if group % 2 and 0x10 <= number <= 0xFF:
        return Entry("Private Creator", "", "LO")
    try:
        if group % 2:
            vr, _, name, _ = datadict.get_private_entry(tag, creator)
            return Entry(name, "", vr)
        vr, _, name, _, keyword = datadict.get_entry(tag)
    except KeyError:
        return Entry("Private" if group % 2 else "Unknown", "", "UN")
    return Entry(name, keyword, vr)


def _creator(data_set: Attributes, tag: int) -> str:
    """Private Creator of a private attribute; PS3.5 7.8.1."""
    group, block = tag >> 16, (tag >> 8) & 0xFF
    return data_set.text(group << 16 | block) if group % 2 and block else ""


def pixel_representation(data_set: Attributes) -> int | None:
    """Whether the pixels of the file are signed, if it says so."""
    return data_set.integer(tags.PIXEL_REPRESENTATION)


def uid_name(uid: str) -> str:
    """What the standard calls a UID of its own; empty for any other."""
    name = UID(uid, config.IGNORE).name  # or it would warn, and print the value
    return "" if name == uid else name
