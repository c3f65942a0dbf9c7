"""Have a header read while the caller does something else: wait for a disk, mostly."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from viewer.core.errors import ViewerError
from viewer.core.records import FileRecord
from viewer.services.indexing import Lease
from viewer.services.worker import Stalled, WorkerDied
from viewer.services.worker_messages import Read
from viewer.services.worker_reasons import read_outcome, why_unread

Answer = Callable[[], FileRecord | ViewerError]


@contextmanager
def reading_beside(
    lease: Lease, cancel: threading.Event, request: Read
) -> Iterator[Answer]:
    """A worker reads in the block; what it gives is called for the answer.

    Parameters
    ----------
    lease : callable
        Gives a worker for the length of a block.
    cancel : threading.Event
        Ends the waiting.
    request : Read
        Of one file.

    Raises
    ------
    EnvironmentFailure
        If no worker can be started.
    Cancelled
        If the pool was closed.
    """
    with lease() as worker:
        worker.meet(cancel)
        with suppress(WorkerDied):  # said when the answer is wanted
            worker.send(request)

        def answer() -> FileRecord | ViewerError:
            try:
                return read_outcome(worker.receive(request.seconds, cancel))
            except (Stalled, WorkerDied) as reason:
                return why_unread(reason)

        yield answer
