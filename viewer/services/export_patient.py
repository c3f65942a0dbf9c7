"""Who the patient of a study is, for everything in it that leaves.

Single files will not do: a key object or a report often lacks the institution that its
images have, and would be of somebody else, on other days.
"""

from viewer.core.listing import StudySummary
from viewer.core.pseudonyms import PatientKey


def patient_of_study(study: StudySummary) -> PatientKey:
    """The one patient of a study, by what all of its files say together."""
    born = study.patient_birth_date
    return PatientKey.of(
        patient_id=study.patient_id,
        issuer=study.issuer,
        institution=study.institution,
        name=study.patient_name,
        birth_date=f"{born:%Y%m%d}" if born is not None else "",
        study_uid=study.study_uid,
    )
