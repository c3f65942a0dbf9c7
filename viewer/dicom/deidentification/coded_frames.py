"""The compressed frames of an open file, one after the other."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from viewer.core.errors import PixelError
from viewer.core.image import FrameIndex, PixelFormat
from viewer.dicom.codecs.stream import jpeg_header
from viewer.dicom.codecs.syntaxes import Coding, transfer_syntax
from viewer.dicom.deidentification import code_streams
from viewer.dicom.image import to_index
from viewer.dicom.part10 import OpenFile

Samples = npt.NDArray[np.generic]

_BY_PROCESS: Final = {0xC0: ".50", 0xC1: ".51", 0xC2: ".55"}


@dataclass(frozen=True, slots=True)
class CodedFrames:
    """The compressed frames of an open file.

    Attributes
    ----------
    opened : OpenFile
    pixels : PixelFormat
        Of the frames as they are given.
    index : FrameIndex
    packed : bool
        Whether each is a JPEG stream that lies in the file packed as JPEG XL.
    """

    opened: OpenFile
    pixels: PixelFormat
    index: FrameIndex
    packed: bool = False

    def encoded(self, number: int) -> bytes:
        """The code stream of frame `number`, counted from 1."""
        read = self.opened.data_set.cutter.source.read
        places = self.index.fragments[number - 1]
        stream = b"".join(read(offset, length) for offset, length in places)
        return _unpacked(stream) if self.packed else stream

    def cells(self, number: int) -> Samples:
        """Stored values of frame `number`; see `code_streams.cells`."""
        return code_streams.cells(self.encoded(number), self.pixels)

    @property
    def numbers(self) -> range:
        """Of the frames that there are, counted from 1."""
        return range(1, len(self.index.fragments) + 1)


def coded_frames(opened: OpenFile, pixels: PixelFormat) -> CodedFrames:
    """The compressed frames of an open file.

    Raises
    ------
    PixelError
        If they cannot be told apart.
    """
    index = to_index(opened, pixels)
    if index.reason or not index.fragments:
        raise PixelError(index.reason or "The file holds no frames.")
    frames = CodedFrames(opened, pixels, index)
    coding = transfer_syntax(pixels.transfer_syntax_uid).coding
    if coding is Coding.JPEG_XL_RECOMPRESSED:
        process = jpeg_header(_unpacked(frames.encoded(1))).process
        ending = _BY_PROCESS.get(process)
        if ending is None:
            raise PixelError("The JPEG within the JPEG XL is of a rare kind.")
        uid = "1.2.840.10008.1.2.4" + ending
        plain = replace(pixels, transfer_syntax_uid=uid)
        frames = replace(frames, pixels=plain, packed=True)
    return frames


def _unpacked(stream: bytes) -> bytes:
    from imagecodecs import JpegxlError, jpegxl_decode_jpeg  # noqa: PLC0415 - rare

    try:
        return bytes(jpegxl_decode_jpeg(stream, numthreads=1))
    except (JpegxlError, ValueError, RuntimeError) as error:
        raise PixelError("There is no JPEG within the JPEG XL.") from error
