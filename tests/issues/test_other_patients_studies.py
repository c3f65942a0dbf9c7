"""Files of many patients, opened together, offered each other as other studies."""

from dataclasses import replace
from datetime import date

from tests.services.reading_studies import to_slices, to_study
from viewer.core.opened import OpenStudy
from viewer.services.session import ReadingSession


def filed(uid: str, patient_id: str) -> OpenStudy:
    study = to_study(to_slices(f"{uid}.1", (0, 1)), uid=uid, patient_id=patient_id)
    return replace(study, filed=True)


def offered(session: ReadingSession) -> list[str]:
    return [summary.study_uid for summary in session.related]


def test_only_the_studies_of_the_patient_on_show_are_offered() -> None:
    session = ReadingSession()
    session.open([filed("1.2", "P1"), filed("1.3", "P2"), filed("1.4", "P1")])
    assert offered(session) == ["1.2", "1.4"]
    session.show("1.3.1#0")
    assert offered(session) == ["1.3"]


def test_what_the_catalog_found_for_one_patient_is_not_offered_to_another() -> None:
    session = ReadingSession()
    session.open([filed("1.2", "P1"), filed("1.3", "P2")])
    session.relate([filed(uid, "P1").summary for uid in ("1.2", "1.5")])
    assert offered(session) == ["1.2", "1.5"]
    session.show("1.3.1#0")
    assert offered(session) == []


def test_studies_without_an_id_stay_alone() -> None:
    session = ReadingSession()
    session.open([filed("1.2", ""), filed("1.3", "")])
    assert offered(session) == ["1.2"]


def test_a_study_that_the_catalog_does_not_have_cannot_be_opened_from_the_list() -> (
    None
):
    session = ReadingSession()
    session.open([replace(filed(uid, "P1"), filed=False) for uid in ("1.2", "1.3")])
    assert offered(session) == []


def test_the_same_id_with_another_birth_date_is_another_patient() -> None:
    studies = [
        replace(
            one, summary=replace(one.summary, patient_birth_date=date(1960, 1, day))
        )
        for one, day in ((filed("1.2", "P1"), 1), (filed("1.3", "P1"), 2))
    ]
    session = ReadingSession()
    session.open(studies)
    assert offered(session) == ["1.2"]
    one, other = (session.stacks[f"{uid}.1#0"] for uid in ("1.2", "1.3"))
    assert one.patient != other.patient
    assert not one.meets(other)


def test_a_birth_date_makes_one_patient_of_two_spellings_of_the_name() -> None:
    studies = [
        replace(
            one,
            summary=replace(
                one.summary, patient_name=name, patient_birth_date=date(1960, 1, 1)
            ),
        )
        for one, name in (
            (filed("1.2", "P1"), "Test^A"),
            (filed("1.3", "P1"), "Test^A B"),
        )
    ]
    session = ReadingSession()
    session.open(studies)
    assert offered(session) == ["1.2", "1.3"]
