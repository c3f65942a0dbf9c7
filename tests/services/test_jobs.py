"""Jobs that end with the window."""

import threading

import pytest

from viewer.services.jobs import Jobs, JobState, JobStatus


@pytest.fixture
def told() -> list[JobStatus]:
    """What was told of long work."""
    return []


@pytest.fixture
def jobs(told: list[JobStatus]) -> Jobs:
    """Jobs whose answers are delivered on the spot."""
    built = Jobs(lambda call: call())
    built.changed.connect(told.append)
    return built


def _never(_: object) -> None:
    pytest.fail("this is told to nobody")


def test_an_answer_that_asks_on_while_the_window_closes_is_let_be(jobs: Jobs) -> None:
    begun, may_end, asked = threading.Event(), threading.Event(), []

    def work() -> bool:
        begun.set()
        return may_end.wait(60)

    def ask_on(_: object) -> None:
        asked.append(jobs.submit(lambda: 2, _never, _never))

    first = jobs.submit(work, ask_on, _never)
    assert begun.wait(60)  # what has not begun is called off
    closing = threading.Thread(target=jobs.close)
    closing.start()
    while not jobs._closed:
        may_end.wait(0.001)
    may_end.set()
    closing.join()
    assert first.result() is True
    assert [future.cancelled() for future in asked] == [True]


def test_long_work_that_comes_too_late_is_told_as_cancelled(
    jobs: Jobs, told: list[JobStatus]
) -> None:
    jobs.close()
    job = jobs.start("Import", _never, _never, _never)
    assert job.status.state is JobState.CANCELLED
    assert told[-1] == job.status
    assert not jobs.running


def test_closing_twice_is_closing_once(jobs: Jobs) -> None:
    jobs.close()
    jobs.close()
    assert jobs.submit(lambda: 1, _never, _never).cancelled()
