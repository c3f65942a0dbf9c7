"""Answers of peers as values: studies, series, instances, planned steps.

An answer is read as tolerantly as a file: whatever a peer leaves out is not known, and
one without the UID that makes it an answer is none.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from viewer.core.identity import SeriesUID, SOPInstanceUID, StudyUID
from viewer.core.remote import Level, RemoteInstance, RemoteSeries, RemoteStudy
from viewer.core.worklist import WorklistItem
from viewer.dicom import query_tags as q
from viewer.dicom import tag as tags
from viewer.dicom.attributes import Attributes
from viewer.dicom.elements import Cutter
from viewer.dicom.encoding import declared_encoding
from viewer.dicom.json_answer import JsonAnswer
from viewer.dicom.plain_answer import OddError, PlainAnswer

RemoteRow = RemoteStudy | RemoteSeries | RemoteInstance
Facts = Attributes | PlainAnswer | JsonAnswer


class _Bytes:
    """A source that is in memory."""

    def __init__(self, raw: bytes) -> None:
        self.size = len(raw)
        self._raw = raw

    def read(self, offset: int, length: int) -> bytes:
        """Bytes from `offset`; fewer than `length` only at the end."""
        return self._raw[offset : offset + length]


def answered(level: Level, raw: bytes, syntax_uid: str, peer: str) -> RemoteRow | None:
    """What one answer of a C-FIND at `level` says; None if it names nothing.

    Raises
    ------
    UnreadableError
        If it is no data set.
    """
    try:
        plain = PlainAnswer.cut(raw, declared_encoding(syntax_uid))
        return _ROWS[level](plain, peer)
    except OddError:
        return _ROWS[level](_attributes(raw, syntax_uid), peer)


def answered_in_json(
    level: Level, document: Mapping[str, Any], peer: str
) -> RemoteRow | None:
    """What one answer of a QIDO-RS at `level` says; None if it names nothing."""
    return _ROWS[level](JsonAnswer(document), peer)


def answered_patient_id(raw: bytes, syntax_uid: str) -> str:
    """The ID of a patient the patient root answers.

    Raises
    ------
    UnreadableError
    """
    return _attributes(raw, syntax_uid).text(tags.PATIENT_ID)


def answered_step(raw: bytes, syntax_uid: str, peer: str) -> WorklistItem | None:
    """One planned step of a worklist; None if there is none in the answer.

    Raises
    ------
    UnreadableError
    """
    of = _attributes(raw, syntax_uid)
    step = of.first(q.SCHEDULED_STEP_SEQUENCE)
    if step is None:
        return None
    uid = of.text(tags.STUDY_INSTANCE_UID)
    return WorklistItem(
        peer=peer,
        study_uid=StudyUID(uid) if uid else None,
        patient_name=of.text(tags.PATIENT_NAME),
        patient_id=of.text(tags.PATIENT_ID),
        issuer=of.text(tags.ISSUER_OF_PATIENT_ID),
        patient_birth_date=of.date(tags.PATIENT_BIRTH_DATE),
        patient_sex=of.text(tags.PATIENT_SEX),
        accession_number=of.text(tags.ACCESSION_NUMBER),
        modality=step.text(tags.MODALITY),
        scheduled_date=step.date(q.SCHEDULED_DATE),
        scheduled_time=step.time(q.SCHEDULED_TIME),
        stations=step.texts(q.SCHEDULED_STATION_AET),
        step_id=step.text(q.SCHEDULED_STEP_ID),
        step_description=step.text(q.SCHEDULED_STEP_DESCRIPTION),
        location=step.text(q.SCHEDULED_STEP_LOCATION),
        performing_physician=step.text(q.SCHEDULED_PHYSICIAN),
        requesting_physician=of.text(q.REQUESTING_PHYSICIAN),
        procedure_id=of.text(q.REQUESTED_PROCEDURE_ID),
        procedure_description=of.text(q.REQUESTED_PROCEDURE_DESCRIPTION),
        priority=of.text(q.REQUESTED_PROCEDURE_PRIORITY),
        alerts=", ".join(of.texts(q.MEDICAL_ALERTS)),
        allergies=", ".join(of.texts(q.ALLERGIES)),
    )


def _attributes(raw: bytes, syntax_uid: str) -> Attributes:
    notes: dict[str, None] = {}
    cutter = Cutter(_Bytes(raw), notes)
    elements, _ = cutter.data_set(0, declared_encoding(syntax_uid))
    return Attributes(elements, cutter, notes).with_character_set()


def _study(of: Facts, peer: str) -> RemoteStudy | None:
    uid = of.text(tags.STUDY_INSTANCE_UID)
    if not uid:
        return None
    modalities = (code for code in of.texts(q.MODALITIES_IN_STUDY) if code)
    return RemoteStudy(
        peer=peer,
        study_uid=StudyUID(uid),
        patient_name=of.text(tags.PATIENT_NAME),
        patient_id=of.text(tags.PATIENT_ID),
        issuer=of.text(tags.ISSUER_OF_PATIENT_ID),
        patient_birth_date=of.date(tags.PATIENT_BIRTH_DATE),
        patient_sex=of.text(tags.PATIENT_SEX),
        study_date=of.date(tags.STUDY_DATE),
        study_time=of.time(tags.STUDY_TIME),
        accession_number=of.text(tags.ACCESSION_NUMBER),
        description=of.text(tags.STUDY_DESCRIPTION),
        modalities=tuple(sorted(set(modalities))),
        series=_count(of, q.STUDY_RELATED_SERIES),
        instances=_count(of, q.STUDY_RELATED_INSTANCES),
        institution=of.text(tags.INSTITUTION_NAME),
        referring_physician=of.text(tags.REFERRING_PHYSICIAN_NAME),
        retrieve_aet=of.decoded(q.RETRIEVE_AET).strip(),
        availability=of.text(q.INSTANCE_AVAILABILITY),
    )


def _series(of: Facts, peer: str) -> RemoteSeries | None:
    uid = of.text(tags.SERIES_INSTANCE_UID)
    if not uid:
        return None
    return RemoteSeries(
        peer=peer,
        study_uid=StudyUID(of.text(tags.STUDY_INSTANCE_UID)),
        series_uid=SeriesUID(uid),
        modality=of.text(tags.MODALITY),
        number=of.integer(q.SERIES_NUMBER),
        description=of.text(tags.SERIES_DESCRIPTION),
        body_part=of.text(tags.BODY_PART_EXAMINED),
        laterality=of.text(q.LATERALITY),
        series_date=of.date(q.SERIES_DATE),
        instances=_count(of, q.SERIES_RELATED_INSTANCES),
        retrieve_aet=of.decoded(q.RETRIEVE_AET).strip(),
        availability=of.text(q.INSTANCE_AVAILABILITY),
    )


def _instance(of: Facts, peer: str) -> RemoteInstance | None:
    uid = of.text(tags.SOP_INSTANCE_UID)
    if not uid:
        return None
    return RemoteInstance(
        peer=peer,
        study_uid=StudyUID(of.text(tags.STUDY_INSTANCE_UID)),
        series_uid=SeriesUID(of.text(tags.SERIES_INSTANCE_UID)),
        sop_instance_uid=SOPInstanceUID(uid),
        sop_class_uid=of.text(tags.SOP_CLASS_UID),
        number=of.integer(q.INSTANCE_NUMBER),
        frames=_count(of, tags.NUMBER_OF_FRAMES),
        retrieve_aet=of.decoded(q.RETRIEVE_AET).strip(),
        availability=of.text(q.INSTANCE_AVAILABILITY),
    )


def _count(of: Facts, tag: int) -> int | None:
    number = of.integer(tag)
    return None if number is None or number < 0 else number


_ROWS: Final[Mapping[Level, Callable[[Facts, str], RemoteRow | None]]] = {
    Level.STUDY: _study,
    Level.SERIES: _series,
    Level.INSTANCE: _instance,
}
