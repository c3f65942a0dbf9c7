"""What kind of picture a SOP class or a modality is, as far as writing in it goes."""

from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """Pictures that come about alike."""

    SLICES = "slices"  # of a scanner, which writes nothing into them
    NUMBERS = "numbers"  # dose, segments, maps: no picture of anything
    CAPTURE = "capture"
    ULTRASOUND = "ultrasound"
    ANGIOGRAPHY = "angiography"
    RADIOGRAPH = "radiograph"
    MAMMOGRAM = "mammogram"
    PHOTOGRAPH = "photograph"
    EYE = "eye"
    SLIDE = "slide"
    TREATMENT = "treatment"
    OTHER = "other"


FREE_KINDS: Final = frozenset({Kind.SLICES, Kind.NUMBERS})

_ROOT: Final = "1.2.840.10008.5.1.4.1.1."

# PS3.4 B.5; what is not here is OTHER, and looked at.
_CLASSES: Final = {
    Kind.SLICES: (
        *("2", "2.1", "2.2", "4", "4.1", "4.4", "5", "20", "128", "128.1", "130"),
        *("13.1.1", "13.1.2"),
    ),
    Kind.NUMBERS: ("30", "66.4", "66.7", "66.8", "481.2"),
    Kind.CAPTURE: ("7", "7.1", "7.2", "7.3", "7.4"),
    Kind.ULTRASOUND: ("3", "3.1", "6", "6.1", "6.2", "6.3", "14.1", "14.2"),
    Kind.ANGIOGRAPHY: ("12.1", "12.1.1", "12.2", "12.2.1", "12.3"),
    Kind.RADIOGRAPH: ("1", "1.1", "1.1.1", "1.3", "1.3.1"),
    Kind.MAMMOGRAM: ("1.2", "1.2.1", "13.1.3", "13.1.4", "13.1.5"),
    Kind.PHOTOGRAPH: (
        *("77.1", "77.2", "77.1.1", "77.1.1.1", "77.1.2", "77.1.2.1", "77.1.3"),
        *("77.1.4", "77.1.4.1", "77.1.7", "77.1.8", "77.1.9"),
    ),
    Kind.EYE: (
        *("77.1.5.1", "77.1.5.2", "77.1.5.4", "77.1.5.5", "77.1.5.6", "77.1.5.7"),
        *("77.1.5.8", "81.1", "82.1"),
    ),
    Kind.SLIDE: ("77.1.6",),
    Kind.TREATMENT: ("481.1", "481.23", "481.24"),
}

_KINDS: Final = {
    _ROOT + number: kind for kind, numbers in _CLASSES.items() for number in numbers
}

# Modality (0008,0060), PS3.3 C.7.3.1.1.1, with what is retired and still met.
_MODALITIES: Final = {
    Kind.SLICES: ("CT", "MR", "PT", "NM", "ST", "MS", "FMRI", "MA"),
    Kind.NUMBERS: ("RTDOSE", "SEG", "RWV"),
    Kind.CAPTURE: ("SC", "OT", "HC", "DOC"),
    Kind.ULTRASOUND: ("US", "BMUS", "IVUS", "IVOCT", "EC", "DD", "CD"),
    Kind.ANGIOGRAPHY: ("XA", "RF", "DF", "DS", "CF", "VF"),
    Kind.RADIOGRAPH: ("DX", "CR", "IO", "PX", "RG", "DG", "BMD"),
    Kind.MAMMOGRAM: ("MG",),
    Kind.PHOTOGRAPH: ("XC", "ES", "GM", "DMS", "LP", "CP", "TG", "CFM"),
    Kind.EYE: ("OP", "OPT", "OPM", "OCT", "OPV", "OPTENF", "OPTBSV", "FA", "FS"),
    Kind.SLIDE: ("SM",),
    Kind.TREATMENT: ("RTIMAGE",),
}

MODALITY_KINDS: Final = {
    name: kind for kind, names in _MODALITIES.items() for name in names
}


def kind_of(sop_class_uid: str) -> Kind:
    """What kind of picture the objects of a class are."""
    return _KINDS.get(sop_class_uid, Kind.OTHER)
