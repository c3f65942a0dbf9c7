"""When two studies are of one patient: the one rule for lists, hanging and warnings."""

from viewer.core.folding import folded
from viewer.core.records import PatientRecord, StudyRecord


def patient_key(patient: PatientRecord, study: StudyRecord) -> tuple[str, ...]:
    """What studies of one patient have in common, and no other's study has.

    An ID alone is not enough, because every hospital counts from 1: the same birth
    date is asked for too, under the same issuer. Without a birth date the name and
    the institution must be the same. Without an ID a study stays alone.
    """
    if not patient.patient_id:
        return "", study.study_uid
    if patient.birth_date is not None:
        return patient.patient_id, patient.issuer, patient.birth_date.isoformat()
    domain = patient.issuer or folded(study.institution)
    return patient.patient_id, domain, "", folded(patient.name)
