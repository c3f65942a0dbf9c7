"""Every errand meets every bad manner: it ends in time, and says what was wrong."""

import socket
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.network.errands import ERRANDS, Errand, no
from tests.network.parrot import (
    ABORTED,
    RELEASED,
    Line,
    message,
    parrot,
    rejecting,
    response,
)
from viewer.core.peers import Peer
from viewer.network.associations import Timeouts
from viewer.network.faults import Fault, PeerFault

PATIENT = Timeouts(60.0, 60.0, 60.0)
SHORT_AT_FIRST = Timeouts(60.0, 0.3, 60.0)
SHORT_LATER = Timeouts(60.0, 60.0, 0.3)
GARBAGE = bytes(range(200, 256)) * 4
FOUR_GIGABYTES = bytes.fromhex("0400ffffffff")
ASKED_TO_GO = bytes.fromhex("05000000000400000000")

Manner = Callable[[Line, Errand], object]


@dataclass(frozen=True)
class Case:
    """What a peer does, and what we make of it; no fault is a good end."""

    manner: Manner
    faults: frozenset[Fault] = frozenset()
    timeouts: Timeouts = PATIENT


def ending(manner: Manner, *faults: Fault, timeouts: Timeouts = PATIENT) -> Case:
    return Case(manner, frozenset(faults), timeouts)


def heard_out(line: Line) -> None:
    """Agree to everything, and hear the request."""
    line.accept()
    line.hear_message()


def said_half(line: Line, errand: Errand) -> None:
    heard_out(line)
    line.say(errand.answer[: len(errand.answer) // 2])


def cut_after_half(line: Line, errand: Errand) -> None:
    said_half(line, errand)
    line.reset()


def fall_silent_after_half(line: Line, errand: Errand) -> None:
    said_half(line, errand)
    line.stay_silent()


def reset_at_once(line: Line, _: Errand) -> None:
    line.reset()


def reset_early(line: Line, _: Errand) -> None:
    line.hear()
    line.reset()


def reset_late(line: Line, _: Errand) -> None:
    heard_out(line)
    line.reset()


def accept_nothing(line: Line, _: Errand) -> None:
    line.accept(refused=True)
    line.hear_and_say(RELEASED)


def half_an_acceptance_then_silence(line: Line, errand: Errand) -> None:
    half_an_acceptance(line, errand)
    line.stay_silent()


def half_an_acceptance(line: Line, _: Errand) -> None:
    line.hear()
    line.say(bytes.fromhex("0200000000ff0001"))


def turned(*words: bytes) -> Manner:
    """Hear the proposals, and answer so."""
    return lambda line, _: line.hear_and_say(*words)


def answered(*words: bytes) -> Manner:
    """Hear the request, answer so, and wait."""

    def manner(line: Line, _: Errand) -> None:
        heard_out(line)
        line.say(*words)
        line.stay_silent()

    return manner


def part_in_peace(line: Line, *words: bytes) -> None:
    heard_out(line)
    line.say(*words)
    while line.hear()[0] != 5:
        pass  # what is acknowledged on the way
    line.say(RELEASED)


def reset_at_release(line: Line, errand: Errand) -> None:
    heard_out(line)
    line.say(errand.answer)
    while line.hear()[0] != 5:
        pass
    line.reset()


def silent_at_release(line: Line, errand: Errand) -> None:
    heard_out(line)
    line.say(errand.answer)
    line.stay_silent()


def at_a_kilobyte_a_second(line: Line, errand: Errand) -> None:
    heard_out(line)
    line.drip(errand.answer, 16, 0.016)
    while line.hear()[0] != 5:
        pass
    line.say(RELEASED)


def half_open(line: Line, _: Errand) -> None:
    heard_out(line)
    line.connection.shutdown(socket.SHUT_WR)
    line.stay_silent()


EARLY = {
    "reset at connect": ending(reset_at_once, Fault.TLS_WANTED, Fault.REFUSED),
    "reset after the proposals": ending(reset_early, Fault.TLS_WANTED),
    "closed after the proposals": ending(turned(), Fault.TLS_WANTED),
    "silent from the start": ending(
        lambda line, _: line.stay_silent(), Fault.SILENT, timeouts=SHORT_AT_FIRST
    ),
    "half an acceptance": ending(half_an_acceptance, Fault.LOST),
    "half an acceptance, then silence": ending(
        half_an_acceptance_then_silence,
        Fault.SILENT,
        timeouts=SHORT_AT_FIRST,
    ),
    "garbage for an acceptance": ending(turned(GARBAGE), Fault.MANNERS),
    "wrong title": ending(turned(rejecting(1, 1, 7)), Fault.CALLED_TITLE),
    "our title not known": ending(turned(rejecting(1, 1, 3)), Fault.CALLING_TITLE),
    "no room": ending(turned(rejecting(2, 3, 2)), Fault.BUSY),
    "broken off at once": ending(turned(ABORTED), Fault.ABORTED),
    "nothing accepted": ending(
        accept_nothing,
        Fault.NO_CONTEXT,
    ),
}
LATE = {
    "reset at the request": ending(reset_late, Fault.LOST),
    "closed at the request": ending(lambda line, _: heard_out(line), Fault.ABORTED),
    "broken off at the request": ending(answered(ABORTED), Fault.ABORTED),
    "asked to go at the request": ending(answered(ASKED_TO_GO), Fault.ABORTED),
    "silent at the request": ending(answered(), Fault.SILENT, timeouts=SHORT_LATER),
    "half open": ending(half_open, Fault.ABORTED),
    "reset in the middle": ending(cut_after_half, Fault.LOST),
    "closed in the middle": ending(said_half, Fault.ABORTED),
    "silent in the middle": ending(
        fall_silent_after_half, Fault.SILENT, timeouts=SHORT_LATER
    ),
    "garbage for an answer": ending(answered(GARBAGE), Fault.MANNERS),
    "four gigabytes announced": ending(answered(FOUR_GIGABYTES), Fault.MANNERS),
    "an answer of another kind": ending(
        answered(message(1, response(0x8140, 1, 0))), Fault.MANNERS
    ),
    "a plain no": ending(
        lambda line, errand: part_in_peace(line, errand.final(0x0122)), Fault.STATUS
    ),
}
FINE = {
    "a kilobyte a second": ending(at_a_kilobyte_a_second),
    "said twice": ending(
        lambda line, errand: part_in_peace(line, errand.answer, errand.answer)
    ),
    "reset at release": ending(reset_at_release),
    "silent at release": ending(silent_at_release),
}
CASES = EARLY | LATE | FINE


@pytest.fixture(autouse=True)
def _no_long_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viewer.network.pdata._LAST_WORDS_S", 0.3)
    monkeypatch.setattr("viewer.network.vigil._GREETING_S", 0.3)


MATRIX = [
    pytest.param(case, errand, id=f"{name}, {asked}")
    for name, case in CASES.items()
    for asked, errand in ERRANDS.items()
    if (name, asked) != ("a plain no", "store")  # that is an outcome, and no fault
]


@pytest.mark.parametrize(("case", "errand"), MATRIX)
def test_every_errand_ends_at_every_bad_manner_with_its_sentence(
    case: Case, errand: Errand
) -> None:
    with parrot(lambda line: case.manner(line, errand)) as bird:
        if not case.faults:
            outcome = errand.run(bird.peer(), case.timeouts, no)
            assert len(outcome.kept) == errand.brings
            return
        with pytest.raises(PeerFault) as caught:
            errand.run(bird.peer(), case.timeouts, no)
    assert caught.value.fault in case.faults
    assert "Parrot" in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("errand", list(ERRANDS.values()), ids=list(ERRANDS))
def test_every_errand_says_that_nobody_listens(errand: Errand) -> None:
    with socket.socket() as held:  # so that nobody else gets the port
        held.bind(("127.0.0.1", 0))
        gone = Peer("Parrot", "127.0.0.1", held.getsockname()[1], "PARROT")
        with pytest.raises(PeerFault) as caught:
            errand.run(gone, PATIENT, no)
    assert caught.value.fault is Fault.REFUSED
