"""Which record a DICOMDIR has for an object, and what it says there; PS3.3 F.4, F.5."""

from typing import Final, NamedTuple

from viewer.dicom import tag as tags


class Key(NamedTuple):
    """A key of a directory record.

    Attributes
    ----------
    tag : int
    vr : str
    invented : str or None
        What a record says where the object says nothing and the standard asks for a
        value (type 1), as DCMTK's dcmmkdir does; empty where it need not have one
        (type 2), None where the whole key may be missing (types 1C and 3).
    """

    tag: int
    vr: str
    invented: str | None = ""


_NO_DATE: Final = "19000101"
_NO_TIME: Final = "000000"

PATIENT: Final = (Key(tags.PATIENT_NAME, "PN"), Key(tags.PATIENT_ID, "LO", "UNKNOWN"))
STUDY: Final = (
    Key(tags.STUDY_DATE, "DA", _NO_DATE),
    Key(tags.STUDY_TIME, "TM", _NO_TIME),
    Key(tags.ACCESSION_NUMBER, "SH"),
    Key(tags.STUDY_DESCRIPTION, "LO"),
    Key(tags.STUDY_INSTANCE_UID, "UI"),
    Key(0x00200010, "SH", "1"),  # Study ID
)
SERIES: Final = (
    Key(tags.MODALITY, "CS", "OT"),
    Key(tags.SERIES_INSTANCE_UID, "UI"),
    Key(tags.SERIES_NUMBER, "IS", "0"),
)

_NUMBER: Final = Key(tags.INSTANCE_NUMBER, "IS", "0")
_CONTENT_DATE: Final = Key(0x00080023, "DA", _NO_DATE)
_CONTENT_TIME: Final = Key(0x00080033, "TM", _NO_TIME)
_CONCEPT: Final = Key(0x0040A043, "SQ")
_CONTENT: Final = (_CONTENT_DATE, _CONTENT_TIME, _NUMBER)
_LABELLED: Final = (
    *_CONTENT,
    Key(0x00700080, "CS", "NONE"),  # Content Label
    Key(0x00700081, "LO"),  # Content Description
    Key(0x00700084, "PN"),  # Content Creator's Name
)

KEYS: Final[dict[str, tuple[Key, ...]]] = {
    "IMAGE": (_NUMBER,),
    "RT DOSE": (_NUMBER, Key(0x3004000A, "CS", "PLAN")),
    "RT STRUCTURE SET": (
        _NUMBER,
        Key(0x30060002, "SH", "NONE"),
        Key(0x30060008, "DA"),
        Key(0x30060009, "TM"),
    ),
    "RT PLAN": (
        _NUMBER,
        Key(0x300A0002, "SH", "NONE"),
        Key(0x300A0006, "DA"),
        Key(0x300A0007, "TM"),
    ),
    "RT TREAT RECORD": (_NUMBER, Key(0x30080250, "DA"), Key(0x30080251, "TM")),
    "PRESENTATION": (
        _NUMBER,
        Key(0x00700080, "CS", "NONE"),
        Key(0x00700081, "LO"),
        Key(0x00700082, "DA", _NO_DATE),
        Key(0x00700083, "TM", _NO_TIME),
        Key(0x00700084, "PN"),
        Key(0x00081115, "SQ"),  # Referenced Series Sequence
        Key(0x00700402, "SQ"),  # Blending Sequence
    ),
    "WAVEFORM": _CONTENT,
    "SR DOCUMENT": (
        *_CONTENT,
        Key(0x0040A491, "CS", "PARTIAL"),  # Completion Flag
        Key(0x0040A493, "CS", "UNVERIFIED"),  # Verification Flag
        Key(0x0040A030, "DT", None),  # Verification DateTime
        _CONCEPT,
    ),
    "KEY OBJECT DOC": (*_CONTENT, _CONCEPT),
    "SPECTROSCOPY": (
        *_CONTENT,
        Key(0x00080008, "CS", "ORIGINAL\\PRIMARY"),  # Image Type
        Key(0x00280008, "IS", "1"),  # Number of Frames
    ),
    "RAW DATA": _CONTENT,
    "REGISTRATION": _LABELLED,
    "FIDUCIAL": _LABELLED,
    "ENCAP DOC": (
        Key(0x00080023, "DA"),
        Key(0x00080033, "TM"),
        _NUMBER,
        Key(0x00420010, "ST"),  # Document Title
        _CONCEPT,
        Key(0x00420012, "LO", "application/octet-stream"),  # MIME Type
    ),
    "VALUE MAP": _LABELLED,
    "STEREOMETRIC": (),
    "PLAN": (),
    "MEASUREMENT": _LABELLED,
    "SURFACE": _LABELLED,
    "SURFACE SCAN": (_CONTENT_DATE, _CONTENT_TIME),
    "TRACT": _LABELLED,
    "ASSESSMENT": (_NUMBER, Key(0x00080012, "DA", _NO_DATE), Key(0x00080013, "TM")),
    "RADIOTHERAPY": (_NUMBER,),
}
"""The keys of an object's own record, by its type."""

_CLASSES: Final = "1.2.840.10008.5.1.4.1.1."
_KINDS: Final = {
    "4.2": "SPECTROSCOPY",
    "9": "WAVEFORM",
    "11": "PRESENTATION",
    "66": "RAW DATA",
    "66.1": "REGISTRATION",
    "66.2": "FIDUCIAL",
    "66.3": "REGISTRATION",
    "66.4": "IMAGE",
    "66.5": "SURFACE",
    "66.6": "TRACT",
    "66.7": "IMAGE",
    "66.8": "IMAGE",
    "67": "VALUE MAP",
    "68": "SURFACE SCAN",
    "77.1.5.3": "STEREOMETRIC",
    "78": "MEASUREMENT",
    "79": "MEASUREMENT",
    "80": "MEASUREMENT",
    "88": "SR DOCUMENT",
    "88.59": "KEY OBJECT DOC",
    "90": "ASSESSMENT",
    "104": "ENCAP DOC",
    "131": "PRESENTATION",
    "481.1": "IMAGE",
    "481.2": "RT DOSE",
    "481.3": "RT STRUCTURE SET",
    "481.4": "RT TREAT RECORD",
    "481.5": "RT PLAN",
    "481.6": "RT TREAT RECORD",
    "481.7": "RT TREAT RECORD",
    "481.8": "RT PLAN",
    "481.9": "RT TREAT RECORD",
    "481": "RADIOTHERAPY",
}
"""By the end of the SOP class; the longest that fits counts. Others are images."""


def kind_of(sop_class_uid: str) -> str:
    """Directory Record Type (0004,1430) of an object of this class."""
    if not sop_class_uid.startswith(_CLASSES):
        return "IMAGE"
    end = sop_class_uid.removeprefix(_CLASSES)
    while end:
        if end in _KINDS:
            return _KINDS[end]
        end = end.rpartition(".")[0]
    return "IMAGE"
