"""The strip says whose the series are where that is not the same for all."""

from tests.services.reading_studies import to_slices, to_study
from viewer.services.reading_stacks import ReadingStacks
from viewer.ui.panels.strip_model import to_rows

ONE, OTHER = to_slices("1.2.1", [0.0]), to_slices("1.3.1", [0.0])


def headings(*patients: str) -> list[str]:
    studies = [
        to_study(series, uid=series.record.series_uid, patient_id=patient)
        for series, patient in zip((ONE, OTHER), patients, strict=False)
    ]
    return [row.title for row in to_rows(ReadingStacks(studies)) if row.is_heading]


def test_one_study_needs_no_heading() -> None:
    assert headings("P1") == []


def test_studies_of_one_patient_are_told_apart_by_their_dates() -> None:
    assert headings("P1", "P1") == ["2026-01-02", "2026-01-02"]


def test_studies_of_different_patients_bear_their_names() -> None:
    assert headings("P1", "P2") == ["Phantom, Test", "Phantom, Test"]
