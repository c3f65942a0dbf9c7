"""What somebody wants to take out of the library, and what came of it.

No value of a patient is in any of these but `NotExported.sop_instance_uid`, which says
which original stayed behind: it is for the screen, never for a file of the export.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from viewer.core.deidentification import Policy
from viewer.core.errors import ViewerError
from viewer.core.export_forms import DICOM, Form, Look
from viewer.core.review import Reviews

CONFLICT: Final = "conflict"
FAILED: Final = "failed"
UNFIT: Final = "unfit"


class Packing(StrEnum):
    """What an export is when it is finished.

    Attributes
    ----------
    FOLDER
        Folders of patients, studies and series with one file an instance.
    DISC
        The same with names every disc can hold, and a DICOMDIR; PS3.10 8.
    ZIP
        A ZIP of the folders, with AES where there is a password.
    DISC_ZIP
        A ZIP of what would be a disc.
    PEER
        Nothing stays here: a peer is sent everything.
    """

    FOLDER = "folder"
    DISC = "disc"
    ZIP = "zip"
    DISC_ZIP = "disc-zip"
    PEER = "peer"

    @property
    def has_dicomdir(self) -> bool:
        """Whether a DICOMDIR lists the files."""
        return self in (Packing.DISC, Packing.DISC_ZIP)

    @property
    def is_zip(self) -> bool:
        """Whether it becomes one file."""
        return self in (Packing.ZIP, Packing.DISC_ZIP)


@dataclass(frozen=True, slots=True)
class Anonymization:
    """How identities are taken out of an export.

    Attributes
    ----------
    project : str
        Its key makes the pseudonyms; it is made when it is first named.
    policy : Policy
    reviews : Reviews
        What was found in the pixels, and by whom they were looked at.
    crosswalk : Path or None
        Folder for the lists of old and new identifiers; None writes none.
    """

    project: str
    policy: Policy
    reviews: Reviews = field(default_factory=Reviews)
    crosswalk: Path | None = None


@dataclass(frozen=True, slots=True)
class ExportWish:
    """What is to be exported, where to, and how.

    Attributes
    ----------
    uids : tuple of str
        Studies, series and instances of the catalog.
    target : Path or None
        The folder or ZIP that is there when all is done, and not before; None only
        for a peer.
    packing : Packing
    peer : str
        Name of the peer, for `Packing.PEER`.
    password : str
        Locks a ZIP; empty for none.
    key_images : bool
        Only images that a Key Object Selection of their study names, with those
        documents; PS3.3 A.35.4.
    anonymization : Anonymization or None
        None exports everything as it lies.
    form : Form
    look : Look
        Of pictures; the default is the only one of other forms.
    """

    uids: tuple[str, ...]
    target: Path | None
    packing: Packing = Packing.FOLDER
    peer: str = ""
    password: str = field(default="", repr=False)
    key_images: bool = False
    anonymization: Anonymization | None = None
    form: Form = DICOM
    look: Look = field(default_factory=Look)

    def __post_init__(self) -> None:
        """Refuse what contradicts itself."""
        if not self.uids:
            raise ViewerError("Nothing was chosen to be exported.")
        if (self.packing is Packing.PEER) is not bool(self.peer):
            raise ViewerError("Exactly what is sent has a peer.")
        if (self.packing is Packing.PEER) is not (self.target is None):
            raise ViewerError("Exactly what is not sent needs a place.")
        if self.password and not self.packing.is_zip:
            raise ViewerError("Only a ZIP can have a password.")
        self.look.check(self.form)
        if self.form is not DICOM:
            self._check_form()

    def _check_form(self) -> None:
        if self.anonymization is not None:
            raise ViewerError(
                "Only DICOM can be exported anonymized.",
                hint="Export DICOM anonymized, import that, and make the rest of it.",
            )
        if self.packing not in (Packing.FOLDER, Packing.ZIP):
            raise ViewerError(
                f"{self.form.title} cannot be sent, nor listed in a DICOMDIR.",
                hint="Export to a folder or a ZIP.",
            )


@dataclass(frozen=True, slots=True)
class NotExported:
    """An instance that stayed behind.

    Attributes
    ----------
    sop_instance_uid : str
        Of the original.
    reason : str
        One word that programs can compare: a `Reason`, `CONFLICT`, `FAILED`, or
        `UNFIT` for what the form of the export cannot hold.
    sentence : str
        The same for people.
    """

    sop_instance_uid: str
    reason: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What came of an export. `wanted` is always the sum of the other three.

    Attributes
    ----------
    wanted : int
        Instances that were chosen.
    exported : int
    withheld : tuple of NotExported
        Kept back on purpose.
    failed : tuple of NotExported
        Could not be read, written or sent.
    resumed : int
        How many of `exported` an earlier attempt had written.
    patients, studies, series : int
        Of what was exported.
    files, bytes : int
        Of the finished export, everything that was written.
    to : str
        The finished folder or ZIP, or the peer; empty if nothing was exported.
    cautions : mapping of str to int
        What somebody should know of some that went out, and of how many.
    notes : tuple of str
        Sentences for the user about the export as a whole.
    """

    wanted: int
    exported: int
    withheld: tuple[NotExported, ...] = ()
    failed: tuple[NotExported, ...] = ()
    resumed: int = 0
    patients: int = 0
    studies: int = 0
    series: int = 0
    files: int = 0
    bytes: int = 0
    to: str = ""
    cautions: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an account that does not come out even."""
        if self.wanted != self.exported + len(self.withheld) + len(self.failed):
            raise ValueError("instances were lost from the account")

    @property
    def reasons(self) -> Mapping[str, int]:
        """How many were withheld, by sentence, the most frequent first."""
        return dict(Counter(one.sentence for one in self.withheld).most_common())
