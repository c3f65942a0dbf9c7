"""The image of one instance: pixels, grayscale, place and where its frames lie."""

from dataclasses import replace
from statistics import median
from typing import Final

from viewer.core.errors import UnreadableError
from viewer.core.grayscale import GrayscaleDisplay
from viewer.core.image import Fragment, Frame, FrameIndex, Image, PixelFormat
from viewer.dicom import tag as tags
from viewer.dicom.attributes import Attributes
from viewer.dicom.color_profile import to_profile
from viewer.dicom.encoding import UNDEFINED
from viewer.dicom.frame_index import index_frames
from viewer.dicom.image_frames import to_frames
from viewer.dicom.overlays import to_overlays
from viewer.dicom.palette import to_palette
from viewer.dicom.part10 import OpenFile
from viewer.dicom.pixels import to_pixel_format
from viewer.dicom.ultrasound_regions import to_regions
from viewer.dicom.wavelet import LOOKED_AT, is_irreversible

_MOST_RATIOS: Final = 32
_LOSSY_METHODS: Final = {
    "ISO_10918_1": "JPEG",
    "ISO_14495_1": "JPEG-LS",
    "ISO_15444_1": "JPEG 2000",
    "ISO_15444_15": "HTJ2K",
    "ISO_18181_1": "JPEG XL",
    "ISO_13818_2": "MPEG-2",
    "ISO_14496_10": "H.264",
    "ISO_23008_2": "HEVC",
}
"""Lossy Image Compression Method (0028,2114); PS3.3 C.7.6.1.1.5.1."""

_LOSSY_SYNTAXES: Final = {
    "1.2.840.10008.1.2.4.50": "JPEG",
    "1.2.840.10008.1.2.4.51": "JPEG",
    "1.2.840.10008.1.2.4.53": "JPEG",
    "1.2.840.10008.1.2.4.55": "JPEG",
    "1.2.840.10008.1.2.4.81": "JPEG-LS",
}
"""Syntaxes that are never lossless, so that a file that keeps quiet is marked too."""

_WAVELETS: Final = {
    f"1.2.840.10008.1.2.4.{suffix}": method
    for suffixes, method in (
        (("90", "91", "92", "93"), "JPEG 2000"),
        (("201", "202", "203"), "HTJ2K"),
    )
    for suffix in suffixes
}
"""Syntaxes whose code streams say themselves whether they can be undone."""


def to_image(opened: OpenFile) -> Image | None:
    """The image of an open file; None for an object without pixels to show."""
    pixels = to_pixel_format(opened)
    if pixels is None or opened.pixels is None:
        return None
    frames, displays = to_frames(opened.data_set, pixels)
    return assembled(opened, pixels, frames, displays, to_index(opened, pixels))


def assembled(
    opened: OpenFile,
    pixels: PixelFormat,
    frames: tuple[Frame, ...],
    displays: tuple[GrayscaleDisplay, ...],
    index: FrameIndex,
) -> Image:
    """The image, with what holds for all its frames."""
    data_set = opened.data_set
    return Image(
        pixels=pixels,
        index=index,
        displays=displays,
        frames=frames,
        palette=to_palette(
            data_set, pixels, supplemental=any(d.supplemental for d in displays)
        ),
        lossy=_lossy(data_set, pixels.transfer_syntax_uid),
        frame_time_ms=_frame_time(data_set) if pixels.frames > 1 else None,
        overlays=to_overlays(data_set, pixels),
        profile=to_profile(data_set, pixels),
        regions=to_regions(data_set, pixels),
        labels=_are_labels(data_set, pixels),
    )


def _are_labels(data_set: Attributes, pixels: PixelFormat) -> bool:
    """Whether values are numbers of segments; PS3.3 C.8.20.2, Segmentation Type.

    A binary mask of one bit has edges, but may be shrunk to greys.
    """
    kind = data_set.text(tags.SEGMENTATION_TYPE)
    return kind == "LABELMAP" or (kind == "BINARY" and pixels.bits_stored > 1)


def to_index(opened: OpenFile, pixels: PixelFormat) -> FrameIndex:
    """Where the bytes of each frame lie."""
    element, data_set = opened.pixels, opened.data_set
    if element is None:
        return FrameIndex()
    offsets = data_set.raw(tags.EXTENDED_OFFSET_TABLE, 8 * pixels.frames)
    table = memoryview(offsets[: len(offsets) & ~7]).cast("Q").tolist()
    index = index_frames(
        opened.file,
        pixels,
        element.offset,
        None if element.length == UNDEFINED else element.length,
        extended_offsets=table or None,
    )
    if element.length == UNDEFINED and index.fragments:
        _check_end(opened, index.fragments[-1][-1])
        method = _WAVELETS.get(pixels.transfer_syntax_uid)
        start, length = index.fragments[0][0]
        if method and is_irreversible(
            data_set.cutter.source.read(start, min(length, LOOKED_AT))
        ):
            return replace(index, lossy=method)
    return index


def _check_end(opened: OpenFile, last: Fragment) -> None:
    """Tell a file that lacks only its last delimiter from one that is cut short.

    Raises
    ------
    UnreadableError
        If the last fragment is shorter than its item says.
    """
    offset, length = last
    source = opened.data_set.cutter.source
    if source.read(offset + length, 8):
        return
    stated = int.from_bytes(source.read(offset - 4, 4), "little")
    if stated > length:
        raise UnreadableError(
            "The file ends in the middle of its pixel data.",
            hint="It may be only partly copied; fetch it again.",
        )
    opened.data_set.note("pixel data without its end")


def _lossy(data_set: Attributes, transfer_syntax_uid: str) -> str:
    """What the corner says of lossy compression; PS3.3 C.7.6.1.1.5."""
    coded = _LOSSY_SYNTAXES.get(transfer_syntax_uid, "")
    if data_set.text(tags.LOSSY_IMAGE_COMPRESSION) != "01":
        return f"lossy {coded}" if coded else ""
    ratios = [
        ratio
        for ratio in data_set.numbers(tags.LOSSY_IMAGE_COMPRESSION_RATIO)
        if ratio is not None
    ][:_MOST_RATIOS]
    methods = [
        _LOSSY_METHODS.get(method, method)
        for method in data_set.terms(tags.LOSSY_IMAGE_COMPRESSION_METHOD)
    ]
    words = ["lossy", ", ".join(f"{ratio:.3g}:1" for ratio in ratios)]
    words.append(", ".join(filter(None, methods)) or coded)
    return " ".join(filter(None, words))


def _frame_time(data_set: Attributes) -> float | None:
    """Milliseconds from one frame of a cine to the next; PS3.3 C.7.6.5."""
    stated = data_set.number(tags.FRAME_TIME)
    if stated is not None and stated > 0:
        return stated
    # The first entry of the vector is 0: nothing comes before the first frame.
    steps = [step for step in data_set.numbers(tags.FRAME_TIME_VECTOR) if step]
    if steps:
        return float(median(steps))
    for tag in (tags.RECOMMENDED_DISPLAY_FRAME_RATE, tags.CINE_RATE):
        rate = data_set.number(tag)
        if rate is not None and rate > 0:
            return 1000 / rate
    return None
