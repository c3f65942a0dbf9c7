"""What the file keeps beside the pixels of a frame, brought for painting it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from viewer.core.overlay_plane import Bits

RGB = npt.NDArray[np.uint8]
NO_PLANES: Mapping[int, Bits] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class FrameParts:
    """The overlay planes and colours of one frame.

    Attributes
    ----------
    overlays : mapping of int to numpy.ndarray
        Bits of each plane that lies on the frame, ``(rows, columns)`` of the plane,
        by group.
    to_srgb : callable or None
        What the colours of the frame are on the screen; None if they are sRGB.
    missing : tuple of str
        What could not be brought, each as a short sentence for the picture's marks.
    """

    overlays: Mapping[int, Bits] = field(default_factory=lambda: NO_PLANES)
    to_srgb: Callable[[RGB], RGB] | None = None
    missing: tuple[str, ...] = ()
