"""What comes of a question to a worker that was lent."""

import os
import select
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import active_children
from multiprocessing.connection import wait
from pathlib import Path

import pytest

from viewer.core.errors import Cancelled, UnreadableError
from viewer.services.lending import Lending, answer_as
from viewer.services.worker import Worker
from viewer.services.worker_messages import Attributes, Failure, Header, Model, Tell

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.close()


@pytest.fixture
def lending(worker: Worker) -> Lending:
    @contextmanager
    def lease() -> Iterator[Worker]:
        yield worker

    return Lending(lease, threading.Event())


def _tell(path: Path) -> Tell:
    return Tell(os.fsencode(path), 1, 20.0, 1 << 30, 5.0)


def test_a_file_that_is_not_there_is_an_error_and_the_worker_stays(
    lending: Lending, worker: Worker, tmp_path: Path
) -> None:
    with lending.worker():
        before = worker.pid

    with pytest.raises(UnreadableError):
        lending.ask(_tell(tmp_path / "missing"), Attributes, 20.0)

    with lending.worker():
        assert worker.pid == before


@posix
def test_a_worker_that_dies_over_a_file_is_a_reason_to_tell(
    lending: Lending, worker: Worker, tmp_path: Path
) -> None:
    with lending.worker():
        pid = worker.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)

    with pytest.raises(UnreadableError, match="brought its reader down"):
        lending.ask(_tell(tmp_path / "any"), Attributes, 20.0)


@posix
def test_who_closes_the_pool_waits_for_no_answer(
    lending: Lending, tmp_path: Path
) -> None:
    endless = tmp_path / "endless"
    os.mkfifo(endless)  # opening it waits for a writer that never comes
    closing = threading.Timer(0.2, lending.cancel.set)
    closing.start()

    with pytest.raises(Cancelled):
        lending.ask(_tell(endless), Attributes, 20.0)

    closing.join()


def test_an_answer_to_another_question_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="not asked for"):
        answer_as(Header, Model("{}"))


@posix
@pytest.mark.parametrize("can_poll", [True, False])
def test_a_process_that_answers_stays_and_one_that_is_gone_is_replaced(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, can_poll: bool
) -> None:
    if not can_poll:  # as on Windows, which listens in another way
        monkeypatch.delattr(select, "poll")
    worker = Worker()
    try:
        worker.meet()
        worker.send(_tell(tmp_path / "missing"))
        assert isinstance(worker.receive(20.0), Failure)
        assert not worker.revive()

        (child,) = (c for c in active_children() if c.pid == worker.pid)
        child.kill()
        wait([child.sentinel])

        assert worker.revive()
        assert worker.pid != child.pid
    finally:
        worker.close()
