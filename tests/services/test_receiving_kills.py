"""A listener that is killed while it receives has kept what it said it kept.

``LIGHTBOX_KILLS`` says how often it is killed; the suite does it a few times.
"""

import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from tests.cli.test_listen import port_of, start
from tests.services.import_files import DirectReader, write_image
from viewer.core.peers import Peer
from viewer.dicom.file_meta import data_set_offset
from viewer.network.associations import Timeouts, open_association
from viewer.network.command_set import CommandField, CommandSet
from viewer.network.faults import PeerFault
from viewer.network.negotiation import Proposal
from viewer.services.library import Library
from viewer.services.receiving import Receiving
from viewer.services.store import sha256_of, stamp_of

PROPOSAL = Proposal(CTImageStorage, (ExplicitVRLittleEndian,))
KILLS = int(os.environ.get("LIGHTBOX_KILLS", "5"))
_SENDERS = 2
_OBJECTS = 400  # more than are sent before the longest life ends
_LONGEST_S = 1.0
_PATIENCE_S = 150.0
_SIDE = 128


@pytest.fixture(scope="module")
def objects(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("in")
    pixels = os.urandom(2 * _SIDE * _SIDE)
    changed: dict[str, Any] = {"Rows": _SIDE, "Columns": _SIDE, "PixelData": pixels}
    return {
        f"1.2.3.1.{number}": write_image(folder / f"{number}.dcm", number, **changed)
        for number in range(1, _OBJECTS + 1)
    }


def data_set(path: Path) -> bytes:
    raw = path.read_bytes()
    offset = data_set_offset(raw[:144])
    assert offset is not None
    return raw[offset:]


def send_until_hung_up_on(port: int, objects: dict[str, Path], kept: set[str]) -> None:
    peer = Peer("listener", "127.0.0.1", port, "LIGHTBOX")
    patient = Timeouts(_PATIENCE_S, _PATIENCE_S, _PATIENCE_S)
    with (
        suppress(PeerFault),
        open_association(peer, [PROPOSAL], timeouts=patient) as association,
    ):
        context, wire = association.contexts[0], association.wire
        for number, (uid, path) in enumerate(objects.items(), 1):
            command = CommandSet(
                CommandField.C_STORE_RQ,
                has_data=True,
                message_id=number,
                sop_class=CTImageStorage,
                sop_instance=uid,
                priority=0,
            )
            wire.send(context.id, command, [data_set(path)])
            _, answer = wire.read_command()
            assert answer.status == 0x0000
            kept.add(uid)


@contextmanager
def sending(port: int, objects: dict[str, Path], kept: set[str]) -> Iterator[None]:
    """Several callers that send until the listener dies."""
    shares = [dict(list(objects.items())[n::_SENDERS]) for n in range(_SENDERS)]
    senders = [
        threading.Thread(target=send_until_hung_up_on, args=(port, share, kept))
        for share in shares
    ]
    for sender in senders:
        sender.start()
    yield
    for sender in senders:
        sender.join(100)
        assert not sender.is_alive()


@pytest.mark.parametrize("kill", range(KILLS))
def test_nothing_that_was_acknowledged_is_lost_by_a_kill(
    tmp_path: Path, objects: dict[str, Path], kill: int
) -> None:
    kept: set[str] = set()
    life = random.Random(kill).uniform(0.0, _LONGEST_S)  # noqa: S311 - always the same
    process = start(tmp_path / "data")
    with sending(port_of(process), objects, kept):
        until = time.monotonic() + _PATIENCE_S
        while not kept:  # the first of its helpers takes its time to start
            assert time.monotonic() < until
            time.sleep(0.001)
        time.sleep(life)
        process.kill()
        process.communicate(timeout=100)
    with Library(tmp_path / "data", DirectReader()) as library:
        with Receiving(library):  # what the next start of a listener does
            pass
        known = library.catalog.known(objects)
        assert kept <= known.keys()
        for uid, file in known.items():
            path = Path(file.path)
            assert data_set(path) == data_set(objects[uid])
            assert sha256_of(path, stamp_of(path)) == file.sha256
        assert {sha for sha, _ in library.store.all()} == {
            file.sha256 for file in known.values()
        }
        assert library.store.workspaces() == []
        assert library.catalog.jobs.all() == ()
        assert library.catalog.faults() == ()
