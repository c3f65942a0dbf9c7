"""C-MOVE by the queue: who falls silent is left, and asked for the rest later."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from tests.network.archives import Archive
from tests.network.errands import ERRANDS
from tests.network.parrot import Lesson, Line, parrot
from tests.services.fetching import STUDY, fetching, series_of
from tests.services.test_listening import sent
from viewer.core.peers import Way
from viewer.core.transfer import Direction, TransferState
from viewer.network import vigil
from viewer.network.associations import Timeouts
from viewer.network.move import open_move
from viewer.services import roads
from viewer.services.listening import Listening, ListenRequest

OBJECTS, COME = 12, 5
SHORT = Timeouts(60.0, 60.0, 3.0)


def hangs(line: Line) -> None:
    line.accept()
    line.hear_message()
    line.stay_silent()


def sends(port: int, paths: Sequence[Path], *, says_so: bool) -> Lesson:
    """What a peer sends us elsewhere when it is asked to, and whether it ends."""

    def lesson(line: Line) -> None:
        line.accept()
        line.hear_message()
        assert set(sent(port, *paths)) == {0}
        if not says_so:
            line.stay_silent()
        line.say(ERRANDS["move"].final())
        line.hear()

    return lesson


def test_an_archive_that_falls_silent_is_left_and_asked_for_the_rest_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roads, "open_move", partial(open_move, timeouts=SHORT))
    monkeypatch.setattr(vigil, "_GREETING_S", 0.3)
    archive = Archive(series_of(tmp_path / "a", OBJECTS))
    paths = [tmp_path / "a" / one.SOPInstanceUID for one in archive.held]
    request = ListenRequest(port=0, host="127.0.0.1", titles=frozenset())
    with (
        fetching(tmp_path / "data", archive) as (library, queue),
        Listening(library, request) as here,
        parrot(
            sends(here.port, paths[:COME], says_so=False),
            hangs,
            sends(here.port, paths[COME:], says_so=True),
        ) as bird,
    ):
        archive.port = bird.port
        (one,) = queue.add(Direction.FETCH, "archive", [STUDY], way=Way.MOVE)
        cut = queue.run_next()
        assert cut is not None
        assert (cut.state, cut.wanted) == (TransferState.WAITING, OBJECTS)
        assert cut.reason == "archive does not answer."
        here.flush()
        queue.resume([one.id])
        last = queue.run_next()
        assert last is not None
        assert (last.state, last.done) == (TransferState.DONE, OBJECTS)
