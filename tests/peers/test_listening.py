"""Our listener with real peers: DCMTK and Orthanc send to it, Orthanc answers it."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydicom.uid import CTImageStorage, generate_uid

from tests.benchmarks.peers import installed
from tests.peers.conftest import Peers as RealPeers
from tests.services.import_files import DirectReader, write_image
from viewer.core.commitment import CommitmentState, ObjectRef
from viewer.core.listing import StudyQuery
from viewer.core.peers import Tls
from viewer.dicom.file_meta import data_set_offset
from viewer.services.commitment import Commitments
from viewer.services.library import Library
from viewer.services.listening import Listening, ListenRequest
from viewer.services.peers import Peers

_TITLE = "LBLISTENS"
_PATIENCE_S = 60.0


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "data", DirectReader()) as opened:
        yield opened


@pytest.fixture
def images(tmp_path: Path) -> dict[str, Path]:
    """Three images of a study that is nobody else's, by their UIDs."""
    study, series = generate_uid(), generate_uid()
    found: dict[str, Path] = {}
    for number in range(1, 4):
        uid = generate_uid()
        found[uid] = write_image(
            tmp_path / f"in/{number}.dcm",
            number,
            SOPInstanceUID=uid,
            StudyInstanceUID=study,
            SeriesInstanceUID=series,
        )
    return found


def listening(library: Library, tls: Tls | None = None) -> Listening:
    request = ListenRequest(
        port=0, titles=frozenset({_TITLE}), host="127.0.0.1", tls=tls
    )
    return Listening(library, request)


def until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE_S
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.05)


def data_set(path: Path) -> bytes:
    raw = path.read_bytes()
    offset = data_set_offset(raw[:144])
    assert offset is not None
    return raw[offset:]


def check_kept(library: Library, images: dict[str, Path]) -> None:
    (study,) = library.search(StudyQuery()).items
    assert study.instances == len(images)
    for uid, path in images.items():
        assert data_set(Path(library.instance(uid).path)) == data_set(path)


@pytest.mark.parametrize("encrypted", [False, True])
def test_dcmtk_sends_to_us(
    peers: RealPeers, library: Library, images: dict[str, Path], *, encrypted: bool
) -> None:
    storescu = installed("storescu")
    if storescu is None:
        pytest.skip("DCMTK's storescu is not here")
    folder = peers.tls
    tls = Tls(folder / "ca.crt", folder / "server.crt", folder / "server.key")
    words = ["+tls", folder / "client.key", folder / "client.crt"]
    words += ["+cf", folder / "ca.crt"]
    with listening(library, tls if encrypted else None) as here:
        command = [storescu, *(words if encrypted else ()), "-aec", _TITLE]
        subprocess.run(
            [*command, "localhost", str(here.port), *images.values()],
            env={**os.environ, "TCP_NODELAY": "1"},
            check=True,
            capture_output=True,
        )
        here.flush()
        check_kept(library, images)
    assert here.received.imported == 3


def test_orthanc_sends_to_us(
    peers: RealPeers, library: Library, images: dict[str, Path]
) -> None:
    for path in images.values():
        peers.rest.add(path)
    with listening(library) as here, peers.rest.knows(_TITLE, here.port):
        for uid in images:
            names = peers.rest.find("Instance", SOPInstanceUID=uid)
            peers.rest._ask(
                "POST", f"/modalities/{_TITLE}/store", json.dumps(names).encode()
            )
        here.flush()
        check_kept(library, images)


def test_orthanc_answers_for_what_it_has(
    peers: RealPeers, library: Library, images: dict[str, Path]
) -> None:
    objects = [ObjectRef(CTImageStorage, uid) for uid in images]
    for path in images.values():
        peers.rest.add(path)
    commitments = Commitments(library)
    with listening(library) as here, peers.rest.knows(_TITLE, here.port):
        peer = replace(peers.orthanc, our_aet=_TITLE, our_port=here.port)
        Peers(library.data_dir).keep(peer)
        good = commitments.request(peer, objects, wait=0)
        unknown = ObjectRef(CTImageStorage, generate_uid())
        bad = commitments.request(peer, [objects[0], unknown], wait=0)
        assert good.state is bad.state is CommitmentState.PENDING
        until(lambda: all(one.answered for one in commitments.all()))
    later, first = commitments.all()
    assert (first.state, first.kept) == (CommitmentState.COMMITTED, 3)
    assert (later.state, later.kept) == (CommitmentState.FAILED, 1)
    assert later.failed == {unknown.sop_instance_uid: "The peer does not have it."}
