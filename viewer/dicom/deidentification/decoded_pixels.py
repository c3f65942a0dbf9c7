"""Compressed pixels that leave uncompressed, because something in them is burned."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from viewer.core.boxes import Box
from viewer.core.errors import PixelError
from viewer.dicom import tag as tags
from viewer.dicom.codecs.syntaxes import Coding, transfer_syntax
from viewer.dicom.deidentification import code_streams
from viewer.dicom.deidentification.burning import STATISTICS, Burner, burner_of
from viewer.dicom.deidentification.coded_frames import CodedFrames
from viewer.dicom.deidentification.pixel_outcome import PixelOutcome
from viewer.dicom.deidentification.stored_bits import bits_below
from viewer.dicom.encoding import EXPLICIT_UID
from viewer.dicom.frames import decoded_photometric

Samples = npt.NDArray[np.generic]
Marks = dict[int, tuple[str, Any] | None]

_LARGEST: Final = 0xFFFFFFFE
_MOST_BITS: Final = 1 << 28
_PHOTOMETRIC, _PLANAR, _HIGH_BIT = 0x00280004, 0x00280006, 0x00280102
_LOSSY, _METHOD = 0x00282110, 0x00282114
_METHODS: Final = {
    Coding.JPEG: "ISO_10918_1",
    Coding.JPEG_LS: "ISO_14495_1",
    Coding.JPEG_2000: "ISO_15444_1",
    Coding.HTJ2K: "ISO_15444_15",
    Coding.JPEG_XL: "ISO_18181_1",
}
"""Lossy Image Compression Method (0028,2114); PS3.3 C.7.6.1.1.5.1."""
_WAVELETS: Final = frozenset({Coding.JPEG_2000, Coding.HTJ2K})
"""Codings whose code streams say themselves whether they can be undone."""


def clean_decoded(frames: CodedFrames, boxes: Sequence[Box]) -> PixelOutcome:
    """Frames decoded, burned, and stored as they are.

    Raises
    ------
    PixelError
        If they are too large for that.
    """
    pixels = frames.pixels
    size = pixels.frame_pixels * pixels.samples * pixels.bits_allocated
    size = -(-size * len(frames.numbers) // 8)
    if size > _LARGEST or (pixels.bits_allocated == 1 and size > _MOST_BITS // 8):
        raise PixelError("The image is too large to be stored uncompressed.")
    colours = decoded_photometric(pixels)
    burner = burner_of(frames.opened, pixels, colours, boxes)
    header: Marks = lossy_marks(frames)
    if boxes:
        header |= STATISTICS
    if pixels.samples > 1:
        header |= {_PHOTOMETRIC: ("CS", colours), _PLANAR: ("US", 0)}
    if transfer_syntax(pixels.transfer_syntax_uid).coding in code_streams.KEPT:
        header[_HIGH_BIT] = ("US", pixels.bits_stored - 1)
    return PixelOutcome(
        tags.PIXEL_DATA,
        "OB" if pixels.bits_allocated <= 8 else "OW",
        size + size % 2,
        EXPLICIT_UID,
        _Decoded(frames, burner, size).pieces,
        header,
        burned=bool(boxes),
    )


def lossy_marks(frames: CodedFrames) -> Marks:
    """What has to say that something was lost, once the coding does not say it."""
    coding = transfer_syntax(frames.pixels.transfer_syntax_uid)
    data_set = frames.opened.data_set
    certain = bool(frames.index.lossy) or coding.coding not in _WAVELETS
    if coding.lossless or not certain:
        return {}
    marks: Marks = {_LOSSY: ("CS", "01")}
    if _METHOD not in data_set:
        marks[_METHOD] = ("CS", _METHODS[coding.coding])
    return marks


@dataclass(frozen=True, slots=True)
class _Decoded:
    frames: CodedFrames
    burner: Burner
    size: int

    def pieces(self) -> Iterator[bytes]:
        """Frame by frame, and an even end."""
        if self.frames.pixels.bits_allocated == 1:
            every = np.concatenate([cells.ravel() for cells in self._burned()])
            yield np.packbits(every != 0, bitorder="little").tobytes()
        else:
            for cells in self._burned():
                yield cells.astype(cells.dtype.newbyteorder("<"), copy=False).tobytes()
        yield bytes(self.size % 2)

    def _burned(self) -> Iterator[Samples]:
        pixels = self.frames.pixels
        kept = transfer_syntax(pixels.transfer_syntax_uid).coding in code_streams.KEPT
        low = 0 if kept else bits_below(pixels)
        for number in self.frames.numbers:
            cells = self.frames.cells(number)
            self.burner.burn(cells, number, low)
            yield cells
