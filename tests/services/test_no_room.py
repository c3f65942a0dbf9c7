"""A disk that is full, here or there, costs time and never an image."""

from pathlib import Path

from tests.network.archives import archive
from tests.network.web_archive import web_archive
from tests.services.fetching import STUDY, fetching, series_of
from tests.services.import_files import DirectReader
from viewer.core.peers import Way
from viewer.core.transfer import Direction, TransferState
from viewer.services.asking import list_instances
from viewer.services.library import Library
from viewer.services.listening import Listening, ListenRequest
from viewer.services.receiving import Receiving
from viewer.services.retrieving import Retrieving
from viewer.services.transfer_queue import TransferQueue
from viewer.services.transferring import Ending

OBJECTS = 4
MORE_THAN_THERE_IS = 1 << 60
"""Bytes that should stay free."""


def attempt(queue: TransferQueue, way: Way) -> Ending:
    queue.add(Direction.FETCH, "archive", [STUDY], way=way)
    ending = queue.run_next()
    assert ending is not None
    return ending


def test_what_a_full_disk_kept_from_coming_by_wado_comes_later(tmp_path: Path) -> None:
    def fetched(reserve: int) -> Ending:
        with (
            Library(tmp_path / "data", DirectReader()) as library,
            Receiving(library, reserve=reserve) as receiving,
        ):
            runner = Retrieving(library, receiving, list_instances, lambda _: None)
            runners = {Direction.FETCH: runner}
            peer = server.peer()
            with TransferQueue(library, runners, lambda _: (peer, "")) as queue:
                return attempt(queue, Way.WEB)

    with web_archive(*series_of(tmp_path / "a", OBJECTS)) as server:
        full = fetched(MORE_THAN_THERE_IS)
        assert (full.state, full.done) == (TransferState.WAITING, 0)
        assert "room" in full.reason
        assert not full.refused
        there = fetched(0)
    assert (there.state, there.done) == (TransferState.DONE, OBJECTS)


def test_what_a_full_disk_kept_from_coming_by_c_move_comes_later(
    tmp_path: Path,
) -> None:
    with (
        archive(*series_of(tmp_path / "a", OBJECTS)) as peer,
        fetching(tmp_path / "data", peer) as (library, queue),
    ):
        for reserve in (MORE_THAN_THERE_IS, 0):
            request = ListenRequest(
                port=0,
                host="127.0.0.1",
                titles=frozenset({"VIEWER"}),
                reserve=reserve,
            )
            with Listening(library, request) as listening:
                peer.destinations = {"VIEWER": ("127.0.0.1", listening.port)}
                ending = attempt(queue, Way.MOVE)
            if reserve:
                assert ending.done == 0
                assert ending.state is not TransferState.DONE
        assert (ending.state, ending.done) == (TransferState.DONE, OBJECTS)
