"""What leaves of a patient's data, and why: the words of an anonymized export.

PS3.15 Annex E. The tables themselves are `resources/deidentification/`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from viewer.core.boxes import Box
from viewer.core.pseudonyms import PatientKey
from viewer.core.review import Review
from viewer.core.withholding import Caution, Reason

__all__ = [
    "PROFILES",
    "Caution",
    "Change",
    "Option",
    "Pair",
    "Policy",
    "Reason",
    "Recipe",
    "Withheld",
    "Written",
    "profile",
]


class Option(StrEnum):
    """What may stay in spite of the Basic Profile, or is cleaned; PS3.15 E.3."""

    CLEAN_PIXELS = "clean-pixels"
    CLEAN_GRAPHICS = "clean-graphics"
    CLEAN_STRUCTURED_CONTENT = "clean-structured-content"
    CLEAN_DESCRIPTORS = "clean-descriptors"
    RETAIN_FULL_DATES = "retain-full-dates"
    RETAIN_MODIFIED_DATES = "retain-modified-dates"
    RETAIN_PATIENT_CHARACTERISTICS = "retain-patient-characteristics"
    RETAIN_DEVICE_IDENTITY = "retain-device-identity"
    RETAIN_INSTITUTION_IDENTITY = "retain-institution-identity"
    RETAIN_UIDS = "retain-uids"
    RETAIN_SAFE_PRIVATE = "retain-safe-private"


@dataclass(frozen=True, slots=True)
class Policy:
    """What an export takes out of the images, and what it leaves.

    Attributes
    ----------
    name : str
        How the command line calls it.
    title, sentence : str
        What it is for, in plain words.
    options : frozenset of Option
    keep_documents, keep_video : bool
        Whether encapsulated documents and films go out, which nobody can clean.
    withhold_faces : bool
        Whether images that can show a face stay here.
    """

    name: str
    title: str
    sentence: str
    options: frozenset[Option] = frozenset()
    keep_documents: bool = False
    keep_video: bool = False
    withhold_faces: bool = False


_RESEARCH: Final = frozenset(
    {
        Option.CLEAN_PIXELS,
        Option.CLEAN_DESCRIPTORS,
        Option.CLEAN_STRUCTURED_CONTENT,
        Option.RETAIN_PATIENT_CHARACTERISTICS,
        Option.RETAIN_SAFE_PRIVATE,
    }
)

PROFILES: Final = (
    Policy(
        "research",
        "Share for research",
        "Who it is goes; sex, age, weight and cleaned descriptions stay.",
        _RESEARCH | {Option.RETAIN_MODIFIED_DATES},
        withhold_faces=True,
    ),
    Policy(
        "teaching",
        "Teaching file",
        "For slides and case collections: no dates, cleaned descriptions, sex and age.",
        frozenset(
            {
                Option.CLEAN_PIXELS,
                Option.CLEAN_DESCRIPTORS,
                Option.CLEAN_GRAPHICS,
                Option.RETAIN_PATIENT_CHARACTERISTICS,
            }
        ),
    ),
    Policy(
        "longitudinal",
        "Same patient over time",
        "Time between examinations and the scanner stay comparable; all dates move.",
        _RESEARCH | {Option.RETAIN_MODIFIED_DATES, Option.RETAIN_DEVICE_IDENTITY},
    ),
    Policy(
        "everything-out",
        "Everything out",
        "Only what the image needs to be an image stays.",
        withhold_faces=True,
    ),
)
"""The choices of the wizard; what they leave is changed by options."""


def profile(name: str) -> Policy | None:
    """The profile of that name; None if there is none."""
    return next((one for one in PROFILES if one.name == name), None)


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that is needed to make one instance anonymous.

    Attributes
    ----------
    policy : Policy
    key : bytes
        Secret of the project, from which pseudonyms, UIDs and dates come.
    review : Review or None
        What was said of the pixels of this instance; None if nobody said anything.
        It must fit the rows and columns of the file (`Review.fits`).
    patient : PatientKey or None
        Whom the study of this instance is about; None asks the file itself.
    want_changes : bool
        Whether `Written.changes` is to be told.
    want_pairs : bool
        Whether `Written.pairs` is to be told.
    """

    policy: Policy
    key: bytes
    review: Review | None = None
    patient: PatientKey | None = None
    want_changes: bool = False
    want_pairs: bool = False

    @property
    def looked_at(self) -> bool:
        """Whether somebody looked at the pixels, and lets them go."""
        return self.review is not None and self.review.releases

    @property
    def boxes(self) -> tuple[Box, ...]:
        """What is burned black in them."""
        return () if self.review is None else self.review.boxes


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one attribute.

    Attributes
    ----------
    path : str
        ``00081140[2].00081155``: items counted from 1.
    keyword, name, vr : str
        Empty, empty and ``UN`` where the dictionary does not know it.
    action : str
        What was done: one of ``D Z X K C U``; PS3.15 E.2.
    rule : str
        What decided it, in plain words.
    before, after : str
        Shown on screen or in a file the user asked for, never logged.
    """

    path: str
    keyword: str
    name: str
    vr: str
    action: str
    rule: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A name of the source, and what stands for it in the export."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Written:
    """An anonymous instance was written.

    Attributes
    ----------
    study, series, instance : Pair
        Their UIDs; equal under Retain UIDs.
    patient : Pair
        Patient's IDs; the old one is what the file says, and may be empty.
    sop_class_uid, syntax_uid : str
        Of what was written.
    modality : str
    size : int
        Bytes written.
    sha256 : str
        Of all of them.
    cautions : tuple of Caution
        What somebody should know before it leaves the house.
    changes : tuple of Change
        Every attribute of the source, if that was wanted.
    pairs : tuple of Pair
        Every UID that was replaced, if that was wanted.
    """

    study: Pair
    series: Pair
    instance: Pair
    patient: Pair
    sop_class_uid: str
    syntax_uid: str
    modality: str
    size: int
    sha256: str
    cautions: tuple[Caution, ...] = ()
    changes: tuple[Change, ...] = ()
    pairs: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class Withheld:
    """An instance stays here."""

    reason: Reason
