"""Shutter and overlay keep to the image, however it is turned, zoomed or moved."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viewer.core.frame_parts import FrameParts
from viewer.core.grayscale import Window
from viewer.core.image import Frame, Image, PixelFormat
from viewer.core.overlay_plane import Bits, OverlayPlane, laid_on
from viewer.core.render import CUT, MISSED, FramePainter
from viewer.core.shutter import Shutter
from viewer.core.view import View

ROWS, COLUMNS = 9, 14
GREYS = np.arange(ROWS * COLUMNS, dtype=np.uint8).reshape(ROWS, COLUMNS) + 60
WINDOW = Window(128, 256)
SHUTTER = Shutter(rectangle=(3, 12, 2, 7), grey=17)
BITS: Bits = np.random.default_rng(1).random((ROWS, COLUMNS)) < 0.3
ORIENTATIONS = [View(turns=t, mirrored=m) for t in range(4) for m in (False, True)]


def painter() -> FramePainter:
    pixels = PixelFormat(
        "1.2.840.10008.1.2.1",
        ROWS,
        COLUMNS,
        bits_allocated=8,
        bits_stored=8,
        high_bit=7,
    )
    plane = OverlayPlane(0x6000, ROWS, COLUMNS, length=1)
    image = Image(pixels, frames=(Frame(shutter=SHUTTER),), overlays=(plane,))
    parts = FrameParts({0x6000: BITS})
    return FramePainter(GREYS, image, 1, "MONOCHROME2", parts)


@pytest.mark.parametrize("view", ORIENTATIONS, ids=range(8))
@pytest.mark.parametrize("zoom", [1, 2, 3])
def test_layers_turn_with_the_image(view: View, zoom: int) -> None:
    upright = painter().native(WINDOW)
    turned = np.rot90(upright[:, ::-1] if view.mirrored else upright, -view.turns)
    size = (turned.shape[1] * zoom, turned.shape[0] * zoom)
    shown = painter().paint(view, size, WINDOW)
    wanted = turned.repeat(zoom, axis=0).repeat(zoom, axis=1)
    layers = (wanted == 255) | (wanted == SHUTTER.grey)
    assert np.array_equal((shown == 255) | (shown == SHUTTER.grey), layers)
    assert np.array_equal(shown[layers], wanted[layers])
    if zoom == 1:
        assert np.array_equal(shown, wanted)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(ORIENTATIONS),
    st.floats(0.3, 6),
    st.tuples(st.floats(0, COLUMNS - 1), st.floats(0, ROWS - 1)),
)
def test_a_device_pixel_has_the_layer_of_the_pixel_under_it(
    view: View, zoom: float, center: tuple[float, float]
) -> None:
    view = View(zoom, center, view.turns, view.mirrored, overlaid=False)
    size = (23, 17)
    source = painter()
    shown, transform = source.paint(view, size, WINDOW), source.transform(view, size)
    covered = SHUTTER.covered(GREYS.shape)
    for y in range(size[1]):
        for x in range(size[0]):
            column, row = transform.to_image((x + 0.5, y + 0.5))
            near = min(abs((v + 0.5) % 1 - 0.5) for v in (column + 0.5, row + 0.5))
            place = transform.pixel_at((x + 0.5, y + 0.5))
            if place is not None and near > 1e-6:
                hidden = covered[place[1], place[0]]
                assert (shown[y, x] == SHUTTER.grey) == hidden


def test_switching_paints_what_is_left() -> None:
    source = painter()
    plain = source.native(WINDOW, View(overlaid=False, shuttered=False))
    assert not (plain == SHUTTER.grey).any()
    assert not (plain == 255).any()
    drawn = source.native(WINDOW, View(shuttered=False))
    assert np.array_equal(drawn, np.where(BITS, 255, plain))
    covered = source.native(WINDOW, View(overlaid=False))
    hidden = SHUTTER.covered(GREYS.shape)
    assert np.array_equal(covered, np.where(hidden, SHUTTER.grey, plain))


def test_inverting_leaves_shutter_and_overlay_alone() -> None:
    inverted = painter().native(WINDOW, View(inverted=True))
    assert (inverted[BITS] == 255).all()
    assert (inverted[0][~BITS[0]] == SHUTTER.grey).all()


def test_the_picture_is_the_same_after_a_native_one_in_between() -> None:
    source, view, size = painter(), View(turns=1), (40, 30)
    first = source.paint(view, size, WINDOW)
    source.native(WINDOW)
    assert np.array_equal(source.paint(view, size, WINDOW), first)


@given(st.integers(-20, 20), st.integers(-20, 20))
def test_a_plane_is_cut_at_the_edges_of_the_image(column: int, row: int) -> None:
    plane = OverlayPlane(0x6000, 4, 5, place=(column, row))
    bits: Bits = np.arange(20).reshape(4, 5) % 3 == 0
    sheet = laid_on((ROWS, COLUMNS), [(plane, bits)])
    for y, x in np.ndindex(ROWS, COLUMNS):
        inside = 0 <= y - row < 4 and 0 <= x - column < 5
        assert sheet[y, x] == (inside and bits[y - row, x - column])


@pytest.mark.parametrize(
    ("window", "missed"),
    [
        (Window(128, 256), False),
        (Window(30, 40), True),
        (Window(1000, 300), True),
        (Window(61, 4), False),
    ],
)
def test_a_window_beside_all_values_is_said_to_miss(
    window: Window, *, missed: bool
) -> None:
    assert (MISSED in painter().marks(window)) == missed
    assert painter().ends == (60.0, 60.0 + ROWS * COLUMNS - 1)


def test_a_window_without_greys_is_said_to_cut() -> None:
    assert painter().marks(Window(70, 1)) == (CUT,)
    assert painter().marks(Window(70, 2)) == ()
