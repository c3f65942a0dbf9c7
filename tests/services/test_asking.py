"""Whatever an archive's quirks, its studies are found once and as they were meant."""

from datetime import date
from typing import Any

import pytest
from pydicom import Dataset

from tests.network.query_archive import Archive, archive, row
from viewer.core.errors import Cancelled
from viewer.core.identity import SeriesUID, SOPInstanceUID, StudyUID
from viewer.core.listing import StudyQuery
from viewer.core.remote import RemoteKey
from viewer.core.worklist import WorklistQuery
from viewer.network.faults import Fault, PeerFault
from viewer.network.find import PATIENT_ROOT, STUDY_ROOT
from viewer.services.asking import list_instances, list_series, list_studies
from viewer.services.planned import list_worklist

EVERYTHING = StudyQuery(limit=None)


def rows() -> list[Dataset]:
    """Three patients: Anna with CT and MR, Bea with CT, Carl with US."""
    anna = {"PatientName": "Schmidt^Anna", "PatientID": "A1"}
    bea = {"PatientName": "SCHMIDT^BEA", "PatientID": "B1"}
    carl = {"PatientName": "Müller^Carl", "PatientID": "C1"}
    ct = {"Modality": "CT", "ModalitiesInStudy": ["CT", "SR"], "StudyDate": "20240101"}
    mr = {"Modality": "MR", "ModalitiesInStudy": ["MR"], "StudyDate": "20240201"}
    us = {"Modality": "US", "ModalitiesInStudy": ["US"], "StudyDate": "20240301"}
    return [
        row(1, 1, 1, **anna, **ct, StudyDescription="Thorax"),
        row(1, 1, 2, **anna, **ct, StudyDescription="Thorax"),
        row(1, 2, 1, **anna, **{**ct, "Modality": "SR"}, StudyDescription="Thorax"),
        row(2, 1, 1, **anna, **mr, StudyDescription="Knee"),
        row(3, 1, 1, **bea, **ct, StudyDescription="Anna Hospital"),
        row(4, 1, 1, **carl, **us, StudyDescription="Abdomen"),
    ]


def found(kept: Archive, query: StudyQuery = EVERYTHING, **peer: Any) -> list[str]:
    studies = list(list_studies(kept.peer(**peer), query))
    return sorted(study.study_uid.removeprefix("2.25.") for study in studies)


QUIRKS: list[dict[str, Any]] = [
    {},
    {"ignores_case": True},
    {"ignored": ("ModalitiesInStudy",)},
    {"ignored": ("ModalitiesInStudy",), "untold": ("ModalitiesInStudy",)},
    {"ignored": ("PatientName", "StudyDescription", "StudyDate")},
    {"roots": (PATIENT_ROOT,)},
    {"roots": (STUDY_ROOT,), "untold": ("PatientID",)},
]


MEANT: dict[StudyQuery, str] = {
    EVERYTHING: "1234",
    StudyQuery(patient="anna schmidt"): "12",
    StudyQuery(patient="schmidt"): "123",
    StudyQuery(patient="müller"): "4",
    StudyQuery(text="anna"): "123",
    StudyQuery(text="schmidt thorax"): "1",
    StudyQuery(modalities=("CT",)): "13",
    StudyQuery(modalities=("MR", "US")): "24",
    StudyQuery(date_from=date(2024, 2, 1), date_to=date(2024, 2, 28)): "2",
    StudyQuery(patient="bea", modalities=("MR",)): "",
}


@pytest.mark.parametrize("quirks", QUIRKS, ids=str)
def test_a_query_finds_what_it_means(quirks: dict[str, Any]) -> None:
    with archive(rows(), **quirks) as kept:
        for query, studies in MEANT.items():
            assert (query, found(kept, query)) == (query, list(studies))


def test_an_archive_that_ignores_case_is_asked_once() -> None:
    with archive(rows(), ignores_case=True) as kept:
        assert found(kept, StudyQuery(patient="schmidt")) == ["1", "2", "3"]
        assert len(kept.asked) == 1


def test_the_character_set_of_the_peer_is_used() -> None:
    with archive(rows()) as kept:
        assert found(kept, StudyQuery(patient="山田"), charset="ISO_IR 100") == []
        assert found(kept, charset="ISO_IR 100") == ["1", "2", "3", "4"]
        told = [question.SpecificCharacterSet for question in kept.asked]
        assert told == ["ISO_IR 192", "ISO_IR 100"]


def test_no_more_come_than_the_limit() -> None:
    with archive([row(n) for n in range(100)]) as kept:
        assert len(found(kept, StudyQuery(limit=3))) == 3


def test_series_and_instances_are_listed_below_their_study() -> None:
    for roots in ((STUDY_ROOT,), (PATIENT_ROOT,)):
        with archive(rows(), roots=roots) as kept:
            peer, study = kept.peer(), StudyUID("2.25.1")
            series = list_series(peer, RemoteKey(study))
            assert [one.modality for one in series] == ["CT", "SR"]
            instances = list_instances(peer, RemoteKey(study))
            assert [one.sop_instance_uid[5:] for one in instances] == [
                *("1.1.1", "1.1.2", "1.2.1"),
            ]
            assert {one.sop_class_uid[-2:] for one in instances} == {".7"}
            second = RemoteKey(study, SeriesUID("2.25.1.2"))
            assert len(list_series(peer, second)) == 1
            assert len(list_instances(peer, second)) == 1
            one = RemoteKey(study, second.series_uid, SOPInstanceUID("2.25.1.2.1"))
            assert [i.key for i in list_instances(peer, one)] == [one]
            assert list_instances(peer, RemoteKey(StudyUID("2.25.9"))) == ()


def test_a_peer_without_the_service_says_so() -> None:
    with archive([], roots=("1.2.840.10008.1.1",)) as kept:
        with pytest.raises(PeerFault) as caught:
            found(kept)
        assert caught.value.fault is Fault.NO_CONTEXT


def test_asking_can_be_called_off() -> None:
    with archive([row(n) for n in range(100)]) as kept, pytest.raises(Cancelled):
        list(list_studies(kept.peer(), EVERYTHING, cancel=lambda: bool(kept.asked)))


def step(number: int, modality: str, day: str, station: str, name: str) -> Dataset:
    planned = Dataset()
    planned.Modality = modality
    planned.ScheduledProcedureStepStartDate = day
    planned.ScheduledProcedureStepStartTime = "0810"
    planned.ScheduledStationAETitle = station
    planned.ScheduledProcedureStepDescription = f"Step {number}"
    return row(number, PatientName=name, ScheduledProcedureStepSequence=[planned])


PLANNED = [
    step(1, "CT", "20240101", "CT1", "Schmidt^Anna"),
    step(2, "CT", "20240102", "CT2", "SCHMIDT^BEA"),
    step(3, "MR", "20240103", "MR1", "Müller^Carl"),
]


STEPS: dict[WorklistQuery, str] = {
    WorklistQuery(): "123",
    WorklistQuery(patient="anna schmidt"): "1",
    WorklistQuery(patient="schm*"): "12",
    WorklistQuery(modality="CT"): "12",
    WorklistQuery(station="MR1"): "3",
    WorklistQuery(date_from=date(2024, 1, 2)): "23",
    WorklistQuery(date_to=date(2024, 1, 1)): "1",
    WorklistQuery(accession="x"): "",
}


@pytest.mark.parametrize(
    "ignored", [(), ("ScheduledProcedureStepSequence", "PatientName")]
)
def test_the_worklist_is_asked_by_day_modality_station_and_patient(
    ignored: tuple[str, ...],
) -> None:
    with archive(PLANNED, ignored=ignored) as kept:
        for query, steps in STEPS.items():
            items = list(list_worklist(kept.peer(), query))
            told = sorted(item.step_description for item in items)
            assert (query, told) == (query, [f"Step {n}" for n in steps])


def test_no_more_steps_come_than_the_limit() -> None:
    with archive(PLANNED) as kept:
        assert len(list(list_worklist(kept.peer(), WorklistQuery(limit=2)))) == 2
