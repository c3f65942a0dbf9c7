"""What the index of a disc (DICOMDIR) says of one file; PS3.3 F.3."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileRecords:
    """The directory records of a file, from its patient down to itself.

    Attributes
    ----------
    kind : str
        Directory Record Type (0004,1430) of the file's own record, such as ``IMAGE``.
    sop_class_uid, sop_instance_uid, syntax_uid : str
    patient_id, study_uid, series_uid : str
        Files with equal ones lie below the same record.
    patient, study, series, instance : bytes
        Keys of the four records, in Explicit VR Little Endian.
    """

    kind: str
    sop_class_uid: str
    sop_instance_uid: str
    syntax_uid: str
    patient_id: str
    study_uid: str
    series_uid: str
    patient: bytes
    study: bytes
    series: bytes
    instance: bytes
