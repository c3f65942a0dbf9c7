"""What a worker process is asked where a report is written; see `worker_messages`."""

import msgspec

from viewer.core.measured_report import MeasuredReport, ReportFiling


class Compose(msgspec.Struct, tag=True, frozen=True):
    """Write a report of what was measured; answered by `Composed`.

    Attributes
    ----------
    path : bytes
        One of the measured images: whose patient and study it is of.
    report : MeasuredReport
    filing : ReportFiling
    seconds, memory, processor
        As in `worker_messages.Read`.
    """

    path: bytes
    report: MeasuredReport
    filing: ReportFiling
    seconds: float
    memory: int
    processor: float


class Composed(msgspec.Struct, tag=True, frozen=True):
    """A report as the bytes of a DICOM file."""

    content: bytes
