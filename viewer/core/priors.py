"""Which studies of peers are of the patient on the screen."""

from viewer.core.folding import folded
from viewer.core.listing import StudySummary
from viewer.core.questions import Question
from viewer.core.remote import RemoteStudy


def prior_question(study: StudySummary) -> Question | None:
    """What to ask for the patient's other studies; None if nobody can tell.

    An ID with a wildcard in it would find others' studies and is not asked for.
    """
    patient_id = study.patient_id.strip()
    if not patient_id or set(patient_id) & set("*?\\"):
        return None
    return Question(patient_id=patient_id)


def is_of_patient(study: StudySummary, found: RemoteStudy) -> bool:
    """Whether a peer's study is of the patient of `study`.

    The ID must be the same, and so must the birth date; where one of them has none,
    the name. Issuers must not contradict each other, but peers often leave them out.
    """
    if found.patient_id.strip() != study.patient_id.strip():
        return False
    if found.issuer and study.issuer and found.issuer != study.issuer:
        return False
    if found.patient_birth_date is not None and study.patient_birth_date is not None:
        return found.patient_birth_date == study.patient_birth_date
    name = folded(study.patient_name)
    return bool(name) and folded(found.patient_name) == name
