"""Compressed pixels on their way out, frame by frame.

What was compressed without loss stays so, in its own coding, and frames in which
nothing is burned keep their coded data. What was compressed with loss and is burned is
decoded and stored without loss, with all its frames: as it was decoded, it stays.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from viewer.core.boxes import Box
from viewer.core.image import PixelFormat
from viewer.dicom import tag as tags
from viewer.dicom.codecs.syntaxes import Coding, transfer_syntax
from viewer.dicom.deidentification import code_streams, lossless_coding
from viewer.dicom.deidentification.burning import STATISTICS, burner_of
from viewer.dicom.deidentification.coded_frames import CodedFrames, coded_frames
from viewer.dicom.deidentification.decoded_pixels import clean_decoded, lossy_marks
from viewer.dicom.deidentification.fragments import Fragments
from viewer.dicom.deidentification.pixel_outcome import Header, PixelOutcome
from viewer.dicom.deidentification.stored_bits import bits_below
from viewer.dicom.frames import decoded_photometric
from viewer.dicom.part10 import OpenFile

Samples = npt.NDArray[np.generic]

_PHOTOMETRIC, _PLANAR = 0x00280004, 0x00280006
_INTERLEAVED: Final = frozenset(
    {Coding.JPEG_LOSSLESS, Coding.JPEG_LS, Coding.JPEG_2000, Coding.HTJ2K}
)


def clean_coded(
    opened: OpenFile, pixels: PixelFormat, boxes: Sequence[Box]
) -> PixelOutcome:
    """Compressed pixels as they may leave.

    Raises
    ------
    PixelError, UnreadableError
        If they cannot be cleaned with certainty.
    """
    frames = coded_frames(opened, pixels)
    coding = transfer_syntax(frames.pixels.transfer_syntax_uid).coding
    kept = not boxes and coding in code_streams.KEPT
    try:
        if kept:
            return _as_coded(frames)
        if lossless_coding.lossless_uid(frames.pixels):
            return _coded_again(frames, boxes)
    except lossless_coding.NoCoderError:
        pass  # what cannot be coded can still be stored as it is
    return clean_decoded(frames, boxes)


def _as_coded(frames: CodedFrames) -> PixelOutcome:
    fragments = Fragments()
    for number in frames.numbers:
        fragments.add(code_streams.cleaned(frames.encoded(number), frames.pixels))
    return _outcome(fragments, frames.pixels.transfer_syntax_uid)


def _coded_again(frames: CodedFrames, boxes: Sequence[Box]) -> PixelOutcome:
    """Frames with their boxes burned, in a coding without loss.

    Raises
    ------
    NoCoderError
        If that coding has no room for them.
    """
    pixels, opened = frames.pixels, frames.opened
    stated = transfer_syntax(pixels.transfer_syntax_uid)
    uid = lossless_coding.lossless_uid(pixels)
    colours = decoded_photometric(pixels)
    again = replace(pixels, transfer_syntax_uid=uid)
    if pixels.samples > 1:
        colours = lossless_coding.photometric(pixels, colours)
        again = replace(again, photometric=colours)
    burner = burner_of(opened, pixels, decoded_photometric(pixels), boxes)
    keeps = stated.coding in code_streams.KEPT and stated.lossless
    low = bits_below(pixels) if stated.coding not in code_streams.KEPT else 0
    fragments = Fragments()
    for number in frames.numbers:
        if keeps and not burner.lies_in(number):
            stream = code_streams.cleaned(frames.encoded(number), pixels)
        else:
            cells = frames.cells(number)
            burner.burn(cells, number, low)
            stream = _proven(cells, again)
        fragments.add(stream)
    header: dict[int, tuple[str, object] | None] = {}
    if boxes:
        header |= STATISTICS
    if uid != stated.uid:
        header |= lossy_marks(frames)
    if pixels.samples > 1:
        header[_PHOTOMETRIC] = ("CS", colours)
        if stated.coding in _INTERLEAVED:
            header[_PLANAR] = ("US", 0)
    return _outcome(fragments, uid, header, burned=bool(boxes))


def _proven(cells: Samples, pixels: PixelFormat) -> bytes:
    """The frame coded without loss, and found to be so.

    Raises
    ------
    NoCoderError
    """
    stream = lossless_coding.encoded(cells, pixels)
    if not np.array_equal(code_streams.cells(stream, pixels), cells):
        raise lossless_coding.NoCoderError("What was coded is not what comes back.")
    return stream


def _outcome(
    fragments: Fragments,
    uid: str,
    header: Header | None = None,
    *,
    burned: bool = False,
) -> PixelOutcome:
    return PixelOutcome(
        tags.PIXEL_DATA,
        "OB",
        None,
        uid,
        fragments.pieces,
        {**(header or {}), **fragments.header},
        burned=burned,
    )
