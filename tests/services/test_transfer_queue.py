"""The queue goes on by itself, obeys at once, and survives the program."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typing_extensions import override

from tests.network.archives import archive
from tests.services.fetching import Told, fetching, series_of, wish
from viewer.core.identity import StudyUID
from viewer.core.remote import RemoteKey
from viewer.core.transfer import Transfer, TransferState
from viewer.network.faults import Fault, PeerFault
from viewer.services import transfer_queue
from viewer.services.jobs import Silent
from viewer.services.library import Library
from viewer.services.transfer_queue import TransferQueue
from viewer.services.transfers import work_off

GENEROUS = 60.0
KILLS = int(os.environ.get("LIGHTBOX_KILLS", "3"))


class Watched:
    """Waits until a transfer is what is hoped for."""

    def __init__(self, queue: TransferQueue) -> None:
        self._news = threading.Condition()
        self.last: dict[int, Transfer] = {}
        self._queue = queue
        queue.changed.connect(self._hear)

    def _hear(self, transfer: Transfer) -> None:
        with self._news:
            self.last[transfer.id] = transfer
            self._news.notify_all()

    def until(self, id_: int, hoped: Callable[[Transfer], bool]) -> None:
        """Wait for it."""
        with self._news:
            assert self._news.wait_for(
                lambda: id_ in self.last and hoped(self.last[id_]), GENEROUS
            )


def test_what_is_wished_for_is_fetched_in_the_background(tmp_path: Path) -> None:
    sent = series_of(tmp_path / "a", 4)
    with archive(*sent) as peer, fetching(tmp_path / "data", peer) as (library, queue):
        watched = Watched(queue)
        queue.start()
        (one,) = wish(queue)
        watched.until(one, lambda it: it.state is TransferState.DONE)
        assert library.study("1.2.3").instances == 4


def test_a_mistake_at_one_transfer_is_seen_and_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[type[BaseException]] = []
    monkeypatch.setattr(threading, "excepthook", lambda it: seen.append(it.exc_type))
    sent = series_of(tmp_path / "a", 2)
    with archive(*sent) as peer:
        told = Told(peer)
        told.failure = ZeroDivisionError()
        with fetching(tmp_path / "data", peer, told) as (library, queue):
            watched = Watched(queue)
            queue.start(threads=1)
            (one,) = wish(queue)
            watched.until(one, lambda it: it.state is TransferState.FAILED)
            assert _until(lambda: bool(seen))
            told.failure = None
            queue.resume([one])
            watched.until(one, lambda it: it.state is TransferState.DONE)
            assert library.study("1.2.3").instances == 2
    assert seen == [ZeroDivisionError]


def _until(hoped: Callable[[], bool]) -> bool:
    end = time.monotonic() + GENEROUS
    while not hoped() and time.monotonic() < end:
        time.sleep(0.01)
    return hoped()


def test_first_images_are_there_while_the_rest_is_on_its_way(tmp_path: Path) -> None:
    sent = series_of(tmp_path / "a", 20)
    with archive(*sent) as peer, fetching(tmp_path / "data", peer) as (library, queue):
        there = threading.Event()
        held_back = threading.Event()

        def slow_down(transfer: Transfer) -> None:
            if transfer.done == 3:
                peer.may_send.clear()
                held_back.set()

        def look() -> None:
            if held_back.is_set() and library.catalog.summary("1.2.3"):
                there.set()
                peer.may_send.set()

        queue.changed.connect(slow_down)
        library.changed.connect(look)
        queue.start()
        watched = Watched(queue)
        (one,) = wish(queue)
        assert held_back.wait(GENEROUS)
        look()  # its row may have come before
        watched.until(one, lambda it: it.state is TransferState.DONE)
        assert there.is_set()


@pytest.mark.parametrize("how", ["pause", "cancel"])
def test_a_transfer_that_runs_stops_when_it_is_told_and_goes_on_later(
    tmp_path: Path, how: str
) -> None:
    sent = series_of(tmp_path / "a", 30)
    with archive(*sent) as peer, fetching(tmp_path / "data", peer) as (library, queue):
        watched = Watched(queue)

        def hold(transfer: Transfer) -> None:
            if transfer.done >= 3:
                peer.may_send.clear()

        queue.changed.connect(hold)
        queue.start()
        (one,) = wish(queue)
        watched.until(one, lambda it: it.done >= 3)
        getattr(queue, how)([one])
        stopped = TransferState.PAUSED if how == "pause" else TransferState.CANCELLED
        watched.until(one, lambda it: it.state is stopped)
        queue.changed.disconnect(hold)
        peer.may_send.set()
        queue.resume([one])
        watched.until(one, lambda it: it.state is TransferState.DONE)
        assert library.study("1.2.3").instances == 30
        assert library.study("1.2.3").missing == 0


def test_closing_leaves_the_rest_for_the_next_start(tmp_path: Path) -> None:
    sent = series_of(tmp_path / "a", 30)
    with archive(*sent) as peer:
        with fetching(tmp_path / "data", peer) as (_, queue):
            watched = Watched(queue)
            queue.changed.connect(lambda _: peer.may_send.clear())
            queue.start()
            (one,) = wish(queue)
            watched.until(one, lambda it: it.total == 30)
        peer.may_send.set()
        with fetching(tmp_path / "data", peer) as (library, queue):
            watched = Watched(queue)
            queue.start()
            watched.until(one, lambda it: it.state is TransferState.DONE)
            assert library.study("1.2.3").instances == 30


def test_a_fault_that_passes_is_tried_again_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer_queue, "_PAUSES_S", (0,))
    with archive(*series_of(tmp_path / "a", 2)) as peer:
        told = Told(peer)
        told.failure = PeerFault(Fault.REFUSED, peer.peer)
        with fetching(tmp_path / "data", peer, told) as (_, queue):
            watched = Watched(queue)
            queue.start(1)
            (one,) = wish(queue)
            watched.until(one, lambda it: it.attempts >= 2)
            told.failure = None
            watched.until(one, lambda it: it.state is TransferState.DONE)


def test_who_waits_gets_an_answer_after_a_few_attempts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer_queue, "_PAUSES_S", (0,))
    with archive() as peer:
        told = Told(peer)
        told.failure = PeerFault(Fault.SILENT, peer.peer)
        with fetching(tmp_path / "data", peer, told) as (library, queue):
            ids = wish(queue)
            (ending,) = work_off(queue, ids, Silent())
            assert ending.unreachable
            assert told.asked == 3
            (entry,) = library.catalog.transfers.get(ids)
            assert entry.state is TransferState.WAITING


def test_a_peer_out_of_reach_is_waited_for_once_for_all_of_its_transfers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer_queue, "_PAUSES_S", (0,))
    keys = [RemoteKey(StudyUID(f"1.2.{number}")) for number in range(1, 5)]
    with archive() as peer:
        told = Told(peer)
        told.failure = PeerFault(Fault.REFUSED, peer.peer)
        with fetching(tmp_path / "data", peer, told) as (_, queue):
            endings = work_off(queue, wish(queue, *keys), Silent())
    assert [one.state for one in endings] == [TransferState.WAITING] * 4
    assert told.asked == 3 + 1 + 1 + 1


def test_who_is_interrupted_leaves_a_paused_transfer(tmp_path: Path) -> None:
    class Impatient(Silent):
        @override
        def checkpoint(self) -> None:
            raise KeyboardInterrupt

    sent = series_of(tmp_path / "a", 10)
    with archive(*sent) as peer, fetching(tmp_path / "data", peer) as (library, queue):
        peer.may_send.clear()
        ids = wish(queue)
        with pytest.raises(KeyboardInterrupt):
            work_off(queue, ids, Impatient())
        (entry,) = library.catalog.transfers.get(ids)
        assert entry.state is TransferState.PAUSED


KILLED = """
import sys
from pathlib import Path
from threading import Event
from tests.services.fetching import fetching, wish
from tests.network.archives import Archive
peer = Archive(port=int(sys.argv[2]))
from tests.services import fetching as f
import pydicom
peer.held = [pydicom.dcmread(path) for path in sorted(Path(sys.argv[3]).iterdir())]
come = int(sys.argv[4])

def tell(transfer):
    if transfer.done >= come:
        print("now", flush=True)
    if transfer.done == len(peer.held):
        Event().wait(100)  # for the end, which is not to come too late

with fetching(Path(sys.argv[1]), peer) as (library, queue):
    queue.changed.connect(tell)
    wish(queue)
    queue.run_next()
"""


@pytest.mark.skipif(os.name != "posix", reason="kills a process")
@pytest.mark.parametrize("kill", range(KILLS))
def test_what_a_killed_program_had_begun_is_finished_by_the_next(
    tmp_path: Path, kill: int
) -> None:
    sent = series_of(tmp_path / "a", 25)
    come = random.Random(kill).randrange(1, 20)  # noqa: S311 - always the same
    with archive(*sent) as peer:
        command = [sys.executable, "-c", KILLED, str(tmp_path / "data"), str(peer.port)]
        child = subprocess.Popen(
            [*command, str(tmp_path / "a"), str(come)],
            stdout=subprocess.PIPE,
            text=True,
        )
        with child:
            assert child.stdout is not None
            assert child.stdout.readline() == "now\n"
            child.send_signal(signal.SIGKILL)
        with fetching(tmp_path / "data", peer) as (library, queue):
            ending = queue.run_next()
            assert ending is not None
            assert ending.state is TransferState.DONE
            assert ending.done == 25
            assert ending.already >= come  # they were on disk before the peer was told
            held(library, 25)


def held(library: Library, number: int) -> None:
    assert library.study("1.2.3").instances == number
    assert len(list(library.store.all())) == number
