"""What comes slowly comes in portions, until it is not wanted any more."""

import threading
from collections.abc import Callable, Generator

import pytest

from tests.commands.desks import Turns
from viewer.services.streaming import Streams

Cancel = Callable[[], bool]


def numbers(count: int) -> Callable[[Cancel], Generator[int, None, None]]:
    def work(_: Cancel) -> Generator[int, None, None]:
        yield from range(count)

    return work


def test_portions_come_in_order_and_then_the_end() -> None:
    turns, heard = Turns(), list[object]()
    streams = Streams(turns.post)
    streams.start(numbers(50), heard.append, heard.append)
    turns.until(lambda: len(heard) == 51)
    assert heard == [*range(50), None]
    streams.close()


def test_an_error_is_the_end() -> None:
    turns, heard = Turns(), list[BaseException | None]()
    streams = Streams(turns.post)

    def work(_: Cancel) -> Generator[int, None, None]:
        yield 1
        raise ValueError

    streams.start(work, lambda _: None, heard.append)
    turns.until(lambda: heard)
    assert isinstance(heard[0], ValueError)
    streams.close()


def test_nothing_is_handed_over_after_it_was_called_off() -> None:
    turns, heard = Turns(), list[object]()
    streams = Streams(turns.post)
    stream = streams.start(numbers(50), heard.append, heard.append)
    turns.until(lambda: heard)
    stream.cancel()
    before = list(heard)
    stream.wait()
    turns.post(lambda: heard.append("last"))
    turns.until(lambda: heard[-1] == "last")
    assert heard == [*before, "last"]
    streams.close()


def test_who_takes_nothing_is_not_flooded() -> None:
    made = [0]

    def work(cancel: Cancel) -> Generator[int, None, None]:
        while not cancel():
            made[0] += 1
            yield made[0]

    streams = Streams(lambda _: None)  # nobody ever turns the loop
    streams.start(work, lambda _: None, lambda _: None)
    streams.close()
    assert made[0] < 20


def test_closing_ends_a_work_that_waits_for_room() -> None:
    turns = Turns()
    streams = Streams(turns.post)
    streams.start(numbers(1000), lambda _: None, lambda _: None, "flood")
    streams.close()
    assert not [one for one in threading.enumerate() if one.name == "flood"]


@pytest.mark.parametrize("answer", ["yes", ""])
def test_a_single_question_has_a_single_answer(answer: str) -> None:
    turns, heard = Turns(), list[str]()
    streams = Streams(turns.post)
    streams.ask(lambda _: answer, heard.append, lambda _: heard.append("failed"))
    turns.until(lambda: heard)
    streams.close()
    assert heard == [answer]
