"""Read a DICOM file into values of ours, or say why not."""

from pathlib import Path
from typing import Any

from viewer.core.errors import NotDicomError
from viewer.core.identity import SOPInstanceUID
from viewer.core.records import FileRecord, InstanceRecord
from viewer.dicom import tag as tags
from viewer.dicom.headers import (
    images_in_acquisition,
    images_in_series,
    to_patient,
    to_series,
    to_study,
    to_technique,
    to_title,
)
from viewer.dicom.image import to_image
from viewer.dicom.part10 import OpenFile, open_dicom


def read_file(path: str | Path) -> FileRecord:
    """Everything the file at `path` says, from patient to pixels.

    A file without a SOP, Series or Study Instance UID has these empty: it can be
    shown, but no catalog can keep it.

    Raises
    ------
    NotDicomError
        If it is something else, or the index of a disc (DICOMDIR).
    UnreadableError
        If it begins as DICOM but cannot be read, or ends too early.
    """
    with open_dicom(path) as opened:
        if opened.is_dicomdir:
            raise NotDicomError(
                "This is a DICOMDIR, the index of a disc, and no image.",
                hint="Name it to import the files it lists.",
            )
        return _to_record(opened)


def read_attributes(path: str | Path) -> dict[str, Any]:
    """Every attribute of the file at `path` in the DICOM JSON model; see `json_model`.

    Raises
    ------
    NotDicomError, UnreadableError
        If it cannot be read.
    """
    from viewer.dicom.json_model import json_model  # noqa: PLC0415 - loads pydicom

    return json_model(path)


def _to_record(opened: OpenFile) -> FileRecord:
    data_set = opened.data_set
    image = to_image(opened)
    record = FileRecord(
        patient=to_patient(data_set),
        study=to_study(data_set),
        series=to_series(data_set),
        instance=InstanceRecord(
            sop_instance_uid=SOPInstanceUID(data_set.text(tags.SOP_INSTANCE_UID)),
            sop_class_uid=opened.sop_class_uid,
            transfer_syntax_uid=opened.transfer_syntax_uid,
            number=data_set.integer(tags.INSTANCE_NUMBER),
            image_type=data_set.texts(tags.IMAGE_TYPE),
            title=to_title(data_set) if image is None else "",
            technique=to_technique(data_set),
            image=image,
            frame_of_reference_uid=data_set.text(tags.FRAME_OF_REFERENCE_UID),
            images_in_series=images_in_series(data_set),
            images_in_acquisition=images_in_acquisition(data_set),
        ),
    )
    # Last, because reading the values is what finds most of what is odd.
    return FileRecord(
        record.patient,
        record.study,
        record.series,
        record.instance,
        tolerated=tuple(data_set.notes),
    )
