"""A coding that nobody knows once ended the thread that was to decode it, for good."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.services.frames_on_disk import VALUES, compressed
from viewer.core.errors import PixelError
from viewer.services.decoding import Decoding, FrameRef


def test_frames_are_decoded_after_any_number_of_unknown_ones(tmp_path: Path) -> None:
    good = compressed(tmp_path)
    pixels = replace(good.image.pixels, transfer_syntax_uid="1.2.3")
    odd = replace(good.image, pixels=pixels)
    with Decoding(lambda call: call(), threads=2) as decoding:
        for number in range(1, 5):
            with pytest.raises(PixelError):
                decoding.frame(FrameRef(good.path, odd, number))
        np.testing.assert_array_equal(decoding.frame(good), VALUES)
