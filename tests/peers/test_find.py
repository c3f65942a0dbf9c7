"""Real archives give what is asked for, in every script they know."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.data import get_charset_files
from pydicom.uid import generate_uid

from tests.peers.conftest import Peers
from viewer.core.listing import StudyQuery
from viewer.core.peers import Peer
from viewer.core.remote import RemoteStudy
from viewer.core.worklist import WorklistQuery
from viewer.services.asking import list_instances, list_series, list_studies
from viewer.services.planned import list_worklist

FILES = {
    "chrArab": "قباني^لنزار",
    "chrFren": "Buc^Jérôme",
    "chrGerm": "Äneas^Rüdiger",
    "chrGreek": "Διονυσιος",
    "chrH31": "Yamada^Tarou=山田^太郎=やまだ^たろう",
    "chrHbrw": "שרון^דבורה",
    "chrI2": "Hong^Gildong=洪^吉洞=홍^길동",
    "chrRuss": "Люкceмбypг",
    "chrX1": "Wang^XiaoDong=王^小東",
    "chrX2": "Wang^XiaoDong=王^小东",
}
"""pydicom's test files, and whose they are."""


class Loaded:
    """One study for each script in Orthanc and in DCMTK's archive."""

    def __init__(self, peers: Peers, folder: Path) -> None:
        # Other runs load theirs, or left them there; none begins with another's mark.
        self.mark = f"F{os.getpid()}-"
        self._peers = peers
        known = map(Path, get_charset_files("chr*.dcm"))
        paths = [self._copy(path, folder) for path in known if path.stem in FILES]
        peers.load(peers.orthanc, paths)
        peers.load(peers.dcmqr, paths)

    def _copy(self, path: Path, folder: Path) -> Path:
        data_set = dcmread(path)
        data_set.PatientID = f"{self.mark}{path.stem}"
        data_set.Modality, data_set.StudyDate = "OT", "20240203"
        data_set.StudyInstanceUID = self._uid(path.stem)
        data_set.SeriesInstanceUID = self._uid(path.stem, "series")
        data_set.SOPInstanceUID = self._uid(path.stem, "instance")
        data_set.file_meta.MediaStorageSOPInstanceUID = data_set.SOPInstanceUID
        copy = folder / path.name
        data_set.save_as(copy)
        return copy

    def _uid(self, *of: str) -> str:
        return generate_uid(entropy_srcs=[self.mark, *of])

    def unload(self) -> None:
        """Take them out of Orthanc; DCMTK's archive forgets with its folder."""
        for stem in FILES:
            self._peers.rest.delete_study(self._uid(stem))

    def found(self, peer: Peer, query: StudyQuery) -> dict[str, RemoteStudy]:
        """Those of them that a peer gives, by the file's name."""
        return {
            study.patient_id.removeprefix(self.mark): study
            for study in list_studies(peer, query)
            if study.patient_id.startswith(self.mark)
        }


@pytest.fixture(scope="module")
def loaded(peers: Peers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    them = Loaded(peers, tmp_path_factory.mktemp("scripts"))
    yield them
    them.unload()


@pytest.fixture(params=["orthanc", "dcmqr"])
def peer(peers: Peers, request: pytest.FixtureRequest) -> Peer:
    chosen: Peer = getattr(peers, request.param)
    return chosen


def test_names_arrive_in_every_script(loaded: Loaded, peer: Peer) -> None:
    found = loaded.found(peer, StudyQuery(patient_id=loaded.mark, limit=None))
    assert {n: s.patient_name.strip("=") for n, s in found.items()} == FILES


@pytest.mark.parametrize(
    ("typed", "stem"),
    [
        ("yamada tarou", "chrH31"),
        ("Tarou, Yamada", "chrH31"),
        ("gildong", "chrI2"),
        ("jerome", None),
        ("jérôme", "chrFren"),
        ("JÉRÔME BUC", "chrFren"),
    ],
)
def test_a_name_is_found_in_any_order_and_case(
    loaded: Loaded, peer: Peer, typed: str, stem: str | None
) -> None:
    found = loaded.found(peer, StudyQuery(patient=typed, limit=None))
    # Whether a plain letter finds one with an accent is the peer's to say.
    assert set(found) in ([{stem}] if stem else [set(), {"chrFren"}])


@pytest.mark.parametrize(
    ("typed", "stem", "charset"),
    [
        ("山田", "chrH31", "\\ISO 2022 IR 87"),
        ("Люкceмбypг", "chrRuss", "ISO_IR 144"),
        ("Διονυσιος", "chrGreek", "ISO_IR 126"),
        ("小东", "chrX2", "GB18030"),
    ],
)
def test_a_name_is_asked_for_in_the_archives_own_character_set(
    peers: Peers, loaded: Loaded, typed: str, stem: str, charset: str
) -> None:
    query = StudyQuery(patient=typed, limit=None)
    assert set(loaded.found(replace(peers.dcmqr, charset=charset), query)) == {stem}
    assert set(loaded.found(replace(peers.orthanc, charset=charset), query)) == {stem}
    assert set(loaded.found(peers.orthanc, query)) == {stem}


def test_studies_of_a_modality_are_found_whether_the_archive_tells_or_not(
    loaded: Loaded, peer: Peer
) -> None:
    query = StudyQuery(patient_id=loaded.mark, modalities=("OT", "CT"), limit=None)
    assert set(loaded.found(peer, query)) == set(FILES)
    query = StudyQuery(patient_id=loaded.mark, modalities=("MR",), limit=None)
    assert loaded.found(peer, query) == {}


def test_studies_of_some_days_are_found(loaded: Loaded, peer: Peer) -> None:
    day = date(2024, 2, 3)
    query = StudyQuery(patient_id=loaded.mark, date_from=day, date_to=day, limit=None)
    assert len(loaded.found(peer, query)) == len(FILES)
    query = StudyQuery(patient_id=loaded.mark, date_to=date(2024, 2, 2), limit=None)
    assert loaded.found(peer, query) == {}


def test_a_study_has_its_series_and_instances(loaded: Loaded, peer: Peer) -> None:
    study = loaded.found(peer, StudyQuery(patient_id=loaded.mark + "chrX1"))["chrX1"]
    (series,) = list_series(peer, study.key)
    (instance,) = list_instances(peer, study.key)
    assert series.modality == "OT"
    assert instance.series_uid == series.series_uid
    assert list_instances(peer, series.key) == (instance,)
    assert list_instances(peer, instance.key) == (instance,)


def test_an_archive_stops_when_it_is_told_to(loaded: Loaded, peer: Peer) -> None:
    query = StudyQuery(patient_id=loaded.mark, limit=2)
    assert len(list(list_studies(peer, query))) == 2


def test_a_query_travels_encrypted(peers: Peers) -> None:
    query = StudyQuery(patient="nobody of this name", limit=None)
    assert list(list_studies(peers.orthanc_tls, query)) == []


def test_the_worklist_is_asked_over_the_network(peers: Peers) -> None:
    def planned(query: WorklistQuery) -> list[str]:
        items = list_worklist(peers.worklist, query)
        return sorted(item.modality for item in items)

    assert planned(WorklistQuery()) == ["CR", "CT", "MR"]
    assert planned(WorklistQuery(patient="antonio vivaldi")) == ["CR", "CT", "MR"]
    assert planned(WorklistQuery(patient="verdi")) == []
    assert planned(WorklistQuery(modality="CT")) == ["CT"]
    assert planned(WorklistQuery(station="AA33")) == ["MR"]
    assert planned(WorklistQuery(date_from=date(1996, 1, 1))) == ["CR", "CT"]
    assert planned(WorklistQuery(date_to=date(1995, 12, 31))) == ["MR"]
