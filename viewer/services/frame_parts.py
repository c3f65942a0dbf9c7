"""Bring what a file keeps beside the pixels of a frame: overlay planes, its profile.

Each lies at a place of the file, like a frame, and so comes the same way: by the
threads and workers of `Decoding`, into the same cache, never on the GUI thread.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from viewer.core.errors import ViewerError
from viewer.core.frame_parts import FrameParts
from viewer.core.image import FrameIndex, Image, PixelFormat, is_coloured
from viewer.core.overlay_plane import Bits, OverlayPlane
from viewer.dicom.encoding import EXPLICIT_UID
from viewer.services.decoding import Decoding
from viewer.services.frame_ref import FrameRef
from viewer.services.screen_colors import Conversions

Decoded = npt.NDArray[np.generic]
Brought = Mapping[str, Decoded | ViewerError]
"""By the name of the part: what came, or why not."""

PROFILE = "profile"
_SRGB = Conversions()


def part_refs(ref: FrameRef) -> dict[str, FrameRef]:
    """What to ask the decoder for beside the frame itself, by name; mostly nothing."""
    refs = {}
    for plane in ref.image.overlays:
        if not plane.reason and plane.frame_on(ref.number) is not None:
            refs[_name(plane)] = _plane_ref(ref, plane)
    profile = ref.image.profile
    if profile is not None and not profile.held:
        held = _bytes_at(profile.offset, profile.length)
        refs[PROFILE] = replace(ref, image=held, number=1, part=PROFILE)
    return refs


def to_parts(
    ref: FrameRef, brought: Brought, colors: Conversions = _SRGB
) -> FrameParts:
    """The parts of a frame from what was brought for it, for a screen's colours."""
    overlays: dict[int, Bits] = {}
    missing = []
    for plane in ref.image.overlays:
        frame = plane.frame_on(ref.number)
        if frame is None:
            continue
        came = brought.get(_name(plane))
        if isinstance(came, np.ndarray):
            overlays[plane.group] = _bits(plane, came, frame)
        else:
            reason = plane.reason or "it cannot be read"
            missing.append(f"an overlay is not shown: {reason}")
    convert, profile = None, profile_of(ref.image, brought)
    if profile is None:
        missing.append("the colour profile cannot be read")
    elif is_coloured(ref.image):
        convert = colors.conversion(profile)
    return FrameParts(overlays, convert, tuple(missing))


def profile_of(image: Image, brought: Brought) -> bytes | None:
    """What its colours are in, empty for sRGB; None where that could not be read."""
    if image.profile is None:
        return b""
    if image.profile.held:
        return image.profile.held
    came = brought.get(PROFILE)
    return came.tobytes() if isinstance(came, np.ndarray) else None


def parts_of(ref: FrameRef, decoding: Decoding) -> FrameParts:
    """The parts of a frame; waits for them. Not for the GUI thread."""
    brought: dict[str, Decoded | ViewerError] = {}
    for name, wanted in part_refs(ref).items():
        try:
            brought[name] = decoding.frame(wanted)
        except ViewerError as error:
            brought[name] = error
    return to_parts(ref, brought)


def _name(plane: OverlayPlane) -> str:
    return f"overlay {plane.group:x}"


def _plane_ref(ref: FrameRef, plane: OverlayPlane) -> FrameRef:
    """A plane of its own is bytes; an embedded one is a frame of one other bit."""
    if plane.bit is None:
        held = _bytes_at(plane.offset, plane.length, swapped=plane.swapped)
        return replace(ref, image=held, number=1, part=_name(plane))
    pixels = replace(ref.image.pixels, bits_stored=1, high_bit=plane.bit, signed=False)
    return replace(ref, image=replace(ref.image, pixels=pixels), part=_name(plane))


def _bytes_at(offset: int, length: int, *, swapped: bool = False) -> Image:
    """Bytes of a file as a row of pixels."""
    pixels = PixelFormat(
        EXPLICIT_UID,
        rows=1,
        columns=length,
        bits_allocated=8,
        bits_stored=8,
        high_bit=7,
        word_swapped=swapped,
    )
    return Image(pixels, FrameIndex(fragments=(((offset, length),),)))


def _bits(plane: OverlayPlane, decoded: Decoded, frame: int) -> Bits:
    if plane.bit is None:
        return plane.bits(decoded.ravel().view(np.uint8), frame)
    return decoded.astype(np.bool_)
