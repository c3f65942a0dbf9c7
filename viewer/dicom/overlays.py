"""Where the overlay planes of a file are; PS3.3 C.9.2."""

from dataclasses import replace

from viewer.core.image import PixelFormat, SampleKind
from viewer.core.overlay_plane import OverlayPlane
from viewer.dicom import tag as tags
from viewer.dicom.attributes import Attributes
from viewer.dicom.codecs.syntaxes import SYNTAXES, Coding
from viewer.dicom.encoding import DEFLATED_UID, UNDEFINED

_BAD_OVERLAY = "an overlay plane that cannot be read"
_LARGEST = 1 << 28  # pixels of one frame; a scanned film has 40 million
_WHOLE_CELLS = frozenset(
    {
        Coding.NATIVE,
        Coding.DEFLATED_SET,
        Coding.ENCAPSULATED,
        Coding.DEFLATED_FRAME,
        Coding.RLE,
    }
)
"""Codings that keep every bit of a pixel cell, also those above the samples."""


def to_overlays(data_set: Attributes, pixels: PixelFormat) -> tuple[OverlayPlane, ...]:
    """Every overlay plane that there is; one that cannot be shown says why."""
    elements = data_set.elements
    # Asked of every file, and mostly for nothing.
    groups = [
        group
        for group in tags.OVERLAY_GROUPS
        if group << 16 | tags.OVERLAY_ROWS in elements
        or group << 16 | tags.OVERLAY_DATA in elements
    ]
    planes = (_plane(data_set, pixels, group) for group in groups)
    return tuple(plane for plane in planes if plane is not None)


def _plane(
    data_set: Attributes, pixels: PixelFormat, group: int
) -> OverlayPlane | None:
    base = group << 16
    rows = _whole(data_set, base | tags.OVERLAY_ROWS)
    columns = _whole(data_set, base | tags.OVERLAY_COLUMNS)
    data = base | tags.OVERLAY_DATA
    if not rows and not columns and data not in data_set:
        return None
    frames = data_set.integer(base | tags.NUMBER_OF_FRAMES_IN_OVERLAY)
    origin = data_set.numbers(base | tags.OVERLAY_ORIGIN, "SS")
    known = (1.0 if value is None else value for value in (*origin, 1.0, 1.0)[:2])
    row, column = known
    plane = OverlayPlane(
        group,
        rows,
        columns,
        max(frames or 1, 1),
        (int(column) - 1, int(row) - 1),
        _first_frame(data_set, base, frames, pixels),
        region=data_set.text(base | tags.OVERLAY_TYPE) == "R",
        name=_name(data_set, base),
    )
    if data in data_set:
        return _with_bytes(data_set, plane, data, pixels)
    return _embedded(data_set, plane, pixels)


def _first_frame(
    data_set: Attributes, base: int, frames: int | None, pixels: PixelFormat
) -> int | None:
    """Which frame it begins on; without number and origin it lies on all of them."""
    origin = _whole(data_set, base | tags.IMAGE_FRAME_ORIGIN)
    if pixels.frames == 1 or (not origin and (frames or 0) <= 1):
        return None
    return max(origin, 1)


def _with_bytes(
    data_set: Attributes, plane: OverlayPlane, tag: int, pixels: PixelFormat
) -> OverlayPlane:
    element = data_set.elements[tag]
    needed = (plane.rows * plane.columns * plane.frames + 7) // 8
    if not 0 < plane.rows * plane.columns <= _LARGEST:
        data_set.note(_BAD_OVERLAY)
        return replace(plane, reason="its size is impossible")
    if element.length == UNDEFINED or element.length < needed:
        data_set.note(_BAD_OVERLAY)
        return replace(plane, reason="it holds less than it states")
    if pixels.transfer_syntax_uid == DEFLATED_UID:
        return replace(plane, reason="its file is deflated")
    swapped = not element.encoding.little and element.vr != "OB"
    return replace(
        plane,
        offset=element.offset,
        length=needed + (needed % 2 if swapped else 0),
        swapped=swapped,
    )


def _embedded(
    data_set: Attributes, plane: OverlayPlane, pixels: PixelFormat
) -> OverlayPlane | None:
    """A plane in unused bits of the pixel cells; retired, and still met."""
    bit = _whole(data_set, plane.group << 16 | tags.OVERLAY_BIT_POSITION)
    lowest = pixels.high_bit - pixels.bits_stored + 1
    used = lowest <= bit <= pixels.high_bit
    whole = pixels.kind is SampleKind.INTEGER and pixels.samples == 1
    if used or bit >= pixels.bits_allocated or not whole:
        data_set.note("an overlay plane without bits")
        return None  # a description only, as scanners leave it behind
    syntax = SYNTAXES.get(pixels.transfer_syntax_uid)
    plane = replace(
        plane, rows=pixels.rows, columns=pixels.columns, place=(0, 0), first_frame=None
    )
    if syntax is None or syntax.coding not in _WHOLE_CELLS:
        return replace(plane, reason="compression has taken its bits")
    return replace(plane, bit=bit)


def _name(data_set: Attributes, base: int) -> str:
    for tag in (tags.OVERLAY_LABEL, tags.OVERLAY_DESCRIPTION, tags.OVERLAY_SUBTYPE):
        name = data_set.text(base | tag)
        if name:
            return name
    return ""


def _whole(data_set: Attributes, tag: int) -> int:
    return int(next(iter(data_set.numbers(tag, "US")), None) or 0)
