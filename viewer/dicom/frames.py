"""The stored values of one frame, exactly as they were encoded.

What comes out here is what the file stores: no rescale, no window, no palette. Bits
that are not part of the sample (Bits Stored, High Bit) are already cleared and the
sign is extended, so that nobody masks or shifts again.

Colours: `decoded_photometric` says what the three samples of a decoded frame are.
Lossy JPEG, JPEG 2000 and JPEG XL leave their codec as RGB, 4:2:2 data are spread to
YBR_FULL; everything else stays what the file says. Convert once, by that answer, not
by the photometric interpretation of the file.
"""

import struct
from dataclasses import replace
from io import FileIO
from pathlib import Path

import numpy as np
import numpy.typing as npt

from viewer.core.errors import PixelError, UnreadableError
from viewer.core.image import Fragment, Image, PixelFormat
from viewer.dicom.codecs import native, run_length
from viewer.dicom.codecs.deflated_set import inflated_pixels
from viewer.dicom.codecs.registry import (
    LAYERED,
    Decoder,
    decoder_for,
    decoders_for,
    smaller_decoder,
)
from viewer.dicom.codecs.room import to_room
from viewer.dicom.codecs.stored import to_stored
from viewer.dicom.codecs.syntaxes import SYNTAXES, Coding, transfer_syntax
from viewer.dicom.frame_index import native_index

Samples = npt.NDArray[np.generic]

_LOSSY_JPEG = {Coding.JPEG, Coding.JPEG_XL_RECOMPRESSED}
_PLAIN = {Coding.NATIVE, Coding.DEFLATED_SET, Coding.ENCAPSULATED}
_LIBRARY_FAILURES = (
    RuntimeError,
    ValueError,
    TypeError,
    LookupError,
    OSError,
    EOFError,
    SyntaxError,  # Pillow's word for a broken header
    struct.error,
)


def decoded_photometric(pixels: PixelFormat) -> str:
    """What the samples of a decoded frame are.

    A photometric interpretation of PS3.3 C.7.6.3.1.2 with one value of each sample
    for every pixel: ``YBR_PARTIAL_422`` speaks of the range only.
    """
    coding, stated = (
        transfer_syntax(pixels.transfer_syntax_uid).coding,
        pixels.photometric,
    )
    if pixels.samples != 3:
        return stated
    if coding in _LOSSY_JPEG or stated in ("YBR_ICT", "YBR_RCT", "XYB"):
        return "RGB"
    if coding is Coding.JPEG_XL and stated != "YBR_FULL":
        return "RGB"
    return "YBR_FULL" if stated == "YBR_FULL_422" else stated


def decode_frame(
    encoded: bytes,
    pixels: PixelFormat,
    *,
    bit_offset: int = 0,
    room: memoryview | None = None,
) -> Samples:
    """Stored values of one frame from its bytes.

    Parameters
    ----------
    encoded : bytes
        All fragments of the frame, joined.
    pixels : PixelFormat
    bit_offset : int
        From `FrameIndex.bit_offsets`.
    room : memoryview, optional
        Memory for the frame; what a decoder can put there stays there.

    Returns
    -------
    ndarray
        Shape and type as `viewer.dicom.codecs.stored` says, contiguous; read-only
        where it shares the memory of `encoded`.

    Raises
    ------
    PixelError
        If the bytes are not the image the header states, or nobody can decode them.
    """
    native.frame_bits(pixels)  # refuses absurd sizes before any decoder runs
    coding = transfer_syntax(pixels.transfer_syntax_uid).coding
    if coding in _PLAIN:
        return to_stored(native.decode(encoded, pixels, bit_offset), pixels)
    place = to_room(room, pixels) if room is not None else None
    failures: list[PixelError] = []
    for decoder in decoders_for(pixels.transfer_syntax_uid):
        try:
            samples = _decoded(decoder, encoded, pixels, place)
            return to_stored(samples, pixels, encoded)
        except PixelError as error:
            failures.append(error)
    raise failures[0]


def read_frame(
    path: str | Path, image: Image, number: int, room: memoryview | None = None
) -> Samples:
    """Stored values of frame `number` (counted from 1) of the file at `path`.

    Parameters
    ----------
    path : str or Path
    image : Image
    number : int
    room : memoryview, optional
        Memory to read to: what is stored as it is in memory stays there.

    Raises
    ------
    PixelError
        As `decode_frame`, or if the file has no such frame.
    UnreadableError
        If the file cannot be read.
    """
    fragments, bit_offset = encoded_place(image, number)
    if fragments is None:
        return read_inflated(path, image.pixels, number)
    return read_fragments(path, image.pixels, fragments, bit_offset, room)


def is_plain(pixels: PixelFormat) -> bool:
    """Whether a frame is copied rather than decoded: no codec can be led astray."""
    coding = transfer_syntax(pixels.transfer_syntax_uid).coding
    return coding in (Coding.NATIVE, Coding.ENCAPSULATED)


def encoded_place(image: Image, number: int) -> tuple[tuple[Fragment, ...] | None, int]:
    """As `frame_place`, but None for the fragments of a deflated data set."""
    syntax = transfer_syntax(image.pixels.transfer_syntax_uid)
    if syntax.coding is Coding.DEFLATED_SET:
        return None, 0
    return frame_place(image, number)


def frame_place(image: Image, number: int) -> tuple[tuple[Fragment, ...], int]:
    """Where frame `number` lies: its fragments, and its first bit in them.

    Raises
    ------
    PixelError
        If the file has no such frame, or its place cannot be told.
    """
    index, frames = image.index, image.pixels.frames
    if not 1 <= number <= frames:
        raise PixelError(f"There is no frame {number}: the image has {frames}.")
    if index.reason:
        raise PixelError(index.reason)
    if number > len(index.fragments):
        raise PixelError(
            f"The file ends before frame {number} of {frames}.",
            hint="It was cut short, or its header is wrong; get it anew.",
        )
    return (
        index.fragments[number - 1],
        index.bit_offsets[number - 1] if index.bit_offsets else 0,
    )


def read_fragments(
    path: str | Path,
    pixels: PixelFormat,
    fragments: tuple[Fragment, ...],
    bit_offset: int = 0,
    room: memoryview | None = None,
) -> Samples:
    """Stored values of the frame whose bytes lie in `fragments` of the file.

    As `read_frame` has it; where nothing is decoded, `room` is for a frame in one part.
    """
    if len(fragments) == 1 and is_plain(pixels):  # stays where it is read to
        try:
            with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - each frame
                part = _part(file, *fragments[0], room)
        except OSError as error:
            raise _unreadable() from error
        return to_stored(native.decode(part, pixels, bit_offset), pixels)
    encoded = _encoded(path, fragments)
    return decode_frame(encoded, pixels, bit_offset=bit_offset, room=room)


def in_planes(pixels: PixelFormat) -> bool:
    """Whether frames can be read in planes, and joined where they are to lie.

    Who has to copy them anyway has them put together for next to nothing.
    """
    coding = transfer_syntax(pixels.transfer_syntax_uid).coding
    return coding is Coding.RLE and run_length.has_two_planes(pixels)


def read_planes(
    path: str | Path,
    pixels: PixelFormat,
    fragments: tuple[Fragment, ...],
    planes: memoryview,
) -> None:
    """The bytes of a frame for which `in_planes` is true, apart from each other.

    Parameters
    ----------
    path : str or Path
    pixels : PixelFormat
    fragments : tuple
    planes : memoryview
        As many bytes as the stored values have; filled.

    Raises
    ------
    ViewerError
        As `read_frame`: what is read can be joined.
    """
    native.frame_bits(pixels)
    encoded = _encoded(path, fragments)
    unpacker = replace(
        decoder_for(pixels.transfer_syntax_uid), decode_into=run_length.unpack
    )
    _decoded(unpacker, encoded, pixels, np.frombuffer(planes, np.uint8))


def join_planes(
    planes: npt.NDArray[np.uint8], pixels: PixelFormat, room: npt.NDArray[np.uint8]
) -> None:
    """Lay the stored values of a frame that was read in planes into `room`.

    Parameters
    ----------
    planes, room : ndarray
        ``(n,)``, as many bytes as the stored values have.
    pixels : PixelFormat
    """
    words = room.view(np.uint16).reshape(pixels.rows, pixels.columns)
    run_length.join(planes, words)
    to_stored(words, pixels)  # where they are


def read_smaller(
    path: str | Path,
    pixels: PixelFormat,
    fragments: tuple[Fragment, ...],
    steps: int,
) -> Samples:
    """A frame halved `steps` times, which its coding holds apart.

    Low-pass values, on a grid that begins at the centre of the first pixel: to be
    looked at for a moment, or in the size of a stamp.

    Parameters
    ----------
    path : str or Path
    pixels : PixelFormat
        As `smaller` gives it.
    fragments : tuple
    steps : int

    Raises
    ------
    ViewerError
        As `read_frame`, or if the coding has no such picture.
    """
    encoded = _encoded(path, fragments)
    decoder = smaller_decoder(pixels.transfer_syntax_uid, steps)
    return to_stored(_decoded(decoder, encoded, pixels, None), pixels, encoded)


def smaller(pixels: PixelFormat, least: int) -> tuple[PixelFormat, int]:
    """A frame halved as often as its longer side keeps `least` pixels, and how often.

    Zero times where its coding holds no smaller picture.
    """
    steps = 0
    known = SYNTAXES.get(pixels.transfer_syntax_uid)
    if known is not None and known.coding in LAYERED:
        longer = max(pixels.rows, pixels.columns)
        steps = max((longer // least).bit_length() - 1, 0) if pixels.samples == 1 else 0
    rows, columns = (-(-side // (1 << steps)) for side in (pixels.rows, pixels.columns))
    return replace(pixels, rows=rows, columns=columns), steps


def read_inflated(path: str | Path, pixels: PixelFormat, number: int) -> Samples:
    """Stored values of a frame of a deflated data set, which has no place in the file.

    Raises
    ------
    ViewerError
        As `read_frame`, or if the data set cannot be inflated.
    """
    value = inflated_pixels(path)
    image = Image(pixels, native_index(pixels, 0, len(value), len(value)))
    fragments, bit_offset = frame_place(image, number)
    encoded = b"".join(value[start : start + length] for start, length in fragments)
    return decode_frame(encoded, pixels, bit_offset=bit_offset)


def _encoded(path: str | Path, fragments: tuple[Fragment, ...]) -> bytes:
    """All fragments of a frame, joined."""
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - each frame
            parts = [_coded(file, offset, length) for offset, length in fragments]
    except OSError as error:
        raise _unreadable() from error
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _unreadable() -> UnreadableError:
    return UnreadableError("The file cannot be read.")


def _part(
    file: FileIO, offset: int, length: int, room: memoryview | None
) -> memoryview:
    """One fragment, or what the file has of it."""
    file.seek(offset)
    fits = room is not None and room.nbytes >= length
    part = room[:length] if room is not None and fits else memoryview(bytearray(length))
    filled = 0
    while filled < length:  # a raw read may give less than there is
        got = file.readinto(part[filled:])
        if not got:
            break
        filled += got
    return part[:filled]


def _coded(file: FileIO, offset: int, length: int) -> bytes:
    """One fragment, or what the file has of it."""
    file.seek(offset)
    part = file.read(length)
    while len(part) < length:  # a raw read may give less than there is
        more = file.read(length - len(part))
        if not more:
            break
        part += more
    return part


def _decoded(
    decoder: Decoder, encoded: bytes, pixels: PixelFormat, room: Samples | None
) -> Samples:
    try:
        if room is not None and decoder.decode_into is not None:
            return decoder.decode_into(encoded, pixels, room)
        return decoder.decode(encoded, pixels)
    except MemoryError as error:
        raise PixelError("The image takes more memory than it may.") from error
    except _LIBRARY_FAILURES as error:
        raise PixelError(
            "The compressed image is damaged.",
            hint=f"{decoder.name} could not decode it.",
        ) from error
