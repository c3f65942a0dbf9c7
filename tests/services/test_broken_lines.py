"""Wherever a line breaks, nothing is lost, and the queue completes when it holds."""

from pathlib import Path

import pydicom
import pytest

from tests.network.archives import archive
from tests.network.faulty_lines import Break, End, faulty_line
from tests.services.fetching import fetching, series_of
from tests.services.fetching import wish as fetch_wish
from tests.services.test_sending import sending, slices
from tests.services.test_sending import wish as send_wish
from viewer.core.transfer import TransferState
from viewer.services import roads
from viewer.services.transfer_queue import TransferQueue
from viewer.services.transferring import Ending

TO_US, TO_THE_PEER = True, False
OBJECTS = 12
FETCHING = [
    *(Break(TO_US, after, End.RESET) for after in (0, 60, 3_000, 7_000, 11_000)),
    *(Break(TO_US, after, End.CLOSED) for after in (60, 7_000)),
    *(Break(TO_US, after, End.STUCK) for after in (60, 7_000)),
    *(Break(TO_THE_PEER, after, End.RESET) for after in (0, 100)),
]
SENDING = [
    *(Break(TO_THE_PEER, after, End.RESET) for after in (0, 100, 3_000, 7_000)),
    *(Break(TO_THE_PEER, after, End.CLOSED) for after in (100, 7_000)),
    Break(TO_THE_PEER, 7_000, End.STUCK),
    *(Break(TO_US, after, End.RESET) for after in (0, 60, 250, 1_100)),
]


def told(one: Break) -> str:
    return f"{one.end.name} {one.after} bytes {'to us' if one.to_us else 'to the peer'}"


def worked_off(queue: TransferQueue, ids: list[int]) -> list[Ending]:
    """Every attempt until the transfer is done, without its pauses."""
    endings: list[Ending] = []
    while not endings or endings[-1].state is not TransferState.DONE:
        assert len(endings) < 4
        ending = queue.run_next()
        assert ending is not None
        endings.append(ending)
        queue.resume(ids)
    return endings


@pytest.mark.parametrize("where", FETCHING, ids=told)
def test_what_a_broken_line_kept_from_coming_comes_when_it_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: Break
) -> None:
    monkeypatch.setattr(roads, "_GETTING", 1)
    sent = series_of(tmp_path / "a", OBJECTS)
    with (
        archive(*sent) as peer,
        faulty_line(peer.port, [where]) as line,
        fetching(tmp_path / "data", peer) as (library, queue),
    ):
        peer.port = line.port
        *_, last = worked_off(queue, list(fetch_wish(queue)))
        assert (line.broken, last.done) == (1, OBJECTS)
        kept = [pydicom.dcmread(path) for _, path in library.store.all()]
    assert sorted(kept, key=lambda one: int(one.InstanceNumber)) == sent


@pytest.mark.parametrize("where", SENDING, ids=told)
def test_what_a_broken_line_kept_from_going_goes_when_it_holds(
    tmp_path: Path, where: Break
) -> None:
    paths = slices(tmp_path, OBJECTS)
    with (
        archive() as peer,
        faulty_line(peer.port, [where]) as line,
        sending(tmp_path / "data", peer, *paths) as (_, queue),
    ):
        peer.port = line.port
        *_, last = worked_off(queue, send_wish(queue))
    assert (line.broken, last.done) == (1, OBJECTS)
    arrived = {uid for uid, _, _ in peer.stored}
    assert len(arrived) == OBJECTS
    assert len(peer.stored) <= OBJECTS + 1  # one may come twice: its word was lost
