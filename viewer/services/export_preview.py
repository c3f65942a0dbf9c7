"""What would become of one instance, attribute by attribute, before anything leaves."""

import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from viewer.core.deidentification import Change, Policy, Recipe, Written
from viewer.core.errors import ViewerError
from viewer.core.pseudonyms import KEY_BYTES, PatientKey
from viewer.core.records import StoredInstance
from viewer.core.review import Review, Verdict
from viewer.services.export_messages import OutPlace, WentOut
from viewer.services.export_patient import patient_of_study
from viewer.services.places import prepare
from viewer.services.projects import Projects

if TYPE_CHECKING:  # SQLAlchemy loads when the catalog is opened
    from viewer.services.library import Library
    from viewer.services.workers import Workers

_EXAMPLE: Final = "Pseudonyms are examples: the project gets its key when it begins."


@dataclass(frozen=True, slots=True)
class Preview:
    """What a worker says would become of one instance.

    Attributes
    ----------
    changes : tuple of Change
        Every attribute; empty if the instance would stay here.
    sentence : str
        What has to be known of the list, or why there is none.
    """

    changes: tuple[Change, ...] = ()
    sentence: str = ""


def preview(
    library: "Library", workers: "Workers", uid: str, project: str, policy: Policy
) -> Preview:
    """Make one instance anonymous, tell what was done, and keep nothing of it.

    Waits for a worker: not for the GUI thread. The pixels count as looked at, so that
    the attributes can be seen before anybody has.

    Raises
    ------
    ViewerError
        If the instance cannot be read.
    EnvironmentFailure
        If the project's key is not here, or nothing can be written.
    """
    stored = library.instance(uid)
    projects = Projects(library.data_dir)
    known = [one for one in projects.all() if one.name.casefold() == project.casefold()]
    key = projects.key(known[0]) if known else secrets.token_bytes(KEY_BYTES)
    of = library.catalog.locating.key_of(uid)
    patient = patient_of_study(library.study(of.study_uid)) if of else None
    found: list[WentOut | ViewerError] = []
    folder = prepare(library.data_dir)
    with tempfile.TemporaryDirectory(prefix=".preview-", dir=folder) as scratch:
        workers.writing_out.write(
            [_place(stored, Path(scratch) / "preview", patient)],
            Recipe(policy, key, want_changes=True),
            lambda _, outcome: found.append(outcome),
        )
    return _told(found[0], "" if known else _EXAMPLE)


def _told(outcome: WentOut | ViewerError, sentence: str) -> Preview:
    if isinstance(outcome, ViewerError):
        raise outcome
    if outcome.withheld is not None:
        return Preview((), f"It stays here: {outcome.withheld.sentence}")
    written = outcome.written
    changes = written.changes if isinstance(written, Written) else ()
    return Preview(changes, sentence)


def _place(
    stored: StoredInstance, target: Path, patient: PatientKey | None
) -> OutPlace:
    image, review = stored.instance.image, None
    if image is not None:
        pixels = image.pixels
        review = Review(pixels.columns, pixels.rows, (), Verdict.REVIEWED)
    return OutPlace.of(stored, target, review, patient)
