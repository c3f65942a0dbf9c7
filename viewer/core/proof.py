"""What a proof found in an anonymized export, without a value of anybody."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from viewer.core.telltale import Kind


class Fault(StrEnum):
    """What can be wrong with an export."""

    SURVIVOR = "survivor"
    RULE = "rule"
    PRIVATE = "private"
    UNKNOWN = "unknown"
    FORM = "form"
    WRAPPING = "wrapping"
    STREAM = "stream"
    SPARE_BITS = "spare-bits"
    MARKER = "marker"
    REFERENCE = "reference"
    UIDS = "uids"
    COUNT = "count"
    CHANGED = "changed"
    STRANGER = "stranger"
    UNREADABLE = "unreadable"

    @property
    def sentence(self) -> str:
        """For the user."""
        return _SENTENCES[self]

    @property
    def promise(self) -> str:
        """What is proven where it was not found."""
        return _PROMISES[self]


_SENTENCES: Final = {
    Fault.SURVIVOR: "A value of the source is still there.",
    Fault.RULE: "The attribute is there against its rule.",
    Fault.PRIVATE: "A private attribute is there that is not known to be safe.",
    Fault.UNKNOWN: "An attribute is there that no edition of the standard names.",
    Fault.FORM: "The value is not what its value representation says.",
    Fault.WRAPPING: "There is something around the data set that was not written new.",
    Fault.STREAM: "The code stream holds something that is no image.",
    Fault.SPARE_BITS: "Bits that no pixel uses are not zero.",
    Fault.MARKER: "The file does not say truly how it was made anonymous.",
    Fault.REFERENCE: "It refers to an object that is not in the export.",
    Fault.UIDS: "Its UIDs do not fit the other files.",
    Fault.COUNT: "What went in is not what came out and what was withheld.",
    Fault.CHANGED: "The file is not the one that was written.",
    Fault.STRANGER: "The export holds a file of which it gives no account.",
    Fault.UNREADABLE: "The file cannot be read, so nothing of it is proven.",
}


_PROMISES: Final = {
    Fault.SURVIVOR: "No value of the source is in any byte.",
    Fault.RULE: "Each attribute keeps its rule, at every depth.",
    Fault.PRIVATE: "No private attribute is there but those known to be safe.",
    Fault.UNKNOWN: "Every attribute is one that the standard names.",
    Fault.FORM: "Every value is what its value representation says.",
    Fault.WRAPPING: "All around the data set was written new, and nothing follows it.",
    Fault.STREAM: "The code streams hold their pictures and nothing else.",
    Fault.SPARE_BITS: "Bits that no pixel uses are zero.",
    Fault.MARKER: "Each file says truly how it was made anonymous.",
    Fault.REFERENCE: "References lead where they led in the source.",
    Fault.UIDS: "The UIDs of all files fit each other.",
    Fault.COUNT: "What went in is what came out and what was withheld.",
    Fault.CHANGED: "Each file is the one that was written.",
    Fault.STRANGER: "The export gives account of each file.",
    Fault.UNREADABLE: "Every file could be read.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    Attributes
    ----------
    fault : Fault
    file : str
        Its name in the export; where the name itself tells of somebody, its number.
    place : str
        The attribute's path, or what else of the file; empty for the export.
    kind : Kind or None
        What of somebody survived.
    rule : str
        Which rule was broken.
    mark : str
        Tells equal values from others in this report; a keyed hash, empty if none.
    """

    fault: Fault
    file: str
    place: str = ""
    kind: Kind | None = None
    rule: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Own:
    """Which UIDs a file of the export has, and which it names.

    Attributes
    ----------
    sop_class, instance, series, study, patient : str
        Its own; `patient` is the pseudonym.
    references : frozenset of str
        Objects it refers to.
    """

    sop_class: str
    instance: str
    series: str
    study: str
    patient: str
    references: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Proof:
    """What a proof looked at, and what it found.

    Attributes
    ----------
    files, bytes : int
        Looked at.
    against : int
        Instances of the source whose values were sought; 0 if there was no source.
    values : mapping of Kind to int
        How many values were sought.
    forms : int
        In how many ways of writing them.
    wanted, exported, stayed : int or None
        By the account of the export; None where there is none.
    reasons : mapping of str to int
        Why instances stayed.
    outside : int
        References that lead to objects no export could hold.
    findings : tuple of Finding
    profile, program, table : str
    options : tuple of str
    seconds : float
    notes : tuple of str
        Sentences on what could not be proven.
    """

    files: int
    bytes: int
    against: int
    values: Mapping[Kind, int] = field(default_factory=dict)
    forms: int = 0
    wanted: int | None = None
    exported: int | None = None
    stayed: int | None = None
    reasons: Mapping[str, int] = field(default_factory=dict)
    outside: int = 0
    findings: tuple[Finding, ...] = ()
    profile: str = ""
    program: str = ""
    table: str = ""
    options: tuple[str, ...] = ()
    seconds: float = 0.0
    notes: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing was found, and there was something to look at."""
        return not self.findings and self.files > 0

    @property
    def faults(self) -> Mapping[Fault, int]:
        """How many findings of each sort, the most frequent first."""
        return dict(Counter(one.fault for one in self.findings).most_common())
