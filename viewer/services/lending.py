"""Workers are lent for the length of a block, to whoever has something to ask."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TypeVar

from viewer.core.errors import ViewerError
from viewer.services.worker import Stalled, Worker, WorkerDied
from viewer.services.worker_messages import Answer, Failure, Request
from viewer.services.worker_reasons import noted, why_unread

AnswerT = TypeVar("AnswerT")


@dataclass(frozen=True, slots=True)
class Lending:
    """Where workers are lent. Any thread may use it, and waits.

    Attributes
    ----------
    lease : callable
        Gives a worker for the length of a block; it may not be ready yet.
    cancel : threading.Event
        Ends all waiting, when the pool closes.
    """

    lease: Callable[[], AbstractContextManager[Worker]]
    cancel: threading.Event

    @contextmanager
    def worker(self, stop: threading.Event | None = None) -> Iterator[Worker]:
        """A worker that is ready, for the length of the block.

        Parameters
        ----------
        stop : threading.Event, optional
            Ends the waiting, too.

        Raises
        ------
        EnvironmentFailure
            If none can be started.
        Cancelled
        """
        with self.lease() as worker:
            worker.meet(self.cancel, stop)
            yield worker

    def ask(self, request: Request, kind: type[AnswerT], seconds: float) -> AnswerT:
        """The one answer to a question about one file.

        Raises
        ------
        ViewerError
            If the file cannot be read.
        EnvironmentFailure
            If no worker can be started.
        Cancelled
        """
        with self.worker() as worker:
            try:
                worker.send(request)
                answer = worker.receive(seconds, self.cancel)
            except (Stalled, WorkerDied) as reason:
                raise why_unread(reason) from None
        found = answer_as(kind, answer)
        if isinstance(found, ViewerError):
            raise found
        return found


def answer_as(kind: type[AnswerT], answer: Answer) -> AnswerT | ViewerError:
    """What a worker was asked for, or why there is none."""
    if isinstance(answer, Failure):
        return noted(answer)
    if not isinstance(answer, kind):
        raise TypeError("a worker did what it was not asked for")
    return answer
