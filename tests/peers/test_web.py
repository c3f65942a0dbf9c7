"""Orthanc's DICOMweb is asked, fetched from and sent to, as its DICOM service is."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pydicom
import pytest

from tests.peers.conftest import WEB_LOGIN, Peers
from tests.services.import_files import write_image
from tests.services.test_web_retrieving import fetching, kept
from tests.services.test_web_sending import data_set, sending
from viewer.core.identity import StudyUID
from viewer.core.listing import StudyQuery
from viewer.core.remote import RemoteKey
from viewer.core.transfer import Direction, TransferState
from viewer.network.faults import Fault, PeerFault
from viewer.network.web.client import Answer, WebClient
from viewer.network.web.login import basic
from viewer.network.web.request import Request
from viewer.services.asking import list_instances, list_series, list_studies
from viewer.services.signs_of_life import sign_of_life

_LONG = 70
NAME = "Zauberflöte^Papagena=山田^花子"


@pytest.fixture
def paths(peers: Peers, tmp_path: Path) -> Iterator[list[Path]]:
    """Three slices of one study that Orthanc does not have."""
    of = {
        "StudyInstanceUID": pydicom.uid.generate_uid(),
        "SeriesInstanceUID": pydicom.uid.generate_uid(),
        "PatientName": NAME,
        "SpecificCharacterSet": "ISO_IR 192",
    }
    made = [
        write_image(
            tmp_path / f"{number}.dcm",
            number,
            SOPInstanceUID=pydicom.uid.generate_uid(),
            **of,
        )
        for number in (1, 2, 3)
    ]
    yield made
    peers.rest.delete_study(str(of["StudyInstanceUID"]))


def test_a_study_is_sent_found_and_fetched(
    peers: Peers, paths: list[Path], tmp_path: Path
) -> None:
    study_uid = StudyUID(str(pydicom.dcmread(paths[0]).StudyInstanceUID))
    key = RemoteKey(study_uid)
    with sending(tmp_path / "ours", peers.web, *paths) as (_, queue):
        queue.add(Direction.SEND, "Web", [key])
        ending = queue.run_next()
        assert ending is not None
        assert (ending.state, ending.done) == (TransferState.DONE, 3)
    for patient in ("papagena", "zauberflöte papagena"):
        found = list(list_studies(peers.web, StudyQuery(patient=patient)))
        (study,) = [one for one in found if one.study_uid == study_uid]
        assert study.patient_name == NAME
        assert (study.modalities, study.instances) == (("CT",), 3)
    (series,) = list_series(peers.web, key)
    assert (series.modality, series.instances) == ("CT", 3)
    instances = list_instances(peers.web, key)
    assert sorted(one.number or 0 for one in instances) == [1, 2, 3]
    with fetching(tmp_path / "theirs", peers.web) as (library, queue):
        queue.add(Direction.FETCH, "Web", [key])
        ending = queue.run_next()
        assert ending is not None
        assert ending.state is TransferState.DONE
        came = sorted(map(data_set, kept(library)))
    assert came == sorted(data_set(path.read_bytes()) for path in paths)


def test_a_long_series_comes_as_one_stream(
    peers: Peers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study_uid, series_uid = (str(pydicom.uid.generate_uid()) for _ in range(2))
    sent = []
    for number in range(1, _LONG + 1):
        path = write_image(
            tmp_path / f"{number}.dcm",
            number,
            StudyInstanceUID=study_uid,
            SeriesInstanceUID=series_uid,
            SOPInstanceUID=pydicom.uid.generate_uid(),
        )
        peers.rest.add(path)
        sent.append(data_set(path.read_bytes()))
    asked: list[str] = []
    ask = WebClient.ask

    def noted(client: WebClient, request: Request) -> AbstractContextManager[Answer]:
        asked.append(request.path)
        return ask(client, request)

    monkeypatch.setattr(WebClient, "ask", noted)
    with (
        deleting(peers, study_uid),
        fetching(tmp_path / "ours", peers.web) as (library, queue),
    ):
        queue.add(Direction.FETCH, "Web", [RemoteKey(StudyUID(study_uid))])
        ending = queue.run_next()
        assert ending is not None
        assert (ending.state, ending.done) == (TransferState.DONE, _LONG)
        assert sorted(map(data_set, kept(library))) == sorted(sent)
    series = f"/studies/{study_uid}/series/{series_uid}"
    fetched = [path for path in asked if path.startswith(series) and "?" not in path]
    assert fetched.count(series) == 1
    assert len(fetched) <= 2  # its first image is asked for, too


@contextmanager
def deleting(peers: Peers, study_uid: str) -> Iterator[None]:
    """Orthanc forgets the study at the end."""
    try:
        yield
    finally:
        peers.rest.delete_study(study_uid)


def test_a_login_over_tls_is_right_or_told(peers: Peers) -> None:
    right = basic(WEB_LOGIN, WEB_LOGIN)
    assert sign_of_life(peers.web_tls, "", login=right).web_seconds is not None
    with pytest.raises(PeerFault) as told:
        sign_of_life(peers.web_tls, "", login=basic(WEB_LOGIN, "other"))
    assert told.value.fault is Fault.LOGIN
