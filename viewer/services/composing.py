"""Reports of what was measured, written by a worker.

It reads a file that is not trusted, and loads libraries that would be felt in the
window.
"""

import os
import threading
from typing import Final

from viewer.core.measured_report import MeasuredReport, ReportFiling
from viewer.services.indexing import READ_MEMORY, READ_PROCESSOR, READ_SECONDS, Lease
from viewer.services.measurement_messages import Compose, Composed
from viewer.services.worker import Stalled, WorkerDied
from viewer.services.worker_messages import Failure
from viewer.services.worker_reasons import noted, why_unread

_SECONDS: Final = 6 * READ_SECONDS  # a busy machine loads the libraries for long
_EACH: Final = 0.1
"""Seconds of computing for each drawing: five times what one takes."""


class Composing:
    """Asks workers for reports. Any thread may use it, and waits.

    Parameters
    ----------
    lease : callable
        Gives a worker for the length of a block.
    cancel : threading.Event
        Ends the waiting.
    """

    def __init__(self, lease: Lease, cancel: threading.Event) -> None:
        self._lease, self._cancel = lease, cancel

    def report(
        self, path: str | os.PathLike[str], report: MeasuredReport, filing: ReportFiling
    ) -> bytes:
        """A report as a DICOM file, of the patient and study of the image at `path`.

        Raises
        ------
        ViewerError
            If the image cannot be read.
        Cancelled
            If the pool was closed.
        EnvironmentFailure
            If no worker can be started.
        """
        more = _EACH * len(report.measurements)
        seconds, processor = _SECONDS + more, READ_PROCESSOR + more
        place = os.fsencode(path)
        request = Compose(place, report, filing, seconds, READ_MEMORY, processor)
        with self._lease() as worker:
            worker.meet(self._cancel)
            try:
                worker.send(request)
                answer = worker.receive(seconds, self._cancel)
            except (Stalled, WorkerDied) as reason:
                raise why_unread(reason) from None
        if isinstance(answer, Failure):
            raise noted(answer)
        if not isinstance(answer, Composed):
            raise TypeError("a worker was to write a report")
        return answer.content
