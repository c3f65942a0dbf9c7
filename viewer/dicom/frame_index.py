"""Where in a file the bytes of each frame lie.

Only the eight bytes of each item header are read, and the first few of a fragment
where nothing else tells where a frame begins. What a file claims of itself (offset
tables, number of frames, lengths) is compared with what is there.
"""

import os
from collections.abc import Sequence
from itertools import pairwise
from struct import unpack, unpack_from
from typing import BinaryIO

from viewer.core.errors import PixelError
from viewer.core.image import MOST_FRAMES, Fragment, FrameIndex, PixelFormat
from viewer.dicom.codecs.native import frame_bits, halved_chroma
from viewer.dicom.codecs.registry import REFUSED
from viewer.dicom.codecs.syntaxes import Coding, transfer_syntax

_ITEM, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE0DD
_SPARE_FRAGMENTS = 1 << 16  # beyond 64 a frame; a 4 GiB frame in 64 KiB pieces fits
_MOST_FRAGMENTS = 1 << 19
_TABLE_LIMIT = 1 << 26  # bytes of a Basic Offset Table: 16 million frames

_Place = tuple[Fragment, ...]

# How a code stream begins: JPEG and JPEG-LS, JPEG 2000, JP2, JPEG XL, its container
_STARTS = (
    b"\xff\xd8\xff",
    b"\xff\x4f\xff\x51",
    b"\x00\x00\x00\x0cjP  ",
    b"\xff\x0a",
    b"\x00\x00\x00\x0cJXL ",
)


def index_frames(
    file: BinaryIO,
    pixels: PixelFormat,
    value_offset: int,
    value_length: int | None,
    *,
    extended_offsets: Sequence[int] | None = None,
) -> FrameIndex:
    """Find the frames of the pixel data element whose value begins at `value_offset`.

    Parameters
    ----------
    file : file
        Seekable; its position is changed.
    pixels : PixelFormat
    value_offset : int
        First byte of the value: of the first frame, or of the first item's tag.
    value_length : int or None
        None for an undefined length, that is for encapsulated frames.
    extended_offsets : sequence of int, optional
        Extended Offset Table (7FE0,0001).

    Returns
    -------
    FrameIndex
        With a reason instead of fragments where the frames cannot be told apart.

    References
    ----------
    PS3.5 8.1.1, 8.2 and Annex A.4; PS3.3 C.7.6.3.1.8.
    """
    try:
        coding = _coding_with_places(pixels)
        size = file.seek(0, os.SEEK_END)
        if coding is not Coding.NATIVE:
            return _encapsulated_index(
                file, pixels, value_offset, size, extended_offsets
            )
        if value_length is None:
            return FrameIndex(reason="The length of the pixel data is not stated.")
        return native_index(pixels, value_offset, value_length, size)
    except PixelError as error:
        return FrameIndex(reason=error.message)


def _coding_with_places(pixels: PixelFormat) -> Coding:
    coding = transfer_syntax(pixels.transfer_syntax_uid).coding
    if coding in REFUSED:
        raise PixelError(REFUSED[coding])
    if coding is Coding.DEFLATED_SET:
        raise PixelError("The whole file is deflated: no frame has a place of its own.")
    if pixels.frames < 1:
        raise PixelError("The file states no frames.")
    return coding


def _bound(frames: int) -> None:
    if frames > MOST_FRAMES:
        raise PixelError("The file holds more frames than this program can list.")


def native_index(
    pixels: PixelFormat, value_offset: int, value_length: int, size: int
) -> FrameIndex:
    """Frames one after the other, each of its computed length.

    Parameters
    ----------
    size : int
        Of the file: what is stated to lie beyond its end is not there.
    """
    present = max(min(value_length, size - value_offset), 0)
    bits = frame_bits(pixels)
    if halved_chroma(pixels) and 8 * present < bits * pixels.frames:
        bits = bits * 2 // 3
    count = min(pixels.frames, -(-8 * present // bits))
    _bound(count)
    swapped = pixels.word_swapped and pixels.bits_allocated == 8
    fragments, bit_offsets = [], []
    for frame in range(count):
        first, bit_offset = divmod(frame * bits, 8)
        if swapped and first % 2:
            first, bit_offset = first - 1, 8
        end = -(-(frame + 1) * bits // 8)
        end += end % 2 if swapped else 0
        fragments.append(((value_offset + first, min(end, present) - first),))
        bit_offsets.append(bit_offset)
    return FrameIndex(tuple(fragments), tuple(bit_offsets) if any(bit_offsets) else ())


def _encapsulated_index(
    file: BinaryIO,
    pixels: PixelFormat,
    value_offset: int,
    size: int,
    extended_offsets: Sequence[int] | None,
) -> FrameIndex:
    frame_bits(pixels)  # a header that describes no image has no frames
    most = min(64 * pixels.frames + _SPARE_FRAGMENTS, _MOST_FRAGMENTS)
    items = _items(file, value_offset, size, most)
    if not items:
        raise PixelError("There are no fragments where the pixels should be.")
    table, fragments = items[0], tuple(items[1:])
    if not fragments:
        raise PixelError("There are no fragments where the pixels should be.")
    for offsets in (_basic_offsets(file, table), extended_offsets or ()):
        places = _by_offsets(fragments, offsets, pixels.frames)
        if places:
            return FrameIndex(places)
    return FrameIndex(_by_content(file, fragments, pixels))


def _items(file: BinaryIO, position: int, size: int, most: int) -> list[Fragment]:
    """Walk the item headers up to the delimiter, or to the end of a cut file."""
    items: list[Fragment] = []
    while position + 8 <= size:
        file.seek(position)
        group, element, length = unpack("<HHI", file.read(8))
        tag = group << 16 | element
        if tag == _SEQUENCE_END:
            break
        if tag != _ITEM:
            if len(items) < 2:
                raise PixelError("There are no fragments where the pixels should be.")
            break  # the delimiter is missing; what came before is whole
        present = min(length, size - position - 8)
        items.append((position + 8, present))
        position += 8 + length
        if len(items) > most:
            raise PixelError("The pixels are cut into more pieces than can be true.")
    return items


def _basic_offsets(file: BinaryIO, table: Fragment) -> tuple[int, ...]:
    """Basic Offset Table, empty if it is empty or cannot be one."""
    offset, length = table
    if length % 4 or not 0 < length <= _TABLE_LIMIT:
        return ()
    file.seek(offset)
    return unpack(f"<{length // 4}I", file.read(length))


def _by_offsets(
    fragments: tuple[Fragment, ...], offsets: Sequence[int], frames: int
) -> tuple[_Place, ...]:
    """Frames as an offset table has them; empty if the table lies.

    Each offset must be that of an item header, counted from the first one.
    """
    if len(offsets) != frames or offsets[0] != 0:
        return ()
    start = fragments[0][0]
    numbers = {offset - start: number for number, (offset, _) in enumerate(fragments)}
    begins = [numbers.get(offset, -1) for offset in offsets]
    if -1 in begins or any(a >= b for a, b in pairwise(begins)):
        return ()
    return _cut(fragments, begins)


def _by_content(
    file: BinaryIO, fragments: tuple[Fragment, ...], pixels: PixelFormat
) -> tuple[_Place, ...]:
    """Frames without an offset table.

    Raises
    ------
    PixelError
        If nothing tells which fragments make a frame.
    """
    frames = pixels.frames
    if frames == 1:
        return (_without_excess(file, fragments, pixels),)
    if len(fragments) == frames:
        return tuple((fragment,) for fragment in fragments)
    begins = [n for n, f in enumerate(fragments) if _begins_frame(file, f, pixels)]
    if (
        begins
        and begins[0] == 0
        and (len(begins) == frames or len(begins) == len(fragments))
    ):
        return _cut(fragments, begins)[:frames]  # it may state fewer, or hold fewer
    raise PixelError("Nothing in the file tells which fragments make a frame.")


def _without_excess(
    file: BinaryIO, fragments: tuple[Fragment, ...], pixels: PixelFormat
) -> _Place:
    """The fragments of the only frame: all, unless each is an image of its own."""
    if len(fragments) > 1 and all(_begins_frame(file, f, pixels) for f in fragments):
        return fragments[:1]
    return fragments


def _begins_frame(file: BinaryIO, fragment: Fragment, pixels: PixelFormat) -> bool:
    offset, length = fragment
    file.seek(offset)
    head = file.read(min(length, 64))
    coding = transfer_syntax(pixels.transfer_syntax_uid).coding
    if coding is Coding.RLE:
        return _is_rle_header(head, length)
    if coding in (Coding.ENCAPSULATED, Coding.DEFLATED_FRAME):
        return True  # always one fragment each, PS3.5 A.4.11 and A.4.13
    return head.startswith(_STARTS)


def _is_rle_header(head: bytes, length: int) -> bool:
    if len(head) < 64:
        return False
    count, *offsets = unpack_from("<16I", head)
    used, unused = offsets[:count], offsets[count:]
    return (
        1 <= count <= 15
        and used[0] == 64
        and all(a <= b for a, b in pairwise([*used, length]))
        and not any(unused)
    )


def _cut(fragments: tuple[Fragment, ...], begins: Sequence[int]) -> tuple[_Place, ...]:
    bounds = [*begins, len(fragments)]
    return tuple(fragments[a:b] for a, b in pairwise(bounds))
