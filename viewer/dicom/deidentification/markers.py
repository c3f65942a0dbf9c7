"""How an anonymized object says that it is one, and in which way; PS3.15 E.1.1."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from viewer import __version__
from viewer.core.deidentification import Option, Policy
from viewer.dicom.deidentification.tree import Entry, Item, item_of, raw, sequence

_PROFILE: Final = ("113100", "Basic Application Confidentiality Profile")
_CODES: Final = {
    Option.CLEAN_PIXELS: ("113101", "Clean Pixel Data Option"),
    Option.CLEAN_GRAPHICS: ("113103", "Clean Graphics Option"),
    Option.CLEAN_STRUCTURED_CONTENT: ("113104", "Clean Structured Content Option"),
    Option.CLEAN_DESCRIPTORS: ("113105", "Clean Descriptors Option"),
    Option.RETAIN_FULL_DATES: (
        "113106",
        "Retain Longitudinal Temporal Information Full Dates Option",
    ),
    Option.RETAIN_MODIFIED_DATES: (
        "113107",
        "Retain Longitudinal Temporal Information Modified Dates Option",
    ),
    Option.RETAIN_PATIENT_CHARACTERISTICS: (
        "113108",
        "Retain Patient Characteristics Option",
    ),
    Option.RETAIN_DEVICE_IDENTITY: ("113109", "Retain Device Identity Option"),
    Option.RETAIN_UIDS: ("113110", "Retain UIDs Option"),
    Option.RETAIN_SAFE_PRIVATE: ("113111", "Retain Safe Private Option"),
    Option.RETAIN_INSTITUTION_IDENTITY: (
        "113112",
        "Retain Institution Identity Option",
    ),
}
"""PS3.16 CID 7050."""

REMOVED_TAG: Final = 0x00120062
METHOD_TAG: Final = 0x00120063
CODES_TAG: Final = 0x00120064
BURNED_IN_TAG: Final = 0x00280301
FACE_TAG: Final = 0x00280302
DATES_TAG: Final = 0x00280303


@lru_cache(maxsize=64)
def markers(
    policy: Policy, *, burned_in: str, shows_face: bool
) -> Mapping[int, Entry | None]:
    """What an object has to say of its own cleaning, by tag; None is to be absent.

    Parameters
    ----------
    policy : Policy
    burned_in : str
        ``YES``, ``NO`` or, where nobody can say, empty.
    shows_face : bool
        Whether a face can be recognised; that none can is never claimed.
    """
    codes = [_PROFILE, *(_CODES[one] for one in Option if one in policy.options)]
    found: dict[int, Entry | None] = {
        REMOVED_TAG: raw(REMOVED_TAG, "CS", b"YES"),
        METHOD_TAG: raw(METHOD_TAG, "LO", f"Lightbox {__version__}".encode()),
        CODES_TAG: sequence(CODES_TAG, [_code(*code) for code in codes]),
        BURNED_IN_TAG: (
            raw(BURNED_IN_TAG, "CS", burned_in.encode()) if burned_in else None
        ),
        FACE_TAG: raw(FACE_TAG, "CS", b"YES") if shows_face else None,
        DATES_TAG: raw(DATES_TAG, "CS", _dates(policy.options)),
    }
    return MappingProxyType(found)


def _dates(options: frozenset[Option]) -> bytes:
    if Option.RETAIN_MODIFIED_DATES in options:
        return b"MODIFIED"
    return b"UNMODIFIED" if Option.RETAIN_FULL_DATES in options else b"REMOVED"


def _code(value: str, meaning: str) -> Item:
    return item_of(
        [
            raw(0x00080100, "SH", value.encode()),
            raw(0x00080102, "SH", b"DCM"),
            raw(0x00080104, "LO", meaning.encode()),
        ]
    )
