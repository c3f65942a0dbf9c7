"""Whatever a DICOMweb server's quirks, its studies are found once and as meant."""

import json
import threading
from contextlib import closing
from datetime import date
from typing import Any

import pytest
from pydicom import Dataset

from tests.network.query_archive import row
from tests.network.web_archive import Handler, WebArchive, busy, silent, web_archive
from viewer.core.errors import Cancelled
from viewer.core.identity import SeriesUID, SOPInstanceUID, StudyUID
from viewer.core.listing import StudyQuery
from viewer.core.remote import RemoteKey
from viewer.network.faults import Fault, PeerFault
from viewer.services.asking import list_instances, list_series, list_studies
from viewer.services.signs_of_life import sign_of_life

EVERYTHING = StudyQuery(limit=None)
JSON = "application/dicom+json"


def rows() -> list[Dataset]:
    """Anna with CT and MR, Bea with CT; Anna's CT has two series, one of two images."""
    anna = {"PatientName": "Schmidt^Anna", "PatientID": "A1"}
    bea = {"PatientName": "山田^花子", "PatientID": "B1"}
    ct = {"Modality": "CT", "ModalitiesInStudy": ["CT", "SR"], "StudyDate": "20240101"}
    mr = {"Modality": "MR", "ModalitiesInStudy": ["MR"], "StudyDate": "20240201"}
    return [
        row(1, 1, 1, **anna, **ct, InstanceNumber=1, StudyDescription="Thorax"),
        row(1, 1, 2, **anna, **ct, InstanceNumber=2, StudyDescription="Thorax"),
        row(1, 2, 1, **anna, **ct, InstanceNumber=1, StudyDescription="Thorax"),
        row(2, 1, 1, **anna, **mr),
        row(3, 1, 1, **bea, **{**ct, "StudyDate": "20230101"}),
    ]


def found(archive: WebArchive, query: StudyQuery = EVERYTHING) -> list[str]:
    return [one.study_uid for one in list_studies(archive.peer(), query)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (EVERYTHING, ["2.25.1", "2.25.2", "2.25.3"]),
        (StudyQuery(patient="schmidt"), ["2.25.1", "2.25.2"]),
        (StudyQuery(patient="anna schmidt"), ["2.25.1", "2.25.2"]),
        (StudyQuery(patient="山田"), ["2.25.3"]),
        (StudyQuery(text="thorax"), ["2.25.1"]),
        (StudyQuery(modalities=("MR",)), ["2.25.2"]),
        (StudyQuery(modalities=("MR", "SR")), ["2.25.2", "2.25.1", "2.25.3"]),
        (StudyQuery(date_from=date(2024, 1, 2)), ["2.25.2"]),
        (StudyQuery(date_to=date(2024, 1, 1)), ["2.25.1", "2.25.3"]),
        (StudyQuery(limit=1), ["2.25.1"]),
    ],
)
def test_a_query_finds_what_it_means(query: StudyQuery, expected: list[str]) -> None:
    with web_archive(*rows()) as archive:
        assert sorted(found(archive, query)) == sorted(expected)


def test_answers_say_what_those_of_a_c_find_say() -> None:
    with web_archive(*rows()) as archive:
        study, *_ = list_studies(archive.peer(), StudyQuery(patient="anna"))
        assert (study.peer, study.patient_name) == ("Web", "Schmidt^Anna")
        assert (study.patient_id, study.study_date) == ("A1", date(2024, 1, 1))
        assert (study.modalities, study.description) == (("CT", "SR"), "Thorax")
        series = list_series(archive.peer(), study.key)
        assert [one.series_uid for one in series] == ["2.25.1.1", "2.25.1.2"]
        every = list_instances(archive.peer(), study.key)
        assert [(one.sop_instance_uid, one.number) for one in every] == [
            ("2.25.1.1.1", 1),
            ("2.25.1.1.2", 2),
            ("2.25.1.2.1", 1),
        ]
        key = RemoteKey(study.study_uid, SeriesUID("2.25.1.2"))
        assert len(list_instances(archive.peer(), key)) == 1
        one = RemoteKey(
            study.study_uid, SeriesUID("2.25.1.1"), SOPInstanceUID("2.25.1.1.2")
        )
        (instance,) = list_instances(archive.peer(), one)
        assert instance.sop_class_uid == "1.2.840.10008.5.1.4.1.1.7"


def test_nothing_below_a_study_that_is_not_there_is_no_fault() -> None:
    with web_archive(*rows()) as archive:
        archive.always = busy(404)
        assert list_series(archive.peer(), RemoteKey(StudyUID("2.25.9"))) == ()


@pytest.mark.parametrize("honest", [True, False], ids=["says so", "does not say so"])
def test_a_server_that_bounds_its_answers_is_asked_for_the_rest(
    honest: bool,  # noqa: FBT001 - pytest gives it
) -> None:
    many = [row(n, StudyDate="20240101") for n in range(1, 12)]
    with web_archive(*many) as archive:
        archive.most_rows, archive.honest = 4, honest
        assert len(found(archive)) == 11


def test_a_server_that_knows_no_offset_answers_each_study_once() -> None:
    with web_archive(*rows()) as archive:
        archive.knows_offset = False
        assert found(archive) == ["2.25.1", "2.25.2", "2.25.3"]


@pytest.mark.parametrize("status", [204, 400])
def test_what_a_server_says_beyond_its_last_row_is_the_end(status: int) -> None:
    with web_archive(*rows()) as archive:
        archive.quirks = [None, busy(status)]
        assert len(found(archive)) == 3


def test_a_server_that_knows_few_attributes_is_asked_for_the_usual_ones() -> None:
    with web_archive(*rows()) as archive:
        archive.quirks = [busy(400)]
        assert len(found(archive)) == 3
        assert "includefield" in archive.asked[0]
        assert "includefield" not in archive.asked[1]


def test_odd_values_are_not_known_and_break_nothing() -> None:
    uid = {"vr": "UI", "Value": ["2.25.7"]}
    odd = {
        "0020000D": uid,
        "00100010": {"vr": "PN", "Value": [{"Ideographic": "山田", "Alphabetic": 3}]},
        "00080020": {"vr": "DA", "Value": ["20240231"]},
        "00080030": {"vr": "TM", "Value": ["12"]},
        "00201208": {"vr": "IS", "Value": ["many"]},
        "00201206": {"vr": "IS", "Value": ["4"]},
        "00080061": {"vr": "CS", "Value": [None, "CT", ""]},
        "00081030": 5,
        "00080050": {"vr": "SH", "Value": "text"},
    }

    def answer(handler: Handler) -> None:
        body = json.dumps([odd, {}, {"0020000D": {}}]).encode()
        handler.say(200, body, JSON)

    with web_archive() as archive:
        archive.quirks = [answer, busy(204)]
        (study,) = list_studies(archive.peer(), EVERYTHING)
    assert (study.patient_name, study.study_date) == ("=山田", None)
    assert (study.instances, study.series, study.modalities) == (None, 4, ("CT",))
    assert study.study_time is not None
    assert (study.description, study.accession_number) == ("", "")


def test_the_first_study_is_here_before_the_last_is_sent() -> None:
    more = threading.Event()

    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", JSON)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for number in (1, 2):
            uid: dict[str, Any] = {"0020000D": {"Value": [f"2.25.{number}"]}}
            text = ("[" if number == 1 else ",") + json.dumps(uid)
            handler.wfile.write(f"{len(text):x}\r\n{text}\r\n".encode())
            handler.wfile.flush()
            assert more.wait(30)
        handler.wfile.write(b"1\r\n]\r\n0\r\n\r\n")

    with web_archive() as archive:
        archive.quirks = [answer, busy(204)]
        studies = list_studies(archive.peer(), EVERYTHING)
        assert next(studies).study_uid == "2.25.1"
        more.set()
        assert next(studies).study_uid == "2.25.2"
        assert list(studies) == []


def test_a_silent_server_is_left_as_soon_as_nobody_waits() -> None:
    stop = threading.Event()

    def stay_silent(handler: Handler) -> None:
        stop.set()
        silent(handler)

    with web_archive() as archive:
        archive.always = stay_silent
        studies = list_studies(archive.peer(), EVERYTHING, cancel=stop.is_set)
        with closing(studies), pytest.raises(Cancelled):
            next(studies)


def test_a_sign_of_life_is_one_short_question() -> None:
    with web_archive(*rows()) as archive:
        sign = sign_of_life(archive.peer(), "")
        assert sign.seconds is None
        assert sign.web_seconds is not None
        assert archive.asked == ["/web/studies?limit=1"]
        assert sign.words.startswith("by DICOMweb after")


@pytest.mark.parametrize("body", [b"<html>Welcome</html>", b'{"a": 1}', b"[1, 2]"])
def test_what_is_no_dicomweb_is_said_to_be_none(body: bytes) -> None:
    with web_archive() as archive:
        archive.always = lambda handler: handler.say(200, body)
        with pytest.raises(PeerFault, match="something else than a list") as told:
            sign_of_life(archive.peer(), "")
    assert told.value.fault is Fault.MANNERS
