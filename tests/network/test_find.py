"""Questions go out, answers come as they come, and either side may stop."""

import itertools
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from tests.network.parrot import (
    ABORTED,
    RELEASED,
    Line,
    identifier,
    message,
    parrot,
    response,
)
from tests.network.query_archive import archive, row
from viewer.core.errors import Cancelled
from viewer.core.peers import Peer
from viewer.core.questions import Question
from viewer.dicom.identifier_writing import written_question
from viewer.network.associations import Timeouts, open_association
from viewer.network.faults import Fault, PeerFault
from viewer.network.find import STUDY_QUERIES, STUDY_ROOT, Found, find

LONG = Timeouts(30.0, 30.0, 30.0)
MANY = 300


def take(peer: Peer, taken: list[Found], limit: int | None = None, **more: Any) -> None:
    """All answers to the question for everything, or the first few of them."""
    with open_association(
        peer, STUDY_QUERIES, **{"timeouts": LONG, **more}
    ) as association:
        context = association.context(STUDY_ROOT)
        found = find(association, context, lambda s: written_question(Question(), s))
        with closing(found):
            taken.extend(itertools.islice(found, limit))


def ask(peer: Peer, limit: int | None = None, **more: Any) -> list[Found]:
    taken: list[Found] = []
    take(peer, taken, limit, **more)
    return taken


def pending(number: int, to: int = 1, status: int = 0xFF00) -> bytes:
    data = identifier(StudyInstanceUID=f"2.25.{number}")
    return message(1, response(0x8020, to, status), data)


def ended(status: int = 0, to: int = 1) -> bytes:
    return message(1, response(0x8020, to, status))


def test_all_answers_come() -> None:
    with archive([row(n, PatientName=f"N{n}") for n in range(MANY)]) as kept:
        assert len(ask(kept.peer())) == MANY


def test_an_answer_is_there_before_the_next_is_given() -> None:
    def lesson(line: Line) -> None:
        line.accept()
        line.hear_message()
        line.say(pending(1))
        line.stay_silent()

    with parrot(lesson) as bird:
        assert len(ask(bird.peer(), limit=1)) == 1


@pytest.fixture
def _no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A peer that obeys is given the time a busy machine takes."""
    monkeypatch.setattr("viewer.network.find._FAREWELL_S", 30.0)


@pytest.mark.usefixtures("_no_hurry")
def test_who_has_seen_enough_says_so_and_parts_in_peace() -> None:
    heard: list[int] = []

    def lesson(line: Line) -> None:
        line.accept()
        line.hear_message()
        line.say(*map(pending, range(50)))
        command = line.hear_message()[1]
        heard.append(int.from_bytes(command[command.index(b"\0\0\0\1\2") + 8 :][:2]))
        line.say(pending(51), ended(0xFE00))
        heard.append(line.hear()[0])
        line.say(RELEASED)

    with parrot(lesson) as bird:
        assert len(ask(bird.peer(), limit=2)) == 2
    assert heard == [0xFF0F, 5]  # C-CANCEL-RQ, little endian; then A-RELEASE-RQ


def test_a_peer_that_pours_out_answers_can_be_stopped() -> None:
    taken = itertools.count()

    def lesson(line: Line) -> None:
        line.accept()
        line.hear_message()
        while not line.closing.is_set():
            line.say(pending(1))

    with parrot(lesson) as bird, pytest.raises(Cancelled):
        ask(bird.peer(), cancel=lambda: next(taken) > 20)


@pytest.mark.usefixtures("_no_hurry")
def test_a_question_can_be_asked_after_one_that_was_called_off() -> None:
    rows = [row(n) for n in range(MANY)]
    with (
        archive(rows) as kept,
        open_association(kept.peer(), STUDY_QUERIES, timeouts=LONG) as association,
    ):
        context = association.context(STUDY_ROOT)
        for _ in range(3):
            with closing(
                find(association, context, lambda s: written_question(Question(), s))
            ) as found:
                assert next(found).raw
        last = find(association, context, lambda s: written_question(Question(), s))
        assert len(list(last)) == MANY


def test_late_answers_to_an_earlier_question_are_passed_over() -> None:
    def lesson(line: Line) -> None:
        line.accept()
        line.hear_message()
        line.say(pending(8, to=9), ended(to=9), pending(1), ended())
        line.hear_and_say(RELEASED)

    with parrot(lesson) as bird:
        found = ask(bird.peer())
    assert [b"2.25.1" in one.raw for one in found] == [True]


def test_answers_with_unsupported_keys_are_answers() -> None:
    def lesson(line: Line) -> None:
        line.accept()
        line.hear_message()
        line.say(pending(1, status=0xFF01), ended())
        line.hear_and_say(RELEASED)

    with parrot(lesson) as bird:
        assert len(ask(bird.peer())) == 1


@pytest.mark.parametrize(
    ("status", "sentence", "passing"),
    [
        (0xA700, "has not the means", True),
        (0xA900, "finds the request wrong", False),
        (0xC001, "cannot process", False),
        (0x0122, "does not support", False),
        (0x0124, "does not allow", False),
    ],
)
def test_a_failure_after_answers_keeps_the_answers(
    status: int, sentence: str, *, passing: bool
) -> None:
    def lesson(line: Line) -> None:
        line.accept()
        line.hear_message()
        line.say(pending(1), ended(status))
        line.hear_and_say(RELEASED)

    taken: list[Found] = []
    with (
        parrot(lesson) as bird,
        pytest.raises(PeerFault, match=sentence) as caught,
    ):
        take(bird.peer(), taken)
    assert len(taken) == 1
    assert caught.value.status == status
    assert caught.value.passing is passing


def cut_off(line: Line) -> None:
    line.say(pending(1))


def reset(line: Line) -> None:
    line.say(pending(1))
    line.reset()


def abort(line: Line) -> None:
    line.say(pending(1), ABORTED)


def release(line: Line) -> None:
    line.say(pending(1), bytes.fromhex("05000000000400000000"))


def half_a_message(line: Line) -> None:
    line.say(pending(1)[:-3])


def pending_without_data(line: Line) -> None:
    line.say(message(1, response(0x8020, 1, 0xFF00)))
    line.stay_silent()


def data_of_another_context(line: Line) -> None:
    whole = pending(1)
    second = whole.index(b"\4", 1)
    line.say(whole[:second], whole[second:].replace(b"\1\2", b"\3\2", 1))
    line.stay_silent()


def a_megabyte_and_more(line: Line) -> None:
    line.say(message(1, response(0x8020, 1, 0xFF00)).replace(b"\1\1", b"\1\0"))
    piece = b"\0\0\x40\x02\1\0" + bytes(0x4000)
    while not line.closing.is_set():
        line.say(b"\4\0\0\0\x40\6", piece)


@pytest.mark.parametrize(
    ("manner", "fault"),
    [
        (cut_off, Fault.ABORTED),
        (reset, Fault.LOST),
        (abort, Fault.ABORTED),
        (release, Fault.ABORTED),
        (half_a_message, Fault.ABORTED),
        (pending_without_data, Fault.MANNERS),
        (data_of_another_context, Fault.MANNERS),
        (a_megabyte_and_more, Fault.MANNERS),
    ],
)
def test_each_bad_manner_among_answers_has_its_sentence(
    manner: Callable[[Line], None], fault: Fault
) -> None:
    def lesson(line: Line) -> None:
        line.accept()
        line.hear_message()
        manner(line)

    with parrot(lesson) as bird, pytest.raises(PeerFault) as caught:
        ask(bird.peer())
    # A reset may overtake what was said before it, and then nothing at all was said.
    assert caught.value.fault in {fault, Fault.LOST}


def test_a_peer_that_falls_silent_is_given_up() -> None:
    def lesson(line: Line) -> None:
        line.accept()
        line.hear_message()
        line.say(pending(1))
        line.stay_silent()

    with parrot(lesson) as bird, pytest.raises(PeerFault) as caught:
        ask(bird.peer(), timeouts=Timeouts(30.0, 30.0, 0.5))
    assert caught.value.fault is Fault.SILENT
