"""Double pixels beyond what a float can hold once warned when they were shown."""

import numpy as np

from viewer.core.grayscale import Window
from viewer.core.image import FrameIndex, Image, PixelFormat, SampleKind
from viewer.core.view import View
from viewer.services.rendering import painter_of


def test_doubles_beyond_floats_are_shown_in_silence() -> None:
    values = np.array([[0.0, 1e300], [-1e300, 1.0]])
    kind = SampleKind.DOUBLE
    pixels = PixelFormat("1.2.840.10008.1.2.1", 2, 2, bits_allocated=64, kind=kind)
    painter = painter_of(values, Image(pixels, FrameIndex()), 1)

    painted = painter.native(Window(0.0, 1e299), View(zoom=1.0))

    assert painted[0, 1] == 255
    assert painted[1, 0] == 0
