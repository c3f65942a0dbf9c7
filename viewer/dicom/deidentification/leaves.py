"""What becomes of one value: kept, replaced, mapped, moved or cleaned."""

import re
from dataclasses import dataclass, field
from typing import Final

from viewer.core.deidentification import Option
from viewer.core.pseudonyms import Pseudonyms
from viewer.dicom.deidentification import dates, icc_profiles
from viewer.dicom.deidentification.actions import CODE_MEANING
from viewer.dicom.deidentification.descriptors import cleaned_value
from viewer.dicom.deidentification.dummies import dummy, empty
from viewer.dicom.deidentification.identifying import Identifying
from viewer.dicom.deidentification.legality import TEXTS, is_legal
from viewer.dicom.deidentification.person import Person
from viewer.dicom.deidentification.terms import uncommon
from viewer.dicom.deidentification.tree import (
    CHARACTER_SET,
    UNPARSED,
    Entry,
    bytes_of,
    raw,
    vr_of,
)
from viewer.dicom.text import CharacterSet

_PATIENT_NAME, _PATIENT_ID, _AGE = 0x00100010, 0x00100020, 0x00101010
_CODING_SCHEME_UID: Final = 0x0008010C
_COLOUR_PROFILE: Final = 0x00282000
_NUMBERED: Final = {
    0x00080050: "accession",
    0x00200010: "study",
    0x00120040: "subject",
    0x00400512: "container",
    0x00400551: "specimen",
}
"""Identifiers whose pseudonym tells what belongs together."""

_CODE_SYSTEM: Final = re.compile(rb"2\.16\.840\.1\.113883\.6\.\d{1,4}[ \0]*")
"""UIDs of public terminologies, such as SNOMED CT and UCUM; PS3.16 8."""

_OLDEST: Final = b"090Y"
_SEARCHED: Final = TEXTS | {"CS", "AE"}
_MEASURES: Final = frozenset({"IS", "DS"})
_CHARACTERS: Final = _SEARCHED | _MEASURES | {"AS", "DA", "DT", "TM", "UI"}
_BINARY: Final = frozenset(
    {
        *("OB", "OW", "OF", "OD", "OL", "OV", "UN"),
        *("US", "SS", "UL", "SL", "UV", "SV", "FL", "FD", "AT"),
    }
)
_TIMEZONE: Final = re.compile(rb"[+-](?:0\d|1[0-4])[0-5]\d *")
_KIN: Final = frozenset(
    frozenset(pair.split()) for pair in ("US SS", "OB OW", "US OW", "SS OW")
)
"""VRs that mean the same bytes."""

_WORDED: Final = (Option.CLEAN_DESCRIPTORS, Option.RETAIN_PATIENT_CHARACTERISTICS)


@dataclass(frozen=True)
class Leaves:
    """Changes values of one instance.

    Attributes
    ----------
    pseudonyms : Pseudonyms
    person : Person
    character_set : CharacterSet
        Of the source, and so of every text that stays.
    known : Identifying
        What must not be in any of them.
    signed : bool
        Whether stored values are, which decides between US and SS.
    uids : dict
        Every UID that was replaced, with what replaced it.
    """

    pseudonyms: Pseudonyms
    person: Person
    character_set: CharacterSet
    known: Identifying
    signed: bool = False
    uids: dict[str, str] = field(default_factory=dict)

    def after(self, element: Entry, action: str, option: Option | None) -> Entry | None:
        """An attribute after an action; None if it goes, or the action cannot be.

        Parameters
        ----------
        element : RawDataElement
        action : str
            One letter of PS3.15 E.2.
        option : Option or None
            Which option asks for it.
        """
        tag = int(element.tag)
        vr = vr_of(tag, signed=self.signed) or str(element.VR)
        match action:
            case "Z" | "D":
                return self._replaced(element, vr, action)
            case "U" if vr == "UI":
                return self.mapped(element)
            case "C":
                return self._cleaned(element, vr, option)
            case "K" if vr != "SQ":  # one that could not be cut into items goes
                return self.kept(element, vr)
        return None

    def mapped(self, element: Entry) -> Entry | None:
        """UIDs, each replaced by the one that stands for it."""
        tag, value = int(element.tag), bytes_of(element)
        if not is_legal(tag, "UI", value, self.character_set):
            return None
        if tag == _CODING_SCHEME_UID and _CODE_SYSTEM.fullmatch(value):
            return raw(tag, "UI", value)
        old = [one.strip(" \0") for one in value.decode("ascii").split("\\")]
        new = [self.pseudonyms.uid(one) for one in old]
        self.uids.update((a, b) for a, b in zip(old, new, strict=True) if a != b)
        return raw(tag, "UI", "\\".join(new).encode())

    def kept(self, element: Entry, vr: str) -> Entry | None:
        """The same value, if it is one of its VR and tells of nobody."""
        tag, written = int(element.tag), str(element.VR)
        if written == UNPARSED:
            return None
        if written not in (vr, "UN"):
            if frozenset({vr, written}) in _KIN:
                vr = written
            elif vr not in _CHARACTERS or written not in _CHARACTERS:
                return None  # the same bytes would be another number
        value = _parts_that_stay(tag, bytes_of(element))
        if not self._may_stay(tag, vr, value):
            return None
        if value is element.value and vr == written:
            return element
        return raw(tag, vr, value)

    def _replaced(self, element: Entry, vr: str, action: str) -> Entry | None:
        tag = int(element.tag)
        new_name = self._who(tag)
        if new_name:
            return raw(tag, vr, new_name.encode())
        kind = _NUMBERED.get(tag)
        if not element.value:
            return empty(tag, vr)
        if kind is not None:
            new = self.pseudonyms.identifier(kind, self._text(element))
            return raw(tag, vr, new.encode())
        if action == "Z":
            return empty(tag, vr)
        return self.mapped(element) if vr == "UI" else dummy(tag, vr) or empty(tag, vr)

    def _who(self, tag: int) -> str:
        """The pseudonym, where the attribute is the patient's name or ID."""
        if tag == _PATIENT_NAME:
            return self.person.new_name
        return self.person.new_id if tag == _PATIENT_ID else ""

    def _cleaned(self, element: Entry, vr: str, option: Option | None) -> Entry | None:
        tag = int(element.tag)
        if option is Option.RETAIN_MODIFIED_DATES:
            return self._moved(element, vr)
        if option is Option.RETAIN_DEVICE_IDENTITY and vr == "AE":
            new = self.pseudonyms.identifier("title", self._text(element))
            return raw(tag, vr, new.encode())
        if option in _WORDED and vr in TEXTS and element.VR in TEXTS:
            value = bytes_of(element)
            left = cleaned_value(value, vr, self.character_set, self.known)
            return raw(tag, vr, left) if left else None
        return None

    def _moved(self, element: Entry, vr: str) -> Entry | None:
        tag, value = int(element.tag), bytes_of(element)
        if vr == "SH":  # Timezone Offset From UTC stays: only days are moved
            return raw(tag, vr, value) if _TIMEZONE.fullmatch(value) else None
        if vr not in ("DA", "DT", "TM"):
            return None
        if not is_legal(tag, vr, value, self.character_set):
            return None
        new = dates.moved(vr, value.decode("ascii").strip(" \0"), self.person.shift)
        return None if new is None else raw(tag, vr, new.encode())

    def _may_stay(self, tag: int, vr: str, value: bytes) -> bool:
        if not is_legal(tag, vr, value, self.character_set):
            return False
        if tag == CHARACTER_SET:
            return CharacterSet.from_terms(value).known
        return not self._tells(tag, vr, value)

    def _tells(self, tag: int, vr: str, value: bytes) -> bool:
        """Whether a legal value says who it is."""
        known = self.known
        if vr in _BINARY:
            return len(value) > 4 and known.found_in_stream(value)
        if vr in _MEASURES:
            return known.is_number(value.decode("ascii"))
        if vr not in _SEARCHED:
            return False
        text = self.character_set.decode(value)[0]
        if vr == "CS" or tag == CODE_MEANING:
            return known.found_in(text) and known.found_in(uncommon(text))
        return known.found_in(text)

    def _text(self, element: Entry) -> str:
        return self.character_set.decode(bytes_of(element))[0].strip(" \0")


def _parts_that_stay(tag: int, value: bytes) -> bytes:
    """What of a value can be told to nobody's harm, where not all of it can."""
    if tag == _AGE:
        return _capped(value)
    if tag == _COLOUR_PROFILE and value:
        return icc_profiles.cleaned(value) or b""
    return value


def _capped(value: bytes) -> bytes:
    """An age that is not told beyond 90 years, as HIPAA wants (45 CFR 164.514)."""
    text = value.strip(b" \0")
    years = text[:-1]
    if text.endswith(b"Y") and years.isdigit() and int(years) >= 90:
        return _OLDEST
    return value
