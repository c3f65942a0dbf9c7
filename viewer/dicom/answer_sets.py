"""Questions of other workstations and our answers, byte for byte; PS3.4 C.6."""

from typing import Final

from viewer.core.asked import Asked, Row, Rung
from viewer.core.errors import UnreadableError
from viewer.dicom import query_tags as q
from viewer.dicom import tag as tags
from viewer.dicom.attributes import Attributes
from viewer.dicom.elements import Cutter
from viewer.dicom.encoding import declared_encoding
from viewer.dicom.identifier_writing import Keys, written_keys
from viewer.dicom.source import MemorySource

_NAMES: Final = {
    tags.PATIENT_NAME: "patient_name",
    tags.PATIENT_ID: "patient_id",
    tags.ISSUER_OF_PATIENT_ID: "issuer",
    tags.PATIENT_BIRTH_DATE: "patient_birth_date",
    tags.PATIENT_SEX: "patient_sex",
    tags.STUDY_INSTANCE_UID: "study_uid",
    tags.STUDY_DATE: "study_date",
    tags.STUDY_TIME: "study_time",
    tags.ACCESSION_NUMBER: "accession_number",
    tags.STUDY_DESCRIPTION: "description",
    tags.INSTITUTION_NAME: "institution",
    tags.REFERRING_PHYSICIAN_NAME: "referring_physician",
    q.MODALITIES_IN_STUDY: "modalities",
    q.STUDY_RELATED_SERIES: "series",
    q.STUDY_RELATED_INSTANCES: "instances",
    tags.SERIES_INSTANCE_UID: "series_uid",
    tags.MODALITY: "modality",
    tags.SERIES_DESCRIPTION: "series_description",
    tags.BODY_PART_EXAMINED: "body_part",
    q.LATERALITY: "laterality",
    q.SERIES_NUMBER: "series_number",
    q.SERIES_RELATED_INSTANCES: "series_instances",
    tags.SOP_INSTANCE_UID: "sop_instance_uid",
    tags.SOP_CLASS_UID: "sop_class_uid",
    q.INSTANCE_NUMBER: "number",
    tags.NUMBER_OF_FRAMES: "frames",
}


def read_asked(raw: bytes, syntax_uid: str) -> Asked:
    """The question in the identifier of a C-FIND, C-GET or C-MOVE.

    Raises
    ------
    UnreadableError
        If it is none.
    """
    notes: dict[str, None] = {}
    cutter = Cutter(MemorySource(raw), notes)
    elements, _ = cutter.data_set(0, declared_encoding(syntax_uid))
    of = Attributes(elements, cutter, notes).with_character_set()
    try:
        rung = Rung(of.text(q.QUERY_RETRIEVE_LEVEL))
    except ValueError as cause:
        raise UnreadableError("The question does not say at which level.") from cause
    keys = {
        name: "\\".join(of.texts(tag))
        for tag, name in _NAMES.items()
        if tag in elements
    }
    return Asked(rung, keys)


def written_answer(asked: Asked, row: Row, title: str, syntax_uid: str) -> bytes:
    """The identifier of one answer: what was asked, as far as the row knows it.

    Parameters
    ----------
    title : str
        The AE title it can be retrieved from.
    """
    told: Keys = {
        tag: row.get(name, "") for tag, name in _NAMES.items() if name in asked.keys
    }
    told[q.QUERY_RETRIEVE_LEVEL] = asked.rung.value
    told[q.RETRIEVE_AET] = title
    told[q.INSTANCE_AVAILABILITY] = "ONLINE"
    return written_keys(told, syntax_uid)


def written_failures(uids: list[str], syntax_uid: str) -> bytes:
    """What could not be brought: Failed SOP Instance UID List (0008,0058)."""
    return written_keys({q.FAILED_SOP_INSTANCES: "\\".join(uids)}, syntax_uid)
