"""What the stored values are: shape, coding and how many frames there really are."""

from dataclasses import replace
from typing import Final

from viewer.core.errors import PixelError, UnreadableError
from viewer.core.image import PixelFormat, SampleKind
from viewer.dicom import tag as tags
from viewer.dicom.codecs.native import frame_bits, halved_chroma
from viewer.dicom.encoding import (
    DEFLATED_UID,
    EXPLICIT_UID,
    NATIVE_UIDS,
    UNDEFINED,
)
from viewer.dicom.part10 import OpenFile

_KINDS: Final = {
    tags.PIXEL_DATA: SampleKind.INTEGER,
    tags.FLOAT_PIXEL_DATA: SampleKind.FLOAT,
    tags.DOUBLE_FLOAT_PIXEL_DATA: SampleKind.DOUBLE,
}
_FLOAT_BITS: Final = {SampleKind.FLOAT: 32, SampleKind.DOUBLE: 64}
_MAX_SIDE: Final = 0xFFFF  # Rows and Columns are 16-bit
_MAX_FRAMES: Final = 1 << 24


def to_pixel_format(opened: OpenFile) -> PixelFormat | None:
    """Pixel description of an image; None for an object that has no pixels to show.

    Raises
    ------
    UnreadableError
        If the pixel data does not hold even one image of the size stated.
    """
    element, data_set = opened.pixels, opened.data_set
    if element is None or element.length == 0:
        return None
    kind = _KINDS[element.tag]
    rows, columns = data_set.integer(tags.ROWS), data_set.integer(tags.COLUMNS)
    bits = _FLOAT_BITS.get(kind) or data_set.integer(tags.BITS_ALLOCATED)
    if not rows or not columns or not bits:
        data_set.note("pixel data without rows, columns or bits allocated")
        return None
    if not (0 < rows <= _MAX_SIDE and 0 < columns <= _MAX_SIDE and 0 < bits <= 64):
        raise UnreadableError("The size of the image is impossible.")
    samples = data_set.integer(tags.SAMPLES_PER_PIXEL) or 1
    stored, high_bit = _bits(opened, bits)
    pixels = PixelFormat(
        transfer_syntax_uid=opened.transfer_syntax_uid,
        rows=rows,
        columns=columns,
        frames=_stated_frames(opened),
        samples=samples,
        photometric=_photometric(opened, samples),
        bits_allocated=bits,
        bits_stored=stored,
        high_bit=high_bit,
        signed=data_set.integer(tags.PIXEL_REPRESENTATION) == 1,
        planar=data_set.integer(tags.PLANAR_CONFIGURATION) == 1,
        kind=kind,
        word_swapped=element.vr == "OW" and not opened.encoding.little,
    )
    return _as_held(opened, pixels, element.length)


def _bits(opened: OpenFile, allocated: int) -> tuple[int, int]:
    """Bits Stored and High Bit, made to fit Bits Allocated."""
    stored = opened.data_set.integer(tags.BITS_STORED) or allocated
    if not 0 < stored <= allocated:
        opened.data_set.note("more bits stored than allocated")
        stored = allocated
    high_bit = opened.data_set.integer(tags.HIGH_BIT)
    if high_bit is None or not stored - 1 <= high_bit < allocated:
        if high_bit is not None and tags.BITS_STORED in opened.data_set:
            opened.data_set.note("a high bit that does not fit")
        high_bit = stored - 1
    return stored, high_bit


def _photometric(opened: OpenFile, samples: int) -> str:
    photometric = opened.data_set.text(tags.PHOTOMETRIC_INTERPRETATION).upper()
    if not photometric:
        opened.data_set.note("no photometric interpretation")
        return "MONOCHROME2" if samples == 1 else "RGB"
    return photometric


def _stated_frames(opened: OpenFile) -> int:
    frames = opened.data_set.integer(tags.NUMBER_OF_FRAMES)
    if frames is None:
        return 1
    if not 0 < frames <= _MAX_FRAMES:
        opened.data_set.note("an impossible number of frames")
        return 1
    return frames


def _as_held(opened: OpenFile, pixels: PixelFormat, length: int) -> PixelFormat:
    """Correct what is stated by what the uncompressed pixel data really holds."""
    if length == UNDEFINED:
        return pixels
    held = 8 * length
    bits = _frame_bits(pixels)
    if halved_chroma(pixels) and held < bits * pixels.frames:
        bits = bits * 2 // 3
    if not _is_native(pixels.transfer_syntax_uid):
        # Only an uncompressed image fits its frames to the byte, give or take padding.
        if not 0 <= held - bits * pixels.frames <= 8:
            return pixels
        opened.data_set.note("pixels not compressed as the transfer syntax says")
        pixels = replace(pixels, transfer_syntax_uid=EXPLICIT_UID)
    if held < bits:
        raise UnreadableError(
            "The pixel data is too short for an image of the size stated.",
            hint="The file may be damaged or only partly copied; fetch it again.",
        )
    if held < bits * pixels.frames:
        opened.data_set.note("fewer frames than stated")
        return replace(pixels, frames=held // bits)
    if held >= bits * (pixels.frames + 1):
        opened.data_set.note("more pixel data than the image needs")
    return pixels


def _frame_bits(pixels: PixelFormat) -> int:
    try:
        return frame_bits(pixels)
    except PixelError as error:
        raise UnreadableError(error.message, hint=error.hint) from error


def _is_native(transfer_syntax_uid: str) -> bool:
    return transfer_syntax_uid in NATIVE_UIDS or transfer_syntax_uid == DEFLATED_UID
