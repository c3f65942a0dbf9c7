"""What is written into a window is the picture, and no more of it than asked."""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.test_render import image_of
from viewer.core.grayscale import GrayscaleDisplay, Padding, Rescale, Window
from viewer.core.render import FramePainter
from viewer.core.resampling import Words
from viewer.core.shutter import Shutter
from viewer.core.view import View

SIZE = (40, 30)
WINDOW = Window(100, 900)
UNTOUCHED = 0x12345678
RNG = np.random.default_rng(5)


def _painter(kind: str) -> FramePainter:
    stored: npt.NDArray[Any] = RNG.integers(-500, 900, (23, 31)).astype(np.int16)
    display = GrayscaleDisplay(rescale=Rescale(1.0, -7.0))
    photometric = "MONOCHROME2"
    if kind == "padded":
        display = replace(display, padding=Padding(-500, 0))
    if kind == "floats":
        stored = stored.astype(np.float32) / 3
    if kind == "colours":
        stored = RNG.integers(0, 256, (23, 31, 3)).astype(np.uint8)
        photometric = "RGB"
    image = image_of(stored, display, photometric)
    if kind == "shuttered":
        shutter = Shutter(grey=77, rectangle=(4, 5, 20, 25))
        image = replace(image, frames=(replace(image.frames[0], shutter=shutter),))
    return FramePainter(stored, image, 1, photometric)


def _samples(words: Words) -> npt.NDArray[np.uint8]:
    """Red, green and blue."""
    return words.view(np.uint8).reshape(*words.shape, 4)[..., 2::-1]


KINDS = ["greys", "padded", "floats", "colours", "shuttered"]
edges = st.tuples(st.integers(0, 40), st.integers(0, 40))
VIEWS = [
    View(),
    View(turns=1, inverted=True),
    View(zoom=0.4),
    View(zoom=2.5, center=(3.0, 2.0), mirrored=True),
]


@pytest.mark.parametrize("kind", KINDS)
@given(edges, edges, st.sampled_from(VIEWS))
def test_a_part_is_written_as_it_is_painted_and_nothing_beside_it(
    kind: str, across: tuple[int, int], down: tuple[int, int], view: View
) -> None:
    painter = _painter(kind)
    meant = painter.paint(view, SIZE, WINDOW)
    if meant.ndim == 2:
        meant = np.repeat(meant[..., None], 3, axis=2)
    (left, right), (top, bottom) = sorted(across), sorted(min(y, 30) for y in down)
    words = np.full((SIZE[1], SIZE[0]), UNTOUCHED, np.int32)
    laid = painter.lay(words, (left, top, right, bottom), view, WINDOW)
    inside = np.zeros(words.shape, bool)
    inside[laid[1] : laid[3], laid[0] : laid[2]] = True
    assert (words[~inside] == UNTOUCHED).all()
    np.testing.assert_array_equal(_samples(words)[inside], meant[inside])
    asked = np.zeros(words.shape, bool)
    asked[top:bottom, left:right] = True
    assert not (inside & ~asked).any()
    assert not meant[asked & ~inside].any()  # what is left to paint is black


def test_slices_of_other_ranges_are_each_shown_by_their_own_values() -> None:
    for low, high in ((0, 4000), (-1024, 3000), (5, 1500), (60_000, 65_535)):
        kind = np.int16 if low < 0 else np.uint16
        stored = np.linspace(low, high, 600).astype(kind).reshape(20, 30)
        window = Window((low + high) / 2, high - low)
        painter = FramePainter(stored, image_of(stored), 1, "MONOCHROME2")
        meant = painter.native(window)
        words = np.zeros((20, 30), np.int32)
        painter.lay(words, (0, 0, 30, 20), View(zoom=1.0), window)
        np.testing.assert_array_equal(_samples(words)[..., 0], meant)
        x = stored.astype(float)
        y = ((x - (window.center - 0.5)) / (window.width - 1) + 0.5) * 255
        expected = np.floor(np.clip(y, 0, 255) + 0.5)
        assert np.abs(meant - expected).max() <= 1
