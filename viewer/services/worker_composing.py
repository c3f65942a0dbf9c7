"""What a worker does for a report of what was measured: writes it."""

import os
from pathlib import Path

from viewer.services.measurement_messages import Compose, Composed


def prepare() -> None:
    """Import what is needed: a busy machine needs long, and no file is to blame."""
    import viewer.dicom.measurement_report  # noqa: F401, PLC0415 - loads highdicom


def composed(request: Compose) -> Composed:
    """The report that is asked for.

    Raises
    ------
    ViewerError
        If the image whose study it is of cannot be read.
    """
    from viewer.dicom.measurement_report import (  # noqa: PLC0415 - loads highdicom
        measurement_report,
    )

    source = Path(os.fsdecode(request.path))
    return Composed(measurement_report(source, request.report, request.filing))
