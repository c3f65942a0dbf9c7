"""Attributes that PS3.15 Table E.1-1 has no row for: what is done with them, and why.

The standard lets them stay. This program is stricter: whatever a person may have typed
is treated like a row of its kind; dates, names and identifiers that came after the
table, too.
"""

import re
from functools import lru_cache
from typing import Final

from pydicom import datadict

from viewer.core.deidentification import Option
from viewer.dicom.deidentification.pixel_outcome import OFFSET_TABLES
from viewer.dicom.deidentification.table import Rule, rules
from viewer.dicom.deidentification.tree import vr_of
from viewer.dicom.element import PIXELS

_OURS: Final = "beyond the table"
_TYPED: Final = re.compile(
    r".*(?:Description|Comments?|Notes?|Explanation|Narrative|Label|Text)$"
)
_PAGES: Final = frozenset({"ST", "LT", "UT", "UC", "UR"})
_WHEN: Final = frozenset({"DA", "DT", "TM"})
_WHO: Final = frozenset({"PN", "AE", "AS"})
_STREAMS: Final = frozenset({"OB", "UN"})
_KNOWN_STREAMS: Final = frozenset(
    {
        *(0x00282000, 0x54001010, 0x5400100A, 0x54000110, 0x54000112, 0x00700256),
        *(0x00142210, 0x00143050, 0x00143070, 0x00420011),
    }
)
"""ICC profiles, waveforms, calibration values, documents: their parts clean them."""

_IDENTIFIERS: Final = frozenset(
    {
        *(0x00401006, 0x00401007, 0x00402006, 0x00402007, 0x00201070, 0x0074100C),
        *(0x00140100, 0x00880130, 0x21000010, 0x21000160, 0x21100030, 0x21100099),
        0x00181803,
    }
)
"""Numbers of orders and studies, contacts, owners, addresses of servers."""

_DEVICES: Final = frozenset({0x00181003, 0x30020020})
"""Device ID and Radiation Machine Name, which a house gives."""

_PERSON_GROUPS: Final = frozenset({0x0010, 0x0032, 0x0038, 0x4008, 0x4010})
_HARMLESS_OF_PERSONS: Final = frozenset(
    {
        *(0x00102201, 0x00102202, 0x00102210, 0x00102292, 0x00102293, 0x00102294),
        *(0x00102296, 0x00100022, 0x00100200, 0x00109431),
    }
)
"""Species, breed, quality control: no person's."""

_CONTENT_LABEL: Final = 0x00700080  # a term in form only
_SIGNATURES: Final = 0x0400
_NO_DATA: Final = frozenset({0x0000, 0x0002, 0x0004, 0xFFFE})


@lru_cache(maxsize=32768)
def rule_for(tag: int, options: frozenset[Option]) -> Rule:
    """The rule for an attribute of a public group that is no overlay and no curve."""
    group = tag >> 16
    if group in _NO_DATA:
        return _removed("no part of a data set")
    if tag & 0xFFFF == 0:
        return _removed("lengths of groups are written anew")
    if group == _SIGNATURES:
        return _removed("signatures and encrypted attributes hold for the original")
    if tag in PIXELS or tag in OFFSET_TABLES:
        return _removed("pixels within a sequence, at which nobody has looked")
    row = rules(options).get(tag)
    return _without_row(tag, options) if row is None else row


def _without_row(tag: int, options: frozenset[Option]) -> Rule:
    vr = vr_of(tag)
    if not vr:
        return _removed("the dictionary does not know it")
    if tag == _CONTENT_LABEL:
        return _rule("X/Z/D", "what somebody may have typed")
    told = _told_by_tag(tag, options)
    if told is not None:
        return told
    if vr in _STREAMS and tag not in _KNOWN_STREAMS:
        return _removed("bytes of which nobody knows what they say")
    if vr in _PAGES or (vr in ("LO", "SH") and _is_typed(tag)):
        return _typed(options)
    return _by_vr(vr, options)


def _told_by_tag(tag: int, options: frozenset[Option]) -> Rule | None:
    if tag in _IDENTIFIERS:
        return _rule("X/Z/D", "numbers and names of a house")
    if tag in _DEVICES:
        if Option.RETAIN_DEVICE_IDENTITY in options:
            return _rule("K", "names of devices", Option.RETAIN_DEVICE_IDENTITY)
        return _rule("X/Z/D", "names of devices")
    if tag >> 16 in _PERSON_GROUPS and tag not in _HARMLESS_OF_PERSONS:
        return _rule("X/Z/D", "about the patient or the visit")
    return None


def _by_vr(vr: str, options: frozenset[Option]) -> Rule:
    if vr in _WHEN:
        return _when(options)
    if vr in _WHO:
        return _rule("X/Z/D", "names and titles")
    if vr == "UI":
        kept = Option.RETAIN_UIDS in options
        return _rule("K" if kept else "U", "every UID but those of the standard")
    return Rule("K", "X/Z/D", None, "Basic Profile: no row in PS3.15 E.1-1")


def _when(options: frozenset[Option]) -> Rule:
    why = "dates and times"
    if Option.RETAIN_MODIFIED_DATES in options:
        return _rule("C", why, Option.RETAIN_MODIFIED_DATES)
    if Option.RETAIN_FULL_DATES in options:
        return _rule("K", why, Option.RETAIN_FULL_DATES)
    return _rule("X/Z/D", why)


def _typed(options: frozenset[Option]) -> Rule:
    if Option.CLEAN_DESCRIPTORS in options:
        return _rule("C", "what somebody may have typed", Option.CLEAN_DESCRIPTORS)
    return _rule("X/Z/D", "what somebody may have typed")


def _is_typed(tag: int) -> bool:
    return _TYPED.fullmatch(datadict.keyword_for_tag(tag)) is not None


def _removed(why: str) -> Rule:
    return _rule("X", why)


def _rule(action: str, why: str, option: Option | None = None) -> Rule:
    return Rule(action, "X/Z/D", option, f"{_OURS}: {why}")
