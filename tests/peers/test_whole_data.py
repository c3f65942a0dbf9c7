"""All real files go to Orthanc, and come back the same whichever way."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import Dataset

from tests.peers.conftest import WEB_LOGIN
from tests.peers.conftest import Peers as RealPeers
from viewer.core.listing import StudyQuery
from viewer.core.peers import Peer, Way
from viewer.core.remote import RemoteKey
from viewer.core.transfer import Direction
from viewer.services.import_report import ImportRequest
from viewer.services.importing import Importing
from viewer.services.jobs import Silent
from viewer.services.library import Library
from viewer.services.logins import PASSWORD
from viewer.services.peers import Peers
from viewer.services.secrets import Secrets
from viewer.services.transferring import Ending
from viewer.services.transfers import open_transfers, work_off
from viewer.services.workers import Workers

MOST_REFUSED = 12
"""Objects that Orthanc itself does not take or send; it says so of each."""

_COMPRESSED = "1.2.840.10008.1.2.4"


@dataclass(frozen=True)
class Mover:
    """Sends studies to Orthanc, and fetches them from there."""

    workers: Workers
    orthanc: Peer
    password: str = ""

    def move(
        self,
        library: Library,
        direction: Direction,
        wanted: list[RemoteKey],
        way: Way | None = None,
    ) -> tuple[Ending, ...]:
        """Do it for all of these, to the end."""
        Peers(library.data_dir).keep(self.orthanc)
        if self.password:
            Secrets(library.data_dir).keep(self.orthanc.name, self.password, PASSWORD)
        with open_transfers(library, self.workers, [direction]) as queue:
            added = queue.add(direction, self.orthanc.name, wanted, way=way)
            return work_off(queue, [one.id for one in added], Silent())


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers() as pool:
        yield pool


@pytest.fixture(scope="module")
def ours(
    real_data: Path, workers: Workers, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Library]:
    """Every real file that can be filed, one for each instance."""
    with Library(tmp_path_factory.mktemp("ours"), workers) as library:
        Importing(library).run(ImportRequest((real_data,)))
        yield library


@pytest.fixture(scope="module")
def mover(workers: Workers, peers: RealPeers) -> Mover:
    return Mover(workers, peers.orthanc)


@pytest.fixture(scope="module")
def sent(ours: Library, mover: Mover) -> dict[str, str]:
    """All of them sent to Orthanc; what it refused, with the reason."""
    endings = mover.move(ours, Direction.SEND, studies(ours))
    assert sum(one.wanted for one in endings) == len(files(ours))
    return {uid: why for one in endings for uid, why in one.failed.items()}


def test_what_was_stowed_comes_back_over_dicomweb(
    ours: Library, workers: Workers, peers: RealPeers, tmp_path: Path
) -> None:
    mover = Mover(workers, peers.web_tls, WEB_LOGIN)
    endings = mover.move(ours, Direction.SEND, studies(ours))
    stowed = {uid: why for one in endings for uid, why in one.failed.items()}
    assert_same(ours, mover, stowed, Way.WEB, tmp_path)


def studies(library: Library) -> list[RemoteKey]:
    found = library.search(StudyQuery(limit=None)).items
    return [RemoteKey(one.study_uid) for one in found]


def files(library: Library) -> dict[str, Path]:
    return {
        one.sop_instance_uid: Path(one.path)
        for study in library.search(StudyQuery(limit=None)).items
        for _, filed in library.catalog.filed_series(study.study_uid)
        for one in filed
    }


@pytest.mark.usefixtures("our_listener")
@pytest.mark.parametrize("way", [Way.GET, Way.MOVE])
def test_what_was_sent_comes_back_instance_for_instance(
    way: Way, ours: Library, mover: Mover, sent: dict[str, str], tmp_path: Path
) -> None:
    assert_same(ours, mover, sent, way, tmp_path)


def assert_same(
    ours: Library, mover: Mover, sent: dict[str, str], way: Way, tmp_path: Path
) -> None:
    """What was sent but for a few refusals comes back instance for instance."""
    with Library(tmp_path / "back", mover.workers) as back:
        endings = mover.move(back, Direction.FETCH, studies(ours), way)
        unsent = {uid: why for one in endings for uid, why in one.failed.items()}
        before, after = files(ours), files(back)
        refused = sent.keys() | unsent.keys()
        reasons = sorted({*sent.values(), *unsent.values()})
        assert len(refused) <= MOST_REFUSED, reasons
        assert before.keys() - refused <= after.keys()
        common = before.keys() & after.keys()
        others = [uid for uid in common if not same(before[uid], after[uid])]
        assert others == []


def same(before: Path, after: Path) -> bool:
    """Whether two files hold the same object; pixels byte for byte where they can."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        one, other = (pydicom.dcmread(path, force=True) for path in (before, after))
        kept = one.file_meta.get("TransferSyntaxUID") == other.file_meta.get(
            "TransferSyntaxUID"
        )
        if not kept:
            for ds in (one, other):
                _without_encoding(ds)
        return _values(one) == _values(other)


def _without_encoding(ds: Dataset) -> None:
    for keyword in (
        *("PixelData", "PhotometricInterpretation", "PlanarConfiguration", "HighBit"),
        *("ExtendedOffsetTable", "ExtendedOffsetTableLengths", "LossyImageCompression"),
    ):
        if keyword in ds:
            del ds[keyword]


def _values(ds: Dataset) -> dict[int, object]:
    """Every attribute; group lengths and padding are no part of an object."""
    found: dict[int, object] = {}
    for element in ds:
        if element.tag.element == 0 or element.tag == 0xFFFCFFFC:
            continue
        if element.VR == "SQ":
            found[element.tag] = [_values(item) for item in element.value]
        elif isinstance(element.value, bytes):
            found[element.tag] = element.value.rstrip(b"\0 ")
        else:
            found[element.tag] = str(element.value).rstrip("\0 ")
    return found
