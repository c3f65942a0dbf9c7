"""Which instances an export is of, in which order, and what their files are called.

Names are made of counters alone: nothing of a patient goes into them, and they are too
short to be taken for somebody's number that is padded with zeros.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from viewer.core.errors import ViewerError
from viewer.core.export import CONFLICT, ExportWish, NotExported
from viewer.core.identity import SeriesUID, StudyUID
from viewer.core.pseudonyms import PatientKey
from viewer.core.records import SeriesRecord, StoredInstance
from viewer.core.remote import RemoteKey
from viewer.services.addressing import key_of
from viewer.services.export_key_images import key_images
from viewer.services.export_patient import patient_of_study
from viewer.services.refreshing import refreshed
from viewer.services.study_order import series_order

if TYPE_CHECKING:  # SQLAlchemy loads when the catalog is opened
    from viewer.catalog.catalog import FiledInstance
    from viewer.services.library import Library
    from viewer.services.workers import Workers

_CONFLICT: Final = (
    "It has the identity of another image, and other bytes; it is on the list of"
    " conflicts."
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """An instance that is to leave.

    Attributes
    ----------
    uid : str
        Its SOP Instance UID.
    study_uid : StudyUID
    patient : PatientKey
        Whom the study is about.
    series_uid : SeriesUID
    sha256 : bytes
        Of its file, as the catalog knows it.
    stored : StoredInstance or ViewerError
        Where its bytes lie, or why they cannot be had.
    name : str
        Of its file in the export, with ``/`` between folders and no extension:
        every disc can hold it (PS3.10 8.2).
    """

    uid: str
    study_uid: StudyUID
    patient: PatientKey
    series_uid: SeriesUID
    sha256: bytes
    stored: StoredInstance | ViewerError
    name: str


@dataclass(frozen=True, slots=True)
class Selection:
    """All that an export is of.

    Attributes
    ----------
    instances : tuple of Chosen
    conflicts : tuple of NotExported
        What the catalog keeps beside the studies.
    """

    instances: tuple[Chosen, ...]
    conflicts: tuple[NotExported, ...]

    @property
    def bytes(self) -> int:
        """Of the originals."""
        return sum(
            one.stored.stamp.size
            for one in self.instances
            if isinstance(one.stored, StoredInstance)
        )


def select(library: "Library", workers: "Workers", wish: ExportWish) -> Selection:
    """Find what the wish names; each instance comes once.

    Raises
    ------
    ViewerError
        If the catalog has no such study, series or image, or no key images of it.
    """
    studies: dict[StudyUID, list[RemoteKey]] = {}
    for uid in dict.fromkeys(wish.uids):
        key = key_of(library, uid)
        studies.setdefault(key.study_uid, []).append(key)
    by_patient: dict[tuple[str, ...], list[StudyUID]] = {}
    for study_uid in studies:
        by_patient.setdefault(_patient(library, study_uid), []).append(study_uid)
    chosen: list[Chosen] = []
    conflicts: list[NotExported] = []
    for patient, own in enumerate(by_patient.values(), 1):
        for study, study_uid in enumerate(own, 1):
            folder = f"PA{patient:04}/ST{study:03}"
            keys = studies[study_uid]
            chosen += _of_study(
                library, workers, keys, folder, key_only=wish.key_images
            )
            if any(not key.series_uid for key in keys):
                conflicts += _conflicts(library, study_uid)
    if not chosen:
        raise ViewerError(
            "No key images are marked in these studies."
            if wish.key_images
            else "There is nothing of this in the catalog.",
            hint="A Key Object Selection of the study marks them."
            if wish.key_images
            else "lightbox studies lists what there is.",
        )
    return Selection(tuple(chosen), tuple(conflicts))


def _patient(library: "Library", study_uid: StudyUID) -> tuple[str, ...]:
    """What studies of one patient have in common: the catalog's own answer."""
    own = {one.study_uid for one in library.studies_of_patient(study_uid)}
    return tuple(sorted(own)) if study_uid in own else (study_uid,)  # in the trash


def _of_study(
    library: "Library",
    workers: "Workers",
    keys: Sequence[RemoteKey],
    folder: str,
    *,
    key_only: bool,
) -> Iterator[Chosen]:
    study_uid = keys[0].study_uid
    patient = patient_of_study(library.study(study_uid))
    filed = sorted(
        library.catalog.filed_series(study_uid), key=lambda one: series_order(one[0])
    )
    wanted = [
        (record, [one for one in members if _is_meant(keys, record, one)])
        for record, members in filed
    ]
    if key_only:
        marked = key_images(
            workers, library, [one for _, members in filed for one in members]
        )
        wanted = [
            (record, [one for one in members if one.sop_instance_uid in marked])
            for record, members in wanted
        ]
    filled = ((record, members) for record, members in wanted if members)
    for number, (record, members) in enumerate(filled, 1):
        found = refreshed(library, members)
        for place, one in enumerate(sorted(members, key=_image_order), 1):
            yield Chosen(
                one.sop_instance_uid,
                study_uid,
                patient,
                record.series_uid,
                one.sha256,
                found[one.sop_instance_uid],
                f"{folder}/SE{number:04}/IM{place:05}",
            )


def _is_meant(
    keys: Sequence[RemoteKey], record: SeriesRecord, one: "FiledInstance"
) -> bool:
    return any(
        key.series_uid in ("", record.series_uid)
        and key.sop_instance_uid in ("", one.sop_instance_uid)
        for key in keys
    )


def _image_order(one: "FiledInstance") -> tuple[int, str]:
    number = one.record.number if one.record is not None else None
    return number or 0, one.sop_instance_uid


def _conflicts(library: "Library", study_uid: StudyUID) -> Iterator[NotExported]:
    for conflict in library.conflicts(study_uid):
        yield NotExported(conflict.sop_instance_uid, CONFLICT, _CONFLICT)
