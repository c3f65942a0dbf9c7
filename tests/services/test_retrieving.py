"""What a peer has and we have not is fetched, counted, and fetched again if need be."""

from pathlib import Path

import pydicom
import pytest

from tests.network.archives import archive
from tests.services.fetching import STUDY, Told, fetching, series_of, wish
from viewer.core.identity import SeriesUID
from viewer.core.peers import Way
from viewer.core.remote import RemoteKey
from viewer.core.transfer import Direction, TransferState
from viewer.network.faults import Fault, PeerFault
from viewer.services import roads
from viewer.services.library import Library
from viewer.services.listening import Listening, ListenRequest


def held(library: Library) -> dict[str, Path]:
    series = library.catalog.filed_series("1.2.3")
    return {one.sop_instance_uid: Path(one.path) for _, of in series for one in of}


@pytest.mark.parametrize("with_class", [True, False])
def test_a_study_is_fetched_whole_and_equal(
    tmp_path: Path, *, with_class: bool
) -> None:
    sent = [*series_of(tmp_path / "a", 12), *series_of(tmp_path / "b", 3, series=2)]
    with archive(*sent) as peer:
        told = Told(peer, with_class=with_class)
        with fetching(tmp_path / "data", peer, told) as (library, queue):
            wish(queue)
            ending = queue.run_next()
            assert ending is not None
            assert ending.state is TransferState.DONE
            assert (ending.wanted, ending.fetched, ending.already) == (15, 15, 0)
            files = held(library)
            assert library.study("1.2.3").missing == 0
            for one in sent:
                assert pydicom.dcmread(files[one.SOPInstanceUID]) == one


def test_only_what_is_missing_is_asked_for(tmp_path: Path) -> None:
    sent = series_of(tmp_path / "a", 9)
    with archive(*sent[:4]) as peer, fetching(tmp_path / "data", peer) as (_, queue):
        wish(queue)
        queue.run_next()
        peer.held, peer.asked = sent, []
        wish(queue)
        ending = queue.run_next()
        assert ending is not None
        assert (ending.wanted, ending.fetched, ending.already) == (9, 5, 4)
        named = [identifier.SOPInstanceUID for identifier in peer.asked]
        assert [list(uids) for uids in named] == [
            [one.SOPInstanceUID for one in sent[4:]]
        ]


def test_nothing_is_asked_for_where_everything_is_here(tmp_path: Path) -> None:
    sent = series_of(tmp_path / "a", 3)
    with archive(*sent) as peer, fetching(tmp_path / "data", peer) as (_, queue):
        for expected in (3, 0):
            wish(queue)
            ending = queue.run_next()
            assert ending is not None
            assert ending.fetched == expected
        assert len(peer.asked) == 1


def test_what_a_peer_promises_and_does_not_send_is_named_and_counted(
    tmp_path: Path,
) -> None:
    sent = series_of(tmp_path / "a", 6)
    lost = sent[2].SOPInstanceUID
    with (
        archive(*sent, unsent={lost}) as peer,
        fetching(tmp_path / "data", peer) as (library, queue),
    ):
        ids = wish(queue)
        ending = queue.run_next()
        assert ending is not None
        assert ending.state is TransferState.PARTIAL
        assert dict(ending.failed) == {lost: "The peer did not send it."}
        summary = library.study("1.2.3")
        assert (summary.instances, summary.missing) == (5, 1)
        (entry,) = library.catalog.transfers.get(ids)
        assert entry.share == "5 of 6"
        peer.unsent = set()
        queue.resume(ids)
        queue.run_next()
        assert library.study("1.2.3").missing == 0


def test_a_peer_that_has_nothing_is_not_asked_again(tmp_path: Path) -> None:
    with archive() as peer, fetching(tmp_path / "data", peer) as (_, queue):
        wish(queue)
        ending = queue.run_next()
        assert ending is not None
        assert ending.state is TransferState.FAILED
        assert ending.reason == "archive has nothing of this."
        assert queue.run_next() is None


def test_a_peer_that_is_gone_is_tried_again_later(tmp_path: Path) -> None:
    with archive(*series_of(tmp_path / "a", 2)) as peer:
        told = Told(peer)
        told.failure = PeerFault(Fault.REFUSED, peer.peer)
        with fetching(tmp_path / "data", peer, told) as (library, queue):
            ids = wish(queue)
            ending = queue.run_next()
            assert ending is not None
            assert ending.state is TransferState.WAITING
            (entry,) = library.catalog.transfers.get(ids)
            assert entry.not_before is not None
            assert entry.attempts == 1
            assert queue.run_next() is None  # not yet
            told.failure = None
            queue.resume(ids)
            ending = queue.run_next()
            assert ending is not None
            assert ending.state is TransferState.DONE


def test_what_is_wrong_for_good_is_not_tried_again(tmp_path: Path) -> None:
    with archive() as peer:
        told = Told(peer)
        told.failure = PeerFault(Fault.CALLED_TITLE, peer.peer)
        with fetching(tmp_path / "data", peer, told) as (library, queue):
            ids = wish(queue)
            queue.run_next()
            (entry,) = library.catalog.transfers.get(ids)
    assert entry.state is TransferState.FAILED
    assert "ARCHIVE" in entry.reason


def test_the_series_the_reader_waits_for_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roads, "_GETTING", 1)  # one request after the other
    sent = [
        one
        for series in (1, 2, 3)
        for one in series_of(tmp_path / "a", 2, series=series)
    ]
    with archive(*sent) as peer, fetching(tmp_path / "data", peer) as (_, queue):
        queue.prefer("1.2.3.3")
        wish(queue)
        queue.run_next()
        assert peer.asked[0].SeriesInstanceUID == "1.2.3.3"


def test_a_series_alone_can_be_wished_for(tmp_path: Path) -> None:
    sent = [
        one for number in (1, 2) for one in series_of(tmp_path / "a", 2, series=number)
    ]
    with archive(*sent) as peer, fetching(tmp_path / "data", peer) as (library, queue):
        wish(queue, RemoteKey(STUDY.study_uid, SeriesUID("1.2.3.2")))
        queue.run_next()
        assert set(held(library)) == {"1.2.3.2.1", "1.2.3.2.2"}


def test_a_peer_that_breaks_off_costs_only_what_is_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roads, "_GETTING", 1)
    sent = series_of(tmp_path / "a", 30)
    with (
        archive(*sent, breaks_off=12) as peer,
        fetching(tmp_path / "data", peer) as (library, queue),
    ):
        ids = wish(queue)
        ending = queue.run_next()
        assert ending is not None
        assert ending.state is TransferState.WAITING
        assert ending.reason == "archive broke off."
        assert len(held(library)) == ending.done == 11  # all that was acknowledged
        assert library.study("1.2.3").missing == 19
        queue.resume(ids)
        ending = queue.run_next()
        assert ending is not None
        assert (ending.state, ending.fetched) == (TransferState.DONE, 19)


def test_where_one_connection_breaks_the_others_bring_everything(
    tmp_path: Path,
) -> None:
    sent = [
        one
        for series in range(1, 7)
        for one in series_of(tmp_path / "a", 4, series=series)
    ]
    with (
        archive(*sent, breaks_off=3) as peer,
        fetching(tmp_path / "data", peer) as (library, queue),
    ):
        wish(queue)
        ending = queue.run_next()
        assert ending is not None
        assert ending.state is TransferState.DONE
        assert len(held(library)) == 24


def test_a_full_disk_keeps_the_wish_and_what_there_is(tmp_path: Path) -> None:
    sent = series_of(tmp_path / "a", 3)
    with archive(*sent) as peer:
        with fetching(tmp_path / "data", peer, reserve=1 << 60) as (library, queue):
            wish(queue)
            ending = queue.run_next()
            assert ending is not None
            assert ending.state is TransferState.WAITING
            assert "room" in ending.reason
            assert library.catalog.summary("1.2.3") is None
        with fetching(tmp_path / "data", peer) as (library, queue):
            wish(queue)
            ending = queue.run_next()
            assert ending is not None
            assert ending.state is TransferState.DONE


def test_what_is_sent_to_our_listener_is_counted_too(tmp_path: Path) -> None:
    sent = series_of(tmp_path / "a", 5)
    with archive(*sent) as peer, fetching(tmp_path / "data", peer) as (library, queue):
        listen = ListenRequest(port=0, host="127.0.0.1", titles=frozenset({"VIEWER"}))
        with Listening(library, listen) as listening:
            peer.destinations = {"VIEWER": ("127.0.0.1", listening.port)}
            queue.add(Direction.FETCH, "archive", [STUDY], way=Way.MOVE)
            ending = queue.run_next()
        assert ending is not None
        assert (ending.state, ending.fetched) == (TransferState.DONE, 5)
        peer.destinations = {}
        peer.held += series_of(tmp_path / "b", 2, series=2)
        queue.add(Direction.FETCH, "archive", [STUDY], way=Way.MOVE)
        ending = queue.run_next()
        assert ending is not None
        assert ending.state is TransferState.PARTIAL
        assert ending.reason == "archive does not know where our title VIEWER is."
