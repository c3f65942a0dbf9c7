"""Other workstations find what is here, and have it brought to them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydicom import Dataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian
from pynetdicom import AE, build_role, evt
from pynetdicom.association import Association

from tests.network.steady import steady
from tests.services.import_files import DirectReader, write_image
from viewer.core.asked import Asked, Rung
from viewer.core.peers import Peer
from viewer.network.listener.policy import Allowed, Caller, Policy
from viewer.network.quiet import hush
from viewer.services.importing import Importing, ImportRequest
from viewer.services.library import Library
from viewer.services.listening import Listening, ListenRequest
from viewer.services.peers import Peers

hush()
steady()

STUDY_FIND = "1.2.840.10008.5.1.4.1.2.2.1"
STUDY_MOVE = "1.2.840.10008.5.1.4.1.2.2.2"
STUDY_GET = "1.2.840.10008.5.1.4.1.2.2.3"
PATIENT_FIND = "1.2.840.10008.5.1.4.1.2.1.1"
_ODD = {
    "StudyInstanceUID": "1.2.4",
    "SeriesInstanceUID": "1.2.4.1",
    "SOPInstanceUID": "1.2.4.1.1",
    "PatientName": "Müller^Änne",
    "PatientID": "P2",
    "StudyDate": "20250110",
    "AccessionNumber": "A77",
    "SpecificCharacterSet": "ISO_IR 192",
}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "data", DirectReader()) as opened:
        for number in range(1, 6):
            write_image(tmp_path / f"in/{number}.dcm", number)
        write_image(tmp_path / "in/odd.dcm", 1, **_ODD)
        Importing(opened).run(ImportRequest((tmp_path / "in",)))
        yield opened


@pytest.fixture
def port(library: Library) -> Iterator[int]:
    asked = ListenRequest(port=0, host="127.0.0.1", answers_queries=True)
    with Listening(library, asked) as here:
        yield here.port


def associate(port: int, *classes: str, takes: bool = False) -> Association:
    ae = AE("READER")
    for uid in classes:
        ae.add_requested_context(uid)
    roles: list[Any] = []
    if takes:
        ae.add_requested_context(CTImageStorage, ExplicitVRLittleEndian)
        roles = [build_role(CTImageStorage, scp_role=True)]
    association = ae.associate(
        "127.0.0.1", port, ae_title="LIGHTBOX", ext_neg=roles or None
    )
    assert association.is_established
    return association


def question(level: str, **keys: str) -> Dataset:
    ds = Dataset()
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.QueryRetrieveLevel = level
    for keyword, value in keys.items():
        setattr(ds, keyword, value)
    return ds


def found(port: int, level: str, root: str = STUDY_FIND, **keys: str) -> list[Dataset]:
    association = associate(port, root)
    answers = [
        (status.Status, identifier)
        for status, identifier in association.send_c_find(question(level, **keys), root)
    ]
    association.release()
    assert answers[-1][0] == 0x0000
    return [one for status, one in answers if status == 0xFF00 and one is not None]


@pytest.mark.parametrize(
    ("keys", "uids"),
    [
        ({}, {"1.2.3", "1.2.4"}),
        ({"PatientName": "muster*"}, {"1.2.3"}),
        ({"PatientName": "MÜLLER^*"}, {"1.2.4"}),
        ({"PatientName": "Muller*"}, {"1.2.4"}),
        ({"PatientName": "must"}, set()),
        ({"PatientID": "P?"}, {"1.2.3", "1.2.4"}),
        ({"PatientID": "P2"}, {"1.2.4"}),
        ({"StudyDate": "20240301"}, {"1.2.3"}),
        ({"StudyDate": "20240302-"}, {"1.2.4"}),
        ({"StudyDate": "-20241231"}, {"1.2.3"}),
        ({"StudyDate": "20240101-20251231"}, {"1.2.3", "1.2.4"}),
        ({"ModalitiesInStudy": "CT"}, {"1.2.3", "1.2.4"}),
        ({"ModalitiesInStudy": "MR"}, set()),
        ({"AccessionNumber": "A77"}, {"1.2.4"}),
        ({"StudyInstanceUID": "1.2.4\\1.2.9"}, {"1.2.4"}),
    ],
)
def test_studies_are_found_by_their_keys(
    port: int, keys: dict[str, str], uids: set[str]
) -> None:
    answers = found(port, "STUDY", **{"StudyInstanceUID": "", **keys})
    assert {answer.StudyInstanceUID for answer in answers} == uids


def test_answers_tell_what_was_asked_and_where_it_can_be_fetched(port: int) -> None:
    wanted = dict.fromkeys(
        ["PatientName", "PatientBirthDate", "StudyTime", "ModalitiesInStudy"], ""
    )
    wanted |= {"NumberOfStudyRelatedInstances": "", "StudyInstanceUID": "1.2.4"}
    (answer,) = found(port, "STUDY", **wanted)
    assert answer.PatientName == "Müller^Änne"
    assert answer.PatientBirthDate == "19700517"
    assert answer.ModalitiesInStudy == "CT"
    assert answer.NumberOfStudyRelatedInstances == 1
    assert answer.RetrieveAETitle == "LIGHTBOX"
    assert answer.StudyTime == ""
    assert "PatientID" not in answer


def test_patients_series_and_images_are_found(port: int) -> None:
    patients = found(port, "PATIENT", PATIENT_FIND, PatientID="")
    assert {patient.PatientID for patient in patients} == {"P1", "P2"}
    (series,) = found(
        port,
        "SERIES",
        StudyInstanceUID="1.2.3",
        SeriesInstanceUID="",
        NumberOfSeriesRelatedInstances="",
    )
    assert series.NumberOfSeriesRelatedInstances == 5
    images = found(
        port,
        "IMAGE",
        StudyInstanceUID="1.2.3",
        SeriesInstanceUID="1.2.3.1",
        SOPInstanceUID="",
        InstanceNumber="",
    )
    assert [image.InstanceNumber for image in images] == [1, 2, 3, 4, 5]


def test_what_was_moved_to_the_trash_is_not_found(library: Library, port: int) -> None:
    library.trash(["1.2.3"])
    assert len(found(port, "STUDY", StudyInstanceUID="")) == 1
    assert found(port, "STUDY", StudyInstanceUID="1.2.3") == []


def test_images_are_brought_on_the_association_that_asks(port: int) -> None:
    came: list[Dataset] = []

    def take(event: evt.Event) -> int:
        came.append(event.dataset)
        return 0x0000

    association = associate(port, STUDY_GET, takes=True)
    association.bind(evt.EVT_C_STORE, take)
    asked = question("STUDY", StudyInstanceUID="1.2.3")
    answers = [status for status, _ in association.send_c_get(asked, STUDY_GET)]
    association.release()
    final = answers[-1]
    assert (final.Status, final.NumberOfCompletedSuboperations) == (0x0000, 5)
    assert [one.InstanceNumber for one in came] == [1, 2, 3, 4, 5]
    assert came[2].PixelData == (3).to_bytes(2, "little") * 256


def test_images_are_moved_to_a_peer_we_know(
    library: Library, port: int, tmp_path: Path
) -> None:
    with (
        Library(tmp_path / "other", DirectReader()) as other,
        Listening(other, ListenRequest(port=0, host="127.0.0.1")) as there,
    ):
        target = Peer("other", "127.0.0.1", there.port, "LIGHTBOX")
        Peers(library.data_dir).keep(target)
        association = associate(port, STUDY_MOVE)
        asked = question("STUDY", StudyInstanceUID="1.2.3")
        moved = list(association.send_c_move(asked, "LIGHTBOX", STUDY_MOVE))
        nowhere = list(association.send_c_move(asked, "NOBODY", STUDY_MOVE))
        association.release()
        there.flush()
        assert other.study("1.2.3").instances == 5
    assert moved[-1][0].Status == 0x0000
    assert moved[-1][0].NumberOfCompletedSuboperations == 5
    assert nowhere[-1][0].Status == 0xA801


def test_nothing_is_read_where_nobody_allowed_it(library: Library) -> None:
    with Listening(library, ListenRequest(port=0, host="127.0.0.1")) as here:
        ae = AE("READER")
        ae.add_requested_context(STUDY_FIND)
        ae.add_requested_context("1.2.840.10008.1.1")
        association = ae.associate("127.0.0.1", here.port, ae_title="LIGHTBOX")
        assert [c.abstract_syntax for c in association.rejected_contexts] == [
            STUDY_FIND
        ]
        association.release()
    far = Caller("READER", "192.0.2.7")
    known = Allowed("READER", frozenset({"192.0.2.7"}))
    assert not Policy(port=0, answers_queries=True).may_read(far)
    assert Policy(port=0, answers_queries=True, readers=(known,)).may_read(far)
    assert not Policy(port=0, readers=(known,)).may_read(far)


def test_a_question_that_is_none_is_declined(port: int) -> None:
    association = associate(port, STUDY_FIND)
    ds = Dataset()
    ds.PatientName = "x"
    ((status, _),) = list(association.send_c_find(ds, STUDY_FIND))
    assert status.Status == 0xC001
    association.release()


def test_lists_ranges_and_patterns_agree_as_the_standard_says() -> None:
    row = {"patient_name": "MUSTER^MAX", "study_date": "20240301", "study_uid": "1.2"}

    def meant(**keys: str) -> bool:
        return Asked(Rung.STUDY, keys).is_meant(row)

    assert meant(patient_name="m?ster^*", study_date="20240301-20240301")
    assert meant(study_uid="1.1\\1.2", patient_name="")
    assert not meant(study_uid="1.*")
    assert not meant(study_date="20240302-20240401")
    assert not meant(patient_name="(muster|x).*")
    assert meant(institution="not told in this row")
