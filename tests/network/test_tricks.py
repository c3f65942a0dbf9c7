"""What a peer may try on us in the middle of an errand."""

import threading

import pytest

from tests.network.errands import ASKING, CT, ERRANDS, Errand, no, sent_object
from tests.network.parrot import RELEASED, HungUp, Line, message, parrot, response
from tests.network.test_get import Shelf, portion_of, slices
from viewer.core.errors import Cancelled
from viewer.network.associations import PLAIN_SYNTAXES, Timeouts
from viewer.network.faults import PeerFault
from viewer.network.get import open_get
from viewer.network.move import open_move
from viewer.network.negotiation import Proposal

PATIENT = Timeouts(60.0, 60.0, 60.0)


def said_without_end(line: Line, begun: threading.Event) -> None:
    """One endless part of a command, in bytes that come too often to be a silence."""
    line.accept()
    line.hear_message()
    begun.set()
    empty = bytes.fromhex("040000000006 00000002 01 01".replace(" ", ""))
    while True:
        line.drip(empty * 50, 100, 0.01)


@pytest.mark.parametrize("errand", list(ERRANDS.values()), ids=list(ERRANDS))
def test_a_peer_that_never_comes_to_an_end_can_be_called_off(errand: Errand) -> None:
    begun = threading.Event()
    with (
        parrot(lambda line: said_without_end(line, begun)) as bird,
        pytest.raises(Cancelled),
    ):
        errand.run(bird.peer(), PATIENT, begun.is_set)


def test_a_farewell_without_end_is_not_listened_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("viewer.network.pdata._LAST_WORDS_S", 0.3)
    hung_up = threading.Event()

    def lesson(line: Line) -> None:
        line.accept()
        line.hear_message()
        line.say(ERRANDS["echo"].answer)
        line.hear()
        try:
            while True:
                line.drip(ERRANDS["echo"].answer, 20, 0.01)
        except (HungUp, ConnectionError):
            hung_up.set()
            raise

    with parrot(lesson) as bird:
        ERRANDS["echo"].run(bird.peer(), PATIENT, no)
        assert hung_up.wait(60)


def test_an_object_with_an_odd_name_is_refused_and_its_name_repeated() -> None:
    heard: list[bytes] = []

    def lesson(line: Line) -> None:
        line.accept()
        line.hear_message()
        line.say(sent_object().replace(b"1.2.3.4\0", b"1.\xff\xfe..4\0"))
        heard.append(line.hear_message()[1])
        line.say(ERRANDS["get"].final())
        line.hear_and_say(RELEASED)

    with parrot(lesson) as bird:
        outcome = ERRANDS["get"].run(bird.peer(), PATIENT, no)
    assert len(outcome.kept) == 1
    assert b"1.\xff\xfe..4\0" in heard[0]


WAYS = {
    "get": lambda peer: open_get(peer, [Proposal(CT, PLAIN_SYNTAXES, as_scp=True)]),
    "move": open_move,
}


@pytest.mark.parametrize("way", WAYS)
def test_an_answer_that_comes_twice_does_not_answer_the_next_request(way: str) -> None:
    errand = ERRANDS[way]

    def lesson(line: Line) -> None:
        line.accept()
        line.hear_message()
        line.say(errand.final(), errand.final())
        line.hear_message()
        line.say(message(ASKING, response(errand.reply, 2, 0x0122)))
        line.hear_and_say(RELEASED)

    wanted = portion_of(slices(1), whole=False)
    with parrot(lesson) as bird, WAYS[way](bird.peer()) as fetcher:
        fetcher.fetch(wanted, Shelf())
        with pytest.raises(PeerFault, match="kind of request"):
            fetcher.fetch(wanted, Shelf())
