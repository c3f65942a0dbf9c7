"""Reports of what was measured, written by a worker.

It reads a file that is not trusted, and loads libraries that would be felt in the
window.
"""

import os
from dataclasses import dataclass
from typing import Final

from viewer.core.measured_report import MeasuredReport, ReportFiling
from viewer.services.indexing import READ_MEMORY, READ_PROCESSOR, READ_SECONDS
from viewer.services.lending import Lending
from viewer.services.measurement_messages import Compose, Composed

_SECONDS: Final = 6 * READ_SECONDS  # a busy machine loads the libraries for long
_EACH: Final = 0.1
"""Seconds of computing for each drawing: five times what one takes."""


@dataclass(frozen=True, slots=True)
class Composing:
    """Asks workers for reports. Any thread may use it, and waits.

    Attributes
    ----------
    lending : Lending
    """

    lending: Lending

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
        return self.lending.ask(request, Composed, seconds).content
