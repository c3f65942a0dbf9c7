"""What peers are asked finds whatever the catalog would find."""

import fnmatch
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viewer.core.folding import folded
from viewer.core.identity import StudyUID
from viewer.core.listing import StudyQuery
from viewer.core.questions import (
    Question,
    is_meant,
    other_ways_are_alike,
    questions,
)
from viewer.core.remote import RemoteStudy

STUDY = RemoteStudy(
    "Peer",
    StudyUID("2.25.1"),
    patient_name="Schmidt^Anna Maria",
    patient_id="P-0042",
    accession_number="ACC77",
    description="CT Thorax",
    institution="Clinic",
    modalities=("CT", "SR"),
    study_date=date(2024, 3, 5),
)


def names(query: StudyQuery) -> set[str]:
    return {way.patient_name for ways in questions(query) for way in ways}


def matches(question: Question, study: RemoteStudy) -> bool:
    """Whether a peer that matches letter by letter gives the study."""
    return all(
        not asked or fnmatch.fnmatchcase(told, asked)
        for asked, told in (
            (question.patient_name, study.patient_name),
            (question.patient_id, study.patient_id),
            (question.accession, study.accession_number),
            (question.description, study.description),
        )
    )


def test_the_query_for_everything_is_one_question_for_everything() -> None:
    assert questions(StudyQuery()) == ((Question(),),)


def test_one_word_is_asked_for_in_each_field() -> None:
    asked = [ways[0] for ways in questions(StudyQuery(text="thorax anna"))]
    assert asked == [
        Question(patient_name="*thorax*"),
        Question(patient_id="*thorax*"),
        Question(accession="*thorax*"),
        Question(description="*thorax*"),
    ]


def test_a_name_is_asked_for_in_every_order_and_in_capitals() -> None:
    asked = names(StudyQuery(patient="anna, schmidt"))
    assert {"*anna*schmidt*", "*schmidt*anna*", "*SCHMIDT*ANNA*"} <= asked
    assert "*Schmidt*Anna*" in asked


def test_a_number_is_written_as_typed_beside_a_name_in_capitals() -> None:
    ways = questions(StudyQuery(patient="anna", patient_id="Ab1"))[0]
    asked = {(way.patient_name, way.patient_id) for way in ways}
    assert {("*Anna*", "*Ab1*"), ("*ANNA*", "*AB1*"), ("*Anna*", "*AB1*")} <= asked


def test_a_name_of_many_words_is_asked_for_by_its_longest() -> None:
    assert names(StudyQuery(patient="a b longest c d")) >= {"*longest*"}


def test_a_wildcard_says_where_a_part_begins_and_ends() -> None:
    assert "SCH*" in names(StudyQuery(patient="sch*"))
    assert "*sch*" not in names(StudyQuery(patient="sch*"))
    assert questions(StudyQuery(patient_id="00?2"))[0][0].patient_id == "00?2"


def test_letters_with_accents_may_be_written_without_there() -> None:
    assert "*m*ller*" in names(StudyQuery(patient="müller"))
    assert "*山田*" in names(StudyQuery(patient="山田"))


def test_every_modality_is_a_question_of_its_own_over_the_same_dates() -> None:
    query = StudyQuery(modalities=("CT", "MR"), date_from=date(2024, 1, 1))
    asked = questions(query)
    assert [ways[0].modality for ways in asked] == ["CT", "MR"]
    assert {ways[0].date_from for ways in asked} == {date(2024, 1, 1)}


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        (StudyQuery(), True),
        (StudyQuery(text="anna thorax 0042"), True),
        (StudyQuery(text="anna abdomen"), False),
        (StudyQuery(patient="maria SCHMIDT"), True),
        (StudyQuery(patient="thorax"), False),
        (StudyQuery(patient="schm?dt"), True),
        (StudyQuery(patient="chm?dt"), False),
        (StudyQuery(patient_id="004"), True),
        (StudyQuery(accession="acc"), True),
        (StudyQuery(modalities=("MR", "SR")), True),
        (StudyQuery(modalities=("MR",)), False),
        (StudyQuery(date_from=date(2024, 3, 5), date_to=date(2024, 3, 5)), True),
        (StudyQuery(date_from=date(2024, 3, 6)), False),
        (StudyQuery(date_to=date(2024, 3, 4)), False),
        (StudyQuery(institutions=("Clinic", "Elsewhere")), True),
        (StudyQuery(institutions=("Elsewhere",)), False),
    ],
)
def test_what_comes_is_compared_here_too(query: StudyQuery, *, meant: bool) -> None:
    assert is_meant(query, STUDY) is meant


def test_what_is_not_told_is_not_held_against_a_study() -> None:
    untold = replace(STUDY, modalities=(), institution="")
    assert is_meant(StudyQuery(modalities=("MR",), institutions=("X",)), untold)


def test_a_date_that_is_not_told_lies_in_no_span() -> None:
    untold = replace(STUDY, study_date=None)
    assert is_meant(StudyQuery(), untold)
    assert not is_meant(StudyQuery(date_to=date(2030, 1, 1)), untold)


def test_an_answer_in_other_letters_proves_that_case_is_ignored() -> None:
    assert other_ways_are_alike(Question(patient_name="*schmidt*"), STUDY)
    assert not other_ways_are_alike(Question(patient_name="*Schmidt*"), STUDY)
    assert not other_ways_are_alike(Question(), STUDY)


def test_case_must_be_ignored_in_all_that_was_asked() -> None:
    both = Question(patient_name="*schmidt*", patient_id="*P-0042*")
    assert not other_ways_are_alike(both, STUDY)
    assert other_ways_are_alike(replace(both, patient_id="*p-0042*"), STUDY)
    assert other_ways_are_alike(replace(both, patient_id="*0042*"), STUDY)


def test_an_answer_without_the_letters_proves_that_a_field_is_ignored() -> None:
    assert other_ways_are_alike(Question(accession="*xyz*"), STUDY)


def test_a_peer_that_ignores_accents_may_still_mind_case() -> None:
    accented = replace(STUDY, patient_name="Mùller")
    assert not other_ways_are_alike(Question(patient_name="*Muller*"), accented)


NAMES = st.text("abcXYZ äé-'", min_size=3, max_size=12).filter(lambda t: t.strip())


@settings(deadline=None)  # the machine may be busy
@given(st.lists(NAMES, min_size=1, max_size=3), st.data())
def test_what_is_typed_of_a_name_finds_it_at_a_peer_that_minds_every_letter(
    parts: list[str], data: st.DataObject
) -> None:
    study = replace(STUDY, patient_name="^".join(parts))
    words = [w for w in study.patient_name.replace("^", " ").split() if folded(w)]
    if not words:
        return
    chosen = data.draw(st.lists(st.sampled_from(words), min_size=1, max_size=3))
    query = StudyQuery(patient=" ".join(dict.fromkeys(chosen)))
    assert is_meant(query, study)
    assert any(matches(way, study) for ways in questions(query) for way in ways)


@settings(deadline=None)  # the machine may be busy
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_can_be_asked_for(text: str, patient: str) -> None:
    for ways in questions(StudyQuery(text=text, patient=patient)):
        for way in ways:
            for asked in (way.patient_name, way.patient_id, way.description):
                assert "\\" not in asked
                assert "\0" not in asked
                assert len(asked) <= 64
