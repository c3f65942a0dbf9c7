"""What a file says about patient, study, series and instance, parsed.

Text is decoded, trimmed and never None: empty means the file does not say. Dates are
``datetime.date``; a date that cannot be read is None.
"""

import os
from dataclasses import dataclass
from datetime import date, time
from typing import Final, Self

from viewer.core.identity import SeriesUID, SOPInstanceUID, StudyUID
from viewer.core.image import Image

EDITION: Final = 4
"""Grows when more, or other things, are read from the same file.

What an earlier edition kept is read anew: its millimetres followed other rules.
"""


@dataclass(frozen=True, slots=True)
class PatientRecord:
    """The patient as one file states it."""

    name: str = ""  # raw PN, all groups
    patient_id: str = ""
    issuer: str = ""
    birth_date: date | None = None
    sex: str = ""


@dataclass(frozen=True, slots=True)
class StudyRecord:
    """The study as one file states it."""

    study_uid: StudyUID
    study_date: date | None = None
    study_time: time | None = None
    accession_number: str = ""
    description: str = ""
    institution: str = ""
    referring_physician: str = ""
    patient_age: str = ""  # raw AS: 065Y


@dataclass(frozen=True, slots=True)
class SeriesRecord:
    """The series as one file states it."""

    series_uid: SeriesUID
    modality: str = ""
    number: int | None = None
    description: str = ""
    body_part: str = ""
    laterality: str = ""
    protocol: str = ""
    manufacturer: str = ""
    frame_of_reference_uid: str = ""


@dataclass(frozen=True, slots=True)
class Technique:
    """How the image was made, as far as the corners of a viewport show it."""

    acquired_on: date | None = None
    acquired_at: time | None = None
    contrast_agent: str = ""
    sequence: str = ""
    kvp: float | None = None
    tube_current_ma: float | None = None
    echo_time_ms: float | None = None
    repetition_time_ms: float | None = None
    view_position: str = ""
    image_laterality: str = ""


@dataclass(frozen=True, slots=True)
class InstanceRecord:
    """One SOP instance.

    Attributes
    ----------
    sop_instance_uid, sop_class_uid, transfer_syntax_uid : str
    number : int or None
        Instance Number (0020,0013).
    image_type : tuple of str
        Image Type (0008,0008).
    title : str
        What a list shows for an object without pixels (document title, label).
    technique : Technique
    image : Image or None
        None for objects without pixels.
    frame_of_reference_uid : str
        Within which its position means something; empty if not stated.
    images_in_series, images_in_acquisition : int or None
        How many there are, as the file states it.
    """

    sop_instance_uid: SOPInstanceUID
    sop_class_uid: str
    transfer_syntax_uid: str
    number: int | None = None
    image_type: tuple[str, ...] = ()
    title: str = ""
    technique: Technique = Technique()
    image: Image | None = None
    frame_of_reference_uid: str = ""
    images_in_series: int | None = None
    images_in_acquisition: int | None = None


@dataclass(frozen=True, slots=True)
class FileRecord:
    """Everything one file says, from patient to pixels.

    `tolerated` names what was wrong with the file but could be read all the same,
    without any value of it (``"no file meta information"``). A file that does not say
    which study, series or instance it is has these UIDs empty: no catalog can keep it,
    but it opens by its path.
    """

    patient: PatientRecord
    study: StudyRecord
    series: SeriesRecord
    instance: InstanceRecord
    tolerated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PackedInstance:
    """An instance as the catalog keeps it, packed where its file was read.

    Attributes
    ----------
    sop_instance_uid : SOPInstanceUID
    number : int or None
    frames : int
        0 for objects without pixels.
    record : bytes
        The whole `InstanceRecord`; `viewer.catalog.blobs` packs it.
    """

    sop_instance_uid: SOPInstanceUID
    number: int | None
    frames: int
    record: bytes


@dataclass(frozen=True, slots=True)
class IndexedRecord:
    """A `FileRecord` of which only the catalog wants the instance."""

    patient: PatientRecord
    study: StudyRecord
    series: SeriesRecord
    instance: PackedInstance


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What tells that a file is still the one that was indexed."""

    size: int
    modified_ns: int
    file_id: int  # inode on POSIX, file index on Windows

    @classmethod
    def from_stat(cls, stat: os.stat_result) -> Self:
        """What `os.stat` says of the file, as numbers a database can hold."""
        return cls(stat.st_size, stat.st_mtime_ns, stat.st_ino & 0x7FFF_FFFF_FFFF_FFFF)


@dataclass(frozen=True, slots=True)
class StoredInstance:
    """An instance of the catalog or of a file opened by path, with its bytes' place."""

    instance: InstanceRecord
    path: str
    stamp: FileStamp
