"""What somebody is settling about an export, step by step, before it begins.

A draft is a value and knows what is still wrong with it; the dialogs only show it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final

from viewer.core.counts import counted
from viewer.core.deidentification import PROFILES, Option, Policy
from viewer.core.export import Anonymization, ExportWish, Packing
from viewer.core.export_forms import DICOM, Form, Look
from viewer.core.listing import StudySummary
from viewer.core.review import Reviews

_LONGEST_NAME: Final = 64
_EITHER: Final = {
    Option.RETAIN_FULL_DATES: Option.RETAIN_MODIFIED_DATES,
    Option.RETAIN_MODIFIED_DATES: Option.RETAIN_FULL_DATES,
}
"""Options that contradict each other; PS3.15 E.3.6."""


@dataclass(frozen=True, slots=True)
class ExportDraft:
    """One moment of the wizard.

    Attributes
    ----------
    studies : tuple of StudySummary
    packing : Packing
    place : str
        The folder or file it becomes; not used for a peer.
    password, again : str
        Of a ZIP, typed twice; empty for none.
    peer : str
    key_images : bool
    anonymous : bool
        Whether identities are taken out; the rest is only about that.
    project : str
    known : mapping of str to Policy
        What the projects that are there leave out, by name.
    policy : Policy
    crosswalk : str
        Folder for old and new identifiers; empty for none.
    reviews : Reviews
    form : Form
    look : Look
        Of what is exported as it is.
    unseen : frozenset of str
        SOP Instance UIDs of what an earlier attempt withheld because nobody had looked.
    """

    studies: tuple[StudySummary, ...]
    packing: Packing = Packing.FOLDER
    place: str = ""
    password: str = field(default="", repr=False)
    again: str = field(default="", repr=False)
    peer: str = ""
    key_images: bool = False
    anonymous: bool = True
    project: str = ""
    known: Mapping[str, Policy] = field(default_factory=dict)
    policy: Policy = PROFILES[0]
    crosswalk: str = ""
    reviews: Reviews = field(default_factory=Reviews)
    form: Form = DICOM
    look: Look = field(default_factory=Look)
    unseen: frozenset[str] = frozenset()

    @property
    def title(self) -> str:
        """The sentence above all steps."""
        how = " anonymized" if self.anonymous else ""
        return f"Export {self._counted}{how}"

    @property
    def verb(self) -> str:
        """What the last button does."""
        return f"Export {self._counted}"

    @property
    def _counted(self) -> str:
        return counted(len(self.studies), "study", "studies")

    @property
    def images(self) -> int:
        """How many the studies hold, as the list shows it."""
        return sum(study.instances for study in self.studies)

    @property
    def own_policy(self) -> Policy | None:
        """What the chosen project has left out so far; None for a new one."""
        folded = self.project.strip().casefold()
        own = (
            policy for name, policy in self.known.items() if name.casefold() == folded
        )
        return next(own, None)

    @property
    def changes_project(self) -> bool:
        """Whether the chosen project would leave other things out from now on."""
        return self.own_policy not in (None, self.policy)

    @property
    def faults(self) -> Mapping[str, str]:
        """What is wrong with the first step, by field, in sentences."""
        found: dict[str, str] = {}
        if self.packing is Packing.PEER:
            if not self.peer:
                found["peer"] = "Choose a peer."
        elif not self.place.strip():
            found["place"] = "Choose where it goes."
        elif not Path(self.place).is_absolute():
            found["place"] = "Give the whole path."
        if self.form is not DICOM and self.packing not in (Packing.FOLDER, Packing.ZIP):
            found["form"] = f"{self.form.title} go to a folder or a ZIP."
        if self.packing.is_zip and self.password != self.again:
            found["again"] = "The passwords differ."
        if self.anonymous and (fault := _fault_of_name(self.project.strip())):
            found["project"] = fault
        return found

    def packed(self, packing: Packing, peer: str = "") -> "ExportDraft":
        """Going elsewhere; the name of the place gets the right ending."""
        place = self.place
        if packing is not Packing.PEER and place:
            stem = place.removesuffix(".zip")
            place = f"{stem}.zip" if packing.is_zip else stem
        return replace(self, packing=packing, peer=peer, place=place)

    def of_project(self, name: str) -> "ExportDraft":
        """For another project; what a known one leaves out is taken over."""
        named = replace(self, project=name)
        own = named.own_policy
        return named if own is None else replace(named, policy=own)

    def with_option(self, option: Option, *, on: bool) -> "ExportDraft":
        """With an option more or less; what contradicts it goes."""
        options = self.policy.options - {option}
        if on:
            options = (options | {option}) - {_EITHER.get(option)}
        return replace(self, policy=replace(self.policy, options=frozenset(options)))

    def to_wish(self) -> ExportWish:
        """What is to be done; only without `faults`.

        Raises
        ------
        ViewerError
            If it contradicts itself.
        """
        sent = self.packing is Packing.PEER
        anonymization = None
        if self.anonymous:
            crosswalk = Path(self.crosswalk) if self.crosswalk else None
            anonymization = Anonymization(
                self.project.strip(), self.policy, self.reviews, crosswalk
            )
        return ExportWish(
            uids=tuple(study.study_uid for study in self.studies),
            target=None if sent else Path(self.place),
            packing=self.packing,
            peer=self.peer if sent else "",
            password=self.password if self.packing.is_zip else "",
            key_images=self.key_images,
            anonymization=anonymization,
            form=self.form,
            look=self.look,
        )


def free_place(folder: Path, packing: Packing, today: date) -> Path:
    """A name in `folder` that nothing has yet, and that tells nothing of a patient.

    Looks at the disk: not for the GUI thread.
    """
    ending = ".zip" if packing.is_zip else ""
    stem = f"lightbox-export-{today.isoformat()}"
    names = (stem, *(f"{stem}-{number}" for number in range(2, 1000)))
    places = (folder / f"{name}{ending}" for name in names)
    free = (place for place in places if not place.exists())
    return next(free, folder / f"{stem}{ending}")


def _fault_of_name(name: str) -> str:
    if not name:
        return "Name the project: its key makes the pseudonyms."
    if len(name) > _LONGEST_NAME or not name.isprintable():
        return "A project needs a name of one line, not a long one."
    return ""
