"""Every transfer syntax by its UID: how its pixels are coded.

pydicom does not know the newest ones; this table decides.
"""

from dataclasses import dataclass
from enum import Enum, auto

from viewer.core.errors import PixelError


class Coding(Enum):
    """How the pixels of a file are coded."""

    NATIVE = auto()
    DEFLATED_SET = auto()  # the whole data set is deflated, its pixels are native
    ENCAPSULATED = auto()  # native frames, one fragment each
    DEFLATED_FRAME = auto()
    RLE = auto()
    JPEG = auto()
    JPEG_LOSSLESS = auto()
    JPEG_ARITHMETIC = auto()
    JPEG_HIERARCHICAL = auto()
    JPEG_LS = auto()
    JPEG_2000 = auto()
    HTJ2K = auto()
    JPEG_XL = auto()
    JPEG_XL_RECOMPRESSED = auto()  # a JPEG, packed without loss
    JPIP = auto()
    VIDEO = auto()


@dataclass(frozen=True, slots=True)
class TransferSyntax:
    """One row of PS3.6 Table A-1.

    Attributes
    ----------
    uid, name : str
    coding : Coding
    lossless : bool
        Whether the samples are certain to be those that were encoded.
    big_endian : bool
    """

    uid: str
    name: str
    coding: Coding
    lossless: bool = True
    big_endian: bool = False

    @property
    def encapsulated(self) -> bool:
        """Whether Pixel Data is a sequence of fragments, PS3.5 Annex A.4."""
        return self.coding not in (Coding.NATIVE, Coding.DEFLATED_SET)


_LOSSLESS, _LOSSY = True, False

# PS3.6 Table A-1, retired ones included: what follows 1.2.840.10008.1.2
_TABLE: tuple[tuple[Coding, bool, dict[str, str]], ...] = (
    (
        Coding.NATIVE,
        _LOSSLESS,
        {
            "": "Implicit VR Little Endian",
            ".1": "Explicit VR Little Endian",
            ".2": "Explicit VR Big Endian",
        },
    ),
    (
        Coding.ENCAPSULATED,
        _LOSSLESS,
        {
            ".1.98": "Encapsulated Uncompressed",
        },
    ),
    (
        Coding.DEFLATED_SET,
        _LOSSLESS,
        {
            ".1.99": "Deflated Explicit VR Little Endian",
        },
    ),
    (
        Coding.JPEG,
        _LOSSY,
        {
            ".4.50": "JPEG Baseline (Process 1)",
            ".4.51": "JPEG Extended (Process 2 and 4)",
            ".4.53": "JPEG Spectral Selection (Process 6 and 8)",
            ".4.55": "JPEG Full Progression (Process 10 and 12)",
        },
    ),
    (
        Coding.JPEG_ARITHMETIC,
        _LOSSY,
        {
            ".4.52": "JPEG Extended (Process 3 and 5)",
            ".4.54": "JPEG Spectral Selection (Process 7 and 9)",
            ".4.56": "JPEG Full Progression (Process 11 and 13)",
        },
    ),
    (
        Coding.JPEG_LOSSLESS,
        _LOSSLESS,
        {
            ".4.57": "JPEG Lossless (Process 14)",
            ".4.70": "JPEG Lossless, First-Order Prediction (Process 14 SV1)",
        },
    ),
    (
        Coding.JPEG_ARITHMETIC,
        _LOSSLESS,
        {
            ".4.58": "JPEG Lossless (Process 15)",
        },
    ),
    (
        Coding.JPEG_HIERARCHICAL,
        _LOSSY,
        {
            ".4.59": "JPEG Extended, Hierarchical (Process 16 and 18)",
            ".4.60": "JPEG Extended, Hierarchical (Process 17 and 19)",
            ".4.61": "JPEG Spectral Selection, Hierarchical (Process 20 and 22)",
            ".4.62": "JPEG Spectral Selection, Hierarchical (Process 21 and 23)",
            ".4.63": "JPEG Full Progression, Hierarchical (Process 24 and 26)",
            ".4.64": "JPEG Full Progression, Hierarchical (Process 25 and 27)",
        },
    ),
    (
        Coding.JPEG_HIERARCHICAL,
        _LOSSLESS,
        {
            ".4.65": "JPEG Lossless, Hierarchical (Process 28)",
            ".4.66": "JPEG Lossless, Hierarchical (Process 29)",
        },
    ),
    (
        Coding.JPEG_LS,
        _LOSSLESS,
        {
            ".4.80": "JPEG-LS Lossless",
        },
    ),
    (
        Coding.JPEG_LS,
        _LOSSY,
        {
            ".4.81": "JPEG-LS Lossy (Near-Lossless)",
        },
    ),
    (
        Coding.JPEG_2000,
        _LOSSLESS,
        {
            ".4.90": "JPEG 2000 (Lossless Only)",
            ".4.92": "JPEG 2000 Part 2 Multi-component (Lossless Only)",
        },
    ),
    (
        Coding.JPEG_2000,
        _LOSSY,
        {
            ".4.91": "JPEG 2000",
            ".4.93": "JPEG 2000 Part 2 Multi-component",
        },
    ),
    (
        Coding.JPIP,
        _LOSSY,
        {
            ".4.94": "JPIP Referenced",
            ".4.95": "JPIP Referenced Deflate",
            ".4.204": "JPIP HTJ2K Referenced",
            ".4.205": "JPIP HTJ2K Referenced Deflate",
        },
    ),
    (
        Coding.VIDEO,
        _LOSSY,
        {
            ".4.100": "MPEG2 Main Profile / Main Level",
            ".4.100.1": "Fragmentable MPEG2 Main Profile / Main Level",
            ".4.101": "MPEG2 Main Profile / High Level",
            ".4.101.1": "Fragmentable MPEG2 Main Profile / High Level",
            ".4.102": "H.264 High Profile / Level 4.1",
            ".4.102.1": "Fragmentable H.264 High Profile / Level 4.1",
            ".4.103": "H.264 BD-compatible High Profile / Level 4.1",
            ".4.103.1": "Fragmentable H.264 BD-compatible High Profile / Level 4.1",
            ".4.104": "H.264 High Profile / Level 4.2 for 2D Video",
            ".4.104.1": "Fragmentable H.264 High Profile / Level 4.2 for 2D Video",
            ".4.105": "H.264 High Profile / Level 4.2 for 3D Video",
            ".4.105.1": "Fragmentable H.264 High Profile / Level 4.2 for 3D Video",
            ".4.106": "H.264 Stereo High Profile / Level 4.2",
            ".4.106.1": "Fragmentable H.264 Stereo High Profile / Level 4.2",
            ".4.107": "HEVC/H.265 Main Profile / Level 5.1",
            ".4.108": "HEVC/H.265 Main 10 Profile / Level 5.1",
        },
    ),
    (
        Coding.JPEG_XL,
        _LOSSLESS,
        {
            ".4.110": "JPEG XL Lossless",
        },
    ),
    (
        Coding.JPEG_XL,
        _LOSSY,
        {
            ".4.112": "JPEG XL",
        },
    ),
    (
        Coding.JPEG_XL_RECOMPRESSED,
        _LOSSY,
        {".4.111": "JPEG XL JPEG Recompression"},
    ),
    (
        Coding.HTJ2K,
        _LOSSLESS,
        {
            ".4.201": "High-Throughput JPEG 2000 (Lossless Only)",
            ".4.202": "High-Throughput JPEG 2000 with RPCL Options (Lossless Only)",
        },
    ),
    (
        Coding.HTJ2K,
        _LOSSY,
        {
            ".4.203": "High-Throughput JPEG 2000",
        },
    ),
    (
        Coding.RLE,
        _LOSSLESS,
        {
            ".5": "RLE Lossless",
        },
    ),
    (
        Coding.DEFLATED_FRAME,
        _LOSSLESS,
        {
            ".8.1": "Deflated Image Frame Compression",
        },
    ),
)

_ROOT = "1.2.840.10008.1.2"
SYNTAXES: dict[str, TransferSyntax] = {
    _ROOT + end: TransferSyntax(_ROOT + end, name, coding, lossless, end == ".2")
    for coding, lossless, names in _TABLE
    for end, name in names.items()
}


def transfer_syntax(uid: str) -> TransferSyntax:
    """The transfer syntax `uid` stands for.

    Raises
    ------
    PixelError
        If nobody has told us of it.
    """
    try:
        return SYNTAXES[uid]
    except KeyError:
        raise PixelError(
            "The pixels are coded in a way this program does not know.",
            hint="Its transfer syntax is not one of the DICOM standard.",
        ) from None
