"""A damaged HTJ2K frame was shown as far as it could be decoded, without a word."""

import sys

import imagecodecs
import numpy as np
import pytest

from tests.dicom.code_streams import pixel_format
from viewer.core.errors import PixelError
from viewer.dicom.codecs.jpeg_2000 import decode_high_throughput, decode_smaller


def test_a_frame_that_cannot_be_decoded_to_its_end_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dice = np.random.default_rng(1)
    values = dice.integers(0, 4000, (64, 64), np.uint16)
    stream = bytes(imagecodecs.htj2k_encode(values, reversible=True))
    pixels = pixel_format(values, ".4.201", 16)
    smaller = pixel_format(values[::2, ::2], ".4.201", 16)
    printed: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", printed.append)
    monkeypatch.setattr(sys, "excepthook", lambda *told: printed.append(told))
    refused = 0
    for _ in range(300):
        spoiled = bytearray(stream)
        for place in dice.integers(60, len(stream) - 2, 3):
            spoiled[place] = dice.integers(256)
        try:
            decode_high_throughput(bytes(spoiled), pixels)
            decode_smaller(bytes(spoiled), smaller, 1)
        except (PixelError, RuntimeError):
            refused += 1
    assert refused > 30
    assert not printed
