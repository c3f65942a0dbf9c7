"""A program that is killed while it sends leaves nothing unsent."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.network.archives import archive
from tests.services.test_sending import sending, slices
from viewer.core.transfer import TransferState

OBJECTS, GONE = 25, 12
KILLED = """
import sys
from pathlib import Path
from threading import Event
from tests.network.archives import Archive
from tests.services.test_sending import sending, wish
folder, port, gone = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
paths = sorted((folder / "in").iterdir())

def tell(transfer):
    if transfer.done >= gone:
        print("now", flush=True)
    if transfer.done == len(paths):
        Event().wait(100)  # for the end, which is not to come too late

with sending(folder / "data", Archive(port=port), *paths) as (library, queue):
    queue.changed.connect(tell)
    wish(queue)
    queue.run_next()
"""


@pytest.mark.skipif(os.name != "posix", reason="kills a process")
def test_what_a_killed_program_had_still_to_send_is_sent_by_the_next(
    tmp_path: Path,
) -> None:
    (tmp_path / "in").mkdir()
    paths = slices(tmp_path / "in", OBJECTS)
    with archive() as peer:
        words = [sys.executable, "-c", KILLED, str(tmp_path), str(peer.port), str(GONE)]
        child = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        with child:
            assert child.stdout is not None
            assert child.stdout.readline() == "now\n"
            child.send_signal(signal.SIGKILL)
        assert len(peer.stored) >= GONE
        with sending(tmp_path / "data", peer, *paths) as (_, queue):
            ending = queue.run_next()
        assert ending is not None
        assert (ending.state, ending.done) == (TransferState.DONE, OBJECTS)
    assert len({uid for uid, _, _ in peer.stored}) == OBJECTS
