"""Who is who: which studies belong to one patient, and which file to another."""

import json

from viewer.core.folding import folded
from viewer.core.patient_key import patient_key
from viewer.core.records import PatientRecord, StudyRecord


def identity_of(patient: PatientRecord, study: StudyRecord) -> str:
    """The key under which studies of one patient come together, as text."""
    return json.dumps(patient_key(patient, study), ensure_ascii=False)


def disagree(one: PatientRecord, other: PatientRecord) -> bool:
    """Whether two files of one study cannot both be right about the patient.

    What is not stated disagrees with nothing; sex is too often mistyped to count.
    """
    return (
        _differ(one.patient_id, other.patient_id)
        or _differ(one.issuer, other.issuer)
        or _differ(folded(one.name), folded(other.name))
        or (
            one.birth_date is not None
            and other.birth_date is not None
            and one.birth_date != other.birth_date
        )
    )


def _differ(one: str, other: str) -> bool:
    return bool(one) and bool(other) and one != other
