"""Studies as a table for spreadsheets."""

from dataclasses import replace
from datetime import date, time

from hypothesis import given
from hypothesis import strategies as st

from viewer.commands.study_table import age_text, to_remote_table, to_table
from viewer.core.identity import StudyUID
from viewer.core.listing import Age, StudySummary
from viewer.core.remote import RemoteStudy

STUDY = StudySummary(
    study_uid=StudyUID("1.2.3"),
    patient_name="Müller^Anna",
    patient_id="104233",
    issuer="",
    patient_birth_date=date(1961, 3, 4),
    patient_sex="F",
    age=Age(65, "Y"),
    study_date=date(2026, 11, 19),
    study_time=time(9, 5),
    accession_number="A1",
    description="Thorax/Abdomen",
    modalities=("CT", "SR"),
    series=3,
    instances=642,
    institution="",
    referring_physician="",
    status="pending",
    tags=("teaching",),
    body_parts=(),
    conflicts=0,
)


def cells(study: StudySummary) -> list[str]:
    return to_table([study]).split("\n")[1].split("\t")


def test_names_are_readable_and_dates_iso() -> None:
    assert cells(STUDY)[:7] == [
        "Müller, Anna",
        "104233",
        "1961-03-04",
        "F",
        "65 y",
        "2026-11-19",
        "09:05:00",
    ]


def test_what_is_not_known_is_empty() -> None:
    unknown = replace(STUDY, patient_birth_date=None, age=None, study_time=None)
    assert [cells(unknown)[at] for at in (2, 4, 6)] == ["", "", ""]


def test_ages_keep_their_unit() -> None:
    assert [age_text(Age(3, unit)) for unit in "YMWD"] == ["3 y", "3 mo", "3 wk", "3 d"]


def test_a_text_never_becomes_a_formula() -> None:
    assert cells(replace(STUDY, description="=cmd|x"))[8] == "'=cmd|x"


@given(st.text())
def test_one_study_is_one_line_of_as_many_cells_whatever_its_texts(text: str) -> None:
    table = to_table([replace(STUDY, description=text, patient_id=text)])
    head, row, rest = table.split("\n")
    assert len(row.split("\t")) == len(head.split("\t"))
    assert rest == ""


def test_what_peers_have_is_copied_with_what_of_it_is_here() -> None:
    study = RemoteStudy(
        "Hospital",
        StudyUID("2.25.1"),
        patient_name="Vivaldi^Antonio",
        patient_id="=1+1",
        modalities=("CT", "SR"),
        instances=12,
        local=5,
    )
    head, row = (line.split("\t") for line in to_remote_table([study]).splitlines())
    cells = dict(zip(head, row, strict=True))
    assert cells["Patient"] == "Vivaldi, Antonio"
    assert cells["ID"] == "'=1+1"  # a text stays a text
    assert (cells["At"], cells["Images"], cells["Here"]) == ("Hospital", "12", "5")
