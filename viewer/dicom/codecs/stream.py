"""What a JPEG family code stream says of itself, before a decoder may touch it.

Only the first bytes are read, and every size is compared with the header of the file:
a code stream of 570 bytes can ask a decoder for gigabytes.
"""

from dataclasses import dataclass
from struct import unpack_from

from viewer.core.errors import PixelError
from viewer.core.image import PixelFormat

_DAMAGED = "The compressed image is damaged: its own header cannot be read."
# ISO/IEC 10918-1 Table B.1: frame headers; 0xF7 is JPEG-LS, ISO/IEC 14495-1
_FRAME_HEADERS = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC} | {0xF7})
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_PADDING = 4096  # bytes searched for the end marker
_JP2_SIGNATURE = b"\x00\x00\x00\x0cjP  \r\n\x87\n"


@dataclass(frozen=True, slots=True)
class CodeStream:
    """The image a code stream holds.

    Attributes
    ----------
    rows, columns, samples : int
    precision : int
        Bits of a sample.
    signed : bool
        Only JPEG 2000 can say so.
    process : int
        The JPEG frame header marker (0xC0 baseline … 0xC3 lossless); 0 otherwise.
    component_ids : tuple of int
        JPEG only.
    jfif : bool
        A JFIF header is there: the colours are YCbCr.
    adobe_transform : int or None
        What an Adobe header says of the colours: 0 none, 1 YCbCr.
    """

    rows: int
    columns: int
    samples: int
    precision: int
    signed: bool = False
    process: int = 0
    component_ids: tuple[int, ...] = ()
    jfif: bool = False
    adobe_transform: int | None = None

    def must_match(self, pixels: PixelFormat) -> None:
        """Refuse a code stream that is not the image the file announces.

        Raises
        ------
        PixelError
        """
        stated = (pixels.rows, pixels.columns, pixels.samples)
        if (self.rows, self.columns, self.samples) != stated:
            raise PixelError(
                "The compressed image has another size than the file states."
            )
        if self.precision > max(pixels.bits_allocated, 8):
            raise PixelError(
                "The compressed image has more bits than the file has room for."
            )


def jpeg_header(encoded: bytes) -> CodeStream:
    """Read the markers of a JPEG or JPEG-LS stream up to its frame header.

    Raises
    ------
    PixelError
        If there is none.
    """
    position, jfif, adobe = 2, False, None
    if encoded[:2] != b"\xff\xd8":
        raise PixelError(_DAMAGED)
    while position + 4 <= len(encoded):
        if encoded[position] != 0xFF:
            raise PixelError(_DAMAGED)
        marker = encoded[position + 1]
        if marker == 0xFF or marker in _STANDALONE:  # fill byte, or no parameters
            position += 1 if marker == 0xFF else 2
            continue
        (length,) = unpack_from(">H", encoded, position + 2)
        body = encoded[position + 4 : position + 2 + length]
        if marker in _FRAME_HEADERS:
            return _frame_header(marker, body, jfif=jfif, adobe=adobe)
        if marker == 0xE0 and body.startswith(b"JFIF"):
            jfif = True
        elif marker == 0xEE and body.startswith(b"Adobe") and len(body) >= 12:
            adobe = body[11]
        position += 2 + length
    raise PixelError(_DAMAGED)


def _frame_header(
    marker: int, body: bytes, *, jfif: bool, adobe: int | None
) -> CodeStream:
    if len(body) < 6 or len(body) < 6 + 3 * body[5]:
        raise PixelError(_DAMAGED)
    precision, rows, columns, samples = unpack_from(">BHHB", body)
    ids = tuple(body[6 : 6 + 3 * samples : 3])
    return CodeStream(
        rows,
        columns,
        samples,
        precision,
        process=marker,
        component_ids=ids,
        jfif=jfif,
        adobe_transform=adobe,
    )


def jpeg_2000_header(encoded: bytes) -> CodeStream:
    """Read the SIZ marker of a JPEG 2000 or HTJ2K stream, bare or in a JP2 file.

    Raises
    ------
    PixelError
        If there is none, or it describes an image no decoder should be asked for.

    References
    ----------
    ISO/IEC 15444-1 A.5.1.
    """
    start = encoded.find(b"\xff\x4f\xff\x51") if _is_jp2(encoded) else 0
    siz = encoded[start + 6 : start + 6 + 38]
    if start < 0 or encoded[start : start + 4] != b"\xff\x4f\xff\x51" or len(siz) < 38:
        raise PixelError(_DAMAGED)
    width, height, left, top, tile_width, tile_height, tile_left, tile_top, samples = (
        unpack_from(">8IH", siz, 2)
    )
    components = encoded[start + 42 : start + 42 + 3 * samples]
    if len(components) < 3 * samples or not components:
        raise PixelError(_DAMAGED)
    depths, steps = set(components[0::3]), {*components[1::3], *components[2::3]}
    if len(depths) > 1 or steps != {1}:
        raise PixelError(
            "The compressed image has components of different kinds.",
            hint="DICOM does not allow this; no decoder here reads it.",
        )
    if not (tile_width and tile_height) or tile_left > left or tile_top > top:
        raise PixelError(_DAMAGED)
    tiles = -((tile_left - width) // tile_width) * -((tile_top - height) // tile_height)
    if tiles > 65535:
        raise PixelError(_DAMAGED)
    (depth,) = depths
    return CodeStream(
        height - top, width - left, samples, (depth & 0x7F) + 1, signed=depth >= 0x80
    )


def _is_jp2(encoded: bytes) -> bool:
    return encoded[:12] == _JP2_SIGNATURE


def ends_with(encoded: bytes, marker: bytes) -> bool:
    """Whether the stream is complete up to its end marker.

    Writers pad with anything; the marker itself cannot occur inside the coded data.
    """
    return encoded.rfind(marker, max(len(encoded) - _PADDING, 0)) >= 0
