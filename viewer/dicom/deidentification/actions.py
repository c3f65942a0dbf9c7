"""Which one action a rule comes to, for this attribute of this object; PS3.15 E.2."""

from typing import Final

from viewer.dicom.deidentification.legality import NUMBERS
from viewer.dicom.deidentification.object_types import (
    EMPTY_ALLOWED,
    OPTIONAL,
    REQUIRED,
)
from viewer.dicom.deidentification.table import Rule
from viewer.dicom.deidentification.tree import vr_of

CODE_MEANING: Final = 0x00080104

_NEEDED: Final = {"1": "D", "2": "Z", "2C": "Z"}
_WHOLE_MODULES: Final = frozenset({0x0040B020, 0x00700001})
"""Annotations of waveforms and images: their modules may be absent as a whole."""

_REFERENCES: Final = frozenset({0x00081111})
"""Referenced Performed Procedure Step Sequence, which has nothing but UIDs."""


def action_of(rule: Rule, kind: str, tag: int) -> str:
    """The one action of a rule for an attribute of this kind.

    What must have a value, but is to go, gets one that says nothing: the object
    stays one. References that must be there are replaced like all others.

    Parameters
    ----------
    rule : Rule
    kind : str
        How much the object needs it (`object_types.type_of`).
    tag : int
    """
    if tag in _WHOLE_MODULES and rule.action != "C":
        return "X"
    if tag in _REFERENCES and rule.action == "X/Z/D":
        return "U"
    if rule.action == "X" and kind in _NEEDED and vr_of(tag) != "SQ":
        return _NEEDED[kind]
    return resolved(rule.action, kind)


def otherwise(rule: Rule, kind: str, tag: int, vr: str) -> str:
    """The action where a value may not stay, though a rule would have kept it."""
    if tag == CODE_MEANING:
        return "D"
    if vr in NUMBERS or vr_of(tag) in NUMBERS:
        return "X" if kind == OPTIONAL else "Z"  # a dummy would be a lie
    return resolved("X/Z/D" if rule.basic == "K" else rule.basic, kind)


def resolved(action: str, kind: str) -> str:
    """The one action that a compound one comes to.

    Parameters
    ----------
    action : str
        As in the table.
    kind : str
        How much the object needs the attribute.
    """
    if len(action) == 1:
        return action
    if action == "X/Z/U*":
        return "U"  # references stay whole: their UIDs are replaced
    if action == "X/D":
        return "X" if kind == OPTIONAL else "D"
    if kind in REQUIRED and action.endswith("D"):
        return "D"
    if action == "Z/D" or kind in EMPTY_ALLOWED or kind in REQUIRED:
        return "Z"
    return "X"
