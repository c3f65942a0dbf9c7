"""Uncompressed pixels on their way out, in pieces of a megabyte or frame by frame."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from viewer.core.boxes import Box
from viewer.core.errors import PixelError
from viewer.core.image import PixelFormat, SampleKind
from viewer.dicom.codecs.native import (
    frame_bits,
    frame_bytes,
    halved_chroma,
    sample_bits,
    sample_dtype,
)
from viewer.dicom.deidentification import stored_bits
from viewer.dicom.deidentification.burning import STATISTICS, Burner, burner_of
from viewer.dicom.deidentification.pixel_outcome import PixelOutcome
from viewer.dicom.element import Element
from viewer.dicom.encoding import EXPLICIT_UID, IMPLICIT_UID, UNDEFINED
from viewer.dicom.part10 import OpenFile

_PIECE: Final = 1 << 20
_MOST_BITS: Final = 1 << 28  # pixels of one bit, all in memory
_VRS: Final = {SampleKind.FLOAT: "OF", SampleKind.DOUBLE: "OD"}


def clean_plain(
    opened: OpenFile, element: Element, pixels: PixelFormat, boxes: Sequence[Box]
) -> PixelOutcome:
    """Uncompressed pixels as they may leave.

    Raises
    ------
    PixelError
        If their coding is none that could be cleaned.
    """
    if element.length == UNDEFINED:
        raise PixelError("The length of the pixel data is not stated.")
    if pixels.bits_allocated == 1 and pixels.word_swapped:
        raise PixelError("Pixels of one bit in big endian words cannot be told.")
    needed = stated_bytes(pixels, element.length)
    burner = burner_of(opened, pixels, pixels.photometric, boxes) if boxes else None
    implicit = opened.transfer_syntax_uid == IMPLICIT_UID
    return PixelOutcome(
        element.tag,
        _VRS.get(pixels.kind) or ("OB" if pixels.bits_allocated <= 8 else "OW"),
        needed + needed % 2,
        IMPLICIT_UID if implicit else EXPLICIT_UID,
        _Plain(opened, element, pixels, needed, burner).pieces,
        STATISTICS if burner else {},
        burned=burner is not None,
    )


def stated_bytes(pixels: PixelFormat, held: int) -> int:
    """Bytes that the frames of an uncompressed image take; what follows is no picture.

    Parameters
    ----------
    pixels : PixelFormat
    held : int
        Bytes that are there.
    """
    bits = frame_bits(pixels)
    if halved_chroma(pixels) and 8 * held < bits * pixels.frames:
        bits = bits * 2 // 3
    return min(-(-bits * pixels.frames // 8), held)


def cleared(raw: bytes, pixels: PixelFormat, *, big_endian: bool) -> bytes:
    """Whole cells in little endian order, without what lies in their spare bits.

    Parameters
    ----------
    raw : bytes
        As they lie in the file.
    pixels : PixelFormat
    big_endian : bool
        How they lie there.
    """
    spare = stored_bits.has_spare_bits(pixels)
    swapped = big_endian and (pixels.word_swapped or sample_bits(pixels) > 8)
    if not (spare or swapped):
        return raw
    content = bytearray(raw)
    if swapped:
        width = max(sample_bits(pixels) // 8, 2)
        np.frombuffer(content, f"u{width}").byteswap(inplace=True)
    if spare:
        stored_bits.clear(np.frombuffer(content, sample_dtype(pixels)), pixels)
    return bytes(content)


@dataclass(frozen=True, slots=True)
class _Plain:
    """The value of an uncompressed pixel attribute, and who burns in it."""

    opened: OpenFile
    element: Element
    pixels: PixelFormat
    needed: int
    burner: Burner | None

    def pieces(self) -> Iterator[bytes]:
        """The frames without what lies in their spare bits, and an even end."""
        if self.burner is None:
            yield from self._in_pieces()
        elif self.pixels.bits_allocated == 1:
            yield self._bits(self.burner)
        else:
            yield from self._by_frames(self.burner)
        if self.needed % 2:
            yield b"\0"

    def _in_pieces(self) -> Iterator[bytes]:
        """Whole cells; of the last bits, those that are a pixel."""
        for start in range(0, self.needed, _PIECE):
            end = min(start + _PIECE, self.needed)
            piece = self._read(start, end)
            spare = self._last_bits if end == self.needed else 0
            if spare:
                piece = piece[:-1] + bytes([piece[-1] & ((1 << spare) - 1)])
            yield piece

    @property
    def _last_bits(self) -> int:
        """How many bits of the last byte are pixels, where not all of them are."""
        if self.pixels.bits_allocated > 1:
            return 0
        return self.pixels.frame_pixels * self.pixels.frames % 8

    def _by_frames(self, burner: Burner) -> Iterator[bytes]:
        length = self.needed // self.pixels.frames
        for number in range(1, self.pixels.frames + 1):
            frame = bytearray(self._read((number - 1) * length, number * length))
            self._burn(frame, number, burner)
            yield bytes(frame)

    def _burn(self, frame: bytearray, number: int, burner: Burner) -> None:
        pixels, dtype = self.pixels, sample_dtype(self.pixels)
        cells = np.frombuffer(frame, dtype)
        if len(frame) < frame_bytes(pixels):
            burner.burn_pairs(cells.reshape(pixels.rows, -1, 4), number)
            return
        low = stored_bits.bits_below(pixels)
        if pixels.samples == 1:
            burner.burn(cells.reshape(pixels.rows, pixels.columns), number, low)
        elif pixels.planar:
            planes = cells.reshape(pixels.samples, pixels.rows, pixels.columns)
            burner.burn(planes.transpose(1, 2, 0), number, low)
        else:
            shape = (pixels.rows, pixels.columns, pixels.samples)
            burner.burn(cells.reshape(shape), number, low)

    def _bits(self, burner: Burner) -> bytes:
        """All frames of one bit a pixel, which share bytes."""
        pixels = self.pixels
        count = pixels.frame_pixels * pixels.frames
        if count > _MOST_BITS:
            raise PixelError("The image has too many pixels of one bit to be burned.")
        packed = np.frombuffer(self._read(0, self.needed), np.uint8)
        frames = np.unpackbits(packed, bitorder="little", count=count).reshape(
            pixels.frames, pixels.rows, pixels.columns
        )
        for number, frame in enumerate(frames, start=1):
            burner.burn(frame, number)
        return np.packbits(frames, bitorder="little").tobytes()

    def _read(self, start: int, end: int) -> bytes:
        """Bytes of the value, cleared; cells of a swapped word are read together."""
        early, late = (start % 2, end % 2) if self.pixels.word_swapped else (0, 0)
        first = self.element.offset + start - early
        raw = self.opened.data_set.cutter.source.read(first, end - start + early + late)
        big_endian = not self.element.encoding.little
        return cleared(raw, self.pixels, big_endian=big_endian)[early:][: end - start]
