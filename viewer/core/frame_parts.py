"""What the file keeps beside the pixels of a frame, brought for painting it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from viewer.core.color_profile import Convert
from viewer.core.overlay_plane import Bits

NO_PLANES: Mapping[int, Bits] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class FrameParts:
    """The overlay planes and colours of one frame.

    Attributes
    ----------
    overlays : mapping of int to numpy.ndarray
        Bits of each plane that lies on the frame, ``(rows, columns)`` of the plane,
        by group.
    to_screen : callable or None
        What the colours of the frame are on the screen; None if they stay as they are.
    missing : tuple of str
        What could not be brought, each as a short sentence for the picture's marks.
    """

    overlays: Mapping[int, Bits] = field(default_factory=lambda: NO_PLANES)
    to_screen: Convert | None = None
    missing: tuple[str, ...] = ()
