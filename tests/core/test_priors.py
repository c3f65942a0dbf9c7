"""A prior is offered only if it is of the same patient."""

from dataclasses import replace
from datetime import date

import pytest

from viewer.core.identity import StudyUID
from viewer.core.listing import StudySummary
from viewer.core.priors import is_of_patient, prior_question
from viewer.core.questions import Question
from viewer.core.remote import RemoteStudy

BORN = date(1970, 1, 2)
OPEN = StudySummary(
    study_uid=StudyUID("2.25.1"),
    patient_name="Müller^Anna",
    patient_id="P1",
    issuer="CLINIC",
    patient_birth_date=BORN,
    patient_sex="F",
    age=None,
    study_date=None,
    study_time=None,
    accession_number="",
    description="",
    modalities=("CT",),
    series=1,
    instances=1,
    institution="",
    referring_physician="",
    status="pending",
    tags=(),
    body_parts=(),
    conflicts=0,
)
FOUND = RemoteStudy(
    "Peer", StudyUID("2.25.2"), patient_id="P1", patient_birth_date=BORN
)


@pytest.mark.parametrize(
    ("found", "same"),
    [
        (FOUND, True),
        (replace(FOUND, patient_name="Huber^Anna"), True),  # she may have married
        (replace(FOUND, patient_id="P2"), False),
        (replace(FOUND, patient_id="P1 "), True),
        (replace(FOUND, patient_birth_date=date(1970, 1, 3)), False),
        (replace(FOUND, patient_birth_date=None), False),
        (replace(FOUND, patient_birth_date=None, patient_name="MULLER^ANNA"), True),
        (replace(FOUND, patient_birth_date=None, patient_name="Muller^Eva"), False),
        (replace(FOUND, issuer="CLINIC"), True),
        (replace(FOUND, issuer="ELSEWHERE"), False),
    ],
)
def test_id_and_birth_date_or_name_must_be_the_same(
    found: RemoteStudy, *, same: bool
) -> None:
    assert is_of_patient(OPEN, found) is same


def test_nobody_without_a_name_and_birth_date_is_the_same() -> None:
    nameless = replace(OPEN, patient_name="", patient_birth_date=None)
    assert not is_of_patient(nameless, replace(FOUND, patient_birth_date=None))


def test_the_id_is_asked_for_as_it_is() -> None:
    assert prior_question(OPEN) == Question(patient_id="P1")
    for nobody in ("", "  ", "P*", "P?", "A\\B"):
        assert prior_question(replace(OPEN, patient_id=nobody)) is None
