"""C-MOVE waits for whoever shows that it works, and for nobody else."""

import socket
import threading
from collections.abc import Callable

import pytest

from tests.network.errands import ERRANDS, no
from tests.network.parrot import Line, Parrot, parrot
from tests.network.test_get import Shelf, portion_of, slices
from viewer.core.errors import Cancelled
from viewer.network import vigil
from viewer.network.associations import Timeouts
from viewer.network.connecting import Deadline, connect
from viewer.network.faults import Fault, PeerFault
from viewer.network.move import open_move

SHORT = Timeouts(60.0, 60.0, 0.4)
"""Seconds of silence that are too long."""

MOVE, ECHO = ERRANDS["move"], ERRANDS["echo"]


def fetch(
    bird: Parrot, came: Callable[[], bool] = no, cancel: Callable[[], bool] = no
) -> None:
    with open_move(bird.peer(), came=came, cancel=cancel, timeouts=SHORT) as fetcher:
        fetcher.fetch(portion_of(slices(1), whole=False), Shelf())


def silent_until(
    over: threading.Event, told: threading.Event | None = None
) -> Callable[[Line], None]:
    """A peer that says that it has sent everything, and before that nothing."""

    def lesson(line: Line) -> None:
        line.accept()
        line.hear_message()
        assert over.wait(60)
        line.say(MOVE.final())
        if told is not None:
            told.set()
        line.hear()

    return lesson


def hangs(line: Line) -> None:
    line.accept()
    line.hear_message()
    line.stay_silent()


def polite(greeted: Callable[[], object] = lambda: None) -> Callable[[Line], None]:
    """A peer that answers a greeting."""

    def lesson(line: Line) -> None:
        line.accept()
        line.hear_message()
        greeted()
        line.say(ECHO.final())
        line.hear()

    return lesson


def test_what_comes_to_our_listener_is_a_sign_of_life() -> None:
    over, looks = threading.Event(), iter(range(1000))

    def came() -> bool:
        if next(looks) == 2 * vigil.LOOKS:
            over.set()
        return True

    with parrot(silent_until(over), hangs) as bird:
        fetch(bird, came)
        assert bird.callers == 1  # nobody had to be greeted


def test_an_archive_that_fetches_tapes_is_greeted_and_waited_for() -> None:
    over, told, greetings = threading.Event(), threading.Event(), iter(range(1000))

    def greeted() -> None:
        if next(greetings) == 2:
            over.set()
            assert told.wait(10)  # so that no fourth greeting is due before

    with parrot(silent_until(over, told), polite(greeted)) as bird:
        fetch(bird)
        assert bird.callers == 4


def test_a_peer_that_hangs_is_given_up_and_may_be_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vigil, "_GREETING_S", 0.3)
    with parrot(hangs) as bird, pytest.raises(PeerFault) as caught:
        fetch(bird)
    assert caught.value.fault is Fault.SILENT
    assert caught.value.passing


def test_a_peer_that_only_answers_greetings_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vigil, "_LONGEST_S", 1.0)
    with parrot(hangs, polite()) as bird, pytest.raises(PeerFault) as caught:
        fetch(bird)
    assert caught.value.fault is Fault.SILENT


def test_who_stops_waiting_need_not_wait_for_a_greeting() -> None:
    over = threading.Event()

    def greeted(line: Line) -> None:
        over.set()
        line.stay_silent()

    with parrot(hangs, greeted) as bird, pytest.raises(Cancelled):
        fetch(bird, cancel=over.is_set)


@pytest.mark.skipif(not hasattr(socket, "TCP_KEEPIDLE"), reason="no such option here")
def test_a_computer_that_is_gone_is_noticed_within_minutes() -> None:
    options = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
    with parrot(hangs) as bird, connect(bird.peer(), Deadline(60, no)) as connection:
        assert connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        idle, between, probes = (
            connection.getsockopt(socket.IPPROTO_TCP, option) for option in options
        )
    assert idle + between * probes <= 120
