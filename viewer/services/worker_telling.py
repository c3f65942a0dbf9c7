"""What a worker makes of a file when somebody wants to see everything it says."""

import json
import os

from viewer.services.worker_messages import Answer, Attributes, Model, Tell


def prepare(request: Tell) -> None:
    """Import what is needed: a busy machine needs long, and no file is to blame."""
    if request.most is None:
        import viewer.dicom.json_model  # noqa: PLC0415 - loads pydicom
    else:
        import viewer.dicom.attribute_rows  # noqa: F401, PLC0415 - loads pydicom


def told(request: Tell) -> Answer:
    """Everything a file says, as it is asked for.

    Raises
    ------
    ViewerError
        If it cannot be read.
    """
    path = os.fsdecode(request.path)
    if request.most is None:
        from viewer.dicom.json_model import json_model  # noqa: PLC0415 - loads pydicom

        return Model(json.dumps(json_model(path)))
    from viewer.dicom.attribute_rows import (  # noqa: PLC0415 - loads pydicom
        attribute_rows,
    )

    rows = attribute_rows(path)
    return Attributes(rows[: request.most], max(0, len(rows) - request.most))
