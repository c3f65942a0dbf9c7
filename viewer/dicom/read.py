"""Read a DICOM file into values of ours, or say why not."""

from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any, NamedTuple

from viewer.core.errors import NotDicomError
from viewer.core.identity import SOPInstanceUID
from viewer.core.image import Image
from viewer.core.records import FileRecord, InstanceRecord
from viewer.dicom import tag as tags
from viewer.dicom.headers import (
    images_in_acquisition,
    images_in_series,
    to_moment,
    to_patient,
    to_series,
    to_setting,
    to_study,
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
    own = Own(
        SOPInstanceUID(data_set.text(tags.SOP_INSTANCE_UID)),
        data_set.integer(tags.INSTANCE_NUMBER),
        *to_moment(data_set),
        title=to_title(data_set) if image is None else "",
    )
    record = completed(in_common(opened), own, image)
    # Last, because reading the values is what finds most of what is odd.
    return replace(record, tolerated=tuple(data_set.notes))


class Own(NamedTuple):
    """What sets an instance apart from the others of its series, but for its image.

    Attributes
    ----------
    uid : SOPInstanceUID
    number : int or None
    acquired_on, acquired_at : date, time or None
    title : str
    """

    uid: SOPInstanceUID
    number: int | None
    acquired_on: date | None
    acquired_at: time | None
    title: str = ""


def in_common(opened: OpenFile) -> FileRecord:
    """What an instance says that the others of its series mostly say too."""
    data_set = opened.data_set
    return FileRecord(
        patient=to_patient(data_set),
        study=to_study(data_set),
        series=to_series(data_set),
        instance=InstanceRecord(
            sop_instance_uid=SOPInstanceUID(""),
            sop_class_uid=opened.sop_class_uid,
            transfer_syntax_uid=opened.transfer_syntax_uid,
            image_type=data_set.terms(tags.IMAGE_TYPE),
            technique=to_setting(data_set),
            frame_of_reference_uid=data_set.text(tags.FRAME_OF_REFERENCE_UID),
            images_in_series=images_in_series(data_set),
            images_in_acquisition=images_in_acquisition(data_set),
        ),
    )


def completed(common: FileRecord, own: Own, image: Image | None) -> FileRecord:
    """The record of an instance from what is common and what is its own."""
    technique = common.instance.technique
    if own.acquired_on is not None or own.acquired_at is not None:
        technique = replace(
            technique, acquired_on=own.acquired_on, acquired_at=own.acquired_at
        )
    instance = replace(
        common.instance,
        sop_instance_uid=own.uid,
        number=own.number,
        title=own.title,
        technique=technique,
        image=image,
    )
    return FileRecord(common.patient, common.study, common.series, instance)
