"""What comes out of FramePainter: exact where it must be, true everywhere."""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from viewer.core.errors import PixelError
from viewer.core.grayscale import (
    GrayscaleDisplay,
    LookupTable,
    Padding,
    Rescale,
    Window,
    WindowFunction,
)
from viewer.core.image import Frame, Image, PixelFormat, SampleKind
from viewer.core.modality import modality_values
from viewer.core.render import FramePainter
from viewer.core.view import View
from viewer.core.voi import to_grey

Array = npt.NDArray[Any]
LITTLE_ENDIAN = "1.2.840.10008.1.2.1"


def image_of(
    stored: Array,
    display: GrayscaleDisplay | None = None,
    photometric: str = "MONOCHROME2",
    aspect: tuple[int, int] = (1, 1),
) -> Image:
    bits = stored.dtype.itemsize * 8
    pixels = PixelFormat(
        LITTLE_ENDIAN,
        stored.shape[0],
        stored.shape[1],
        samples=1 if stored.ndim == 2 else 3,
        photometric=photometric,
        bits_allocated=bits,
        bits_stored=bits,
        high_bit=bits - 1,
        signed=stored.dtype.kind == "i",
        kind=SampleKind.FLOAT if stored.dtype.kind == "f" else SampleKind.INTEGER,
    )
    return Image(
        pixels,
        displays=(display or GrayscaleDisplay(),),
        frames=(Frame(aspect=aspect),),
    )


def painter_of(stored: Array, display: GrayscaleDisplay | None = None) -> FramePainter:
    return FramePainter(stored, image_of(stored, display), 1, "MONOCHROME2")


WINDOW = Window(100, 300)
NATIVE = View(zoom=1.0)
kinds = st.sampled_from(
    [
        np.uint8,
        np.int8,
        np.uint16,
        np.int16,
        np.uint32,
        np.int32,
        np.float32,
        np.float64,
    ]
)


@st.composite
def frames(draw: st.DrawFn) -> Array:
    """Small frames of every kind, with all values the kind has."""
    kind = np.dtype(draw(kinds))
    shape = draw(st.tuples(st.integers(1, 12), st.integers(1, 12)))
    if kind.kind == "f":
        values = st.floats(-1e6, 1e6, width=32) | st.sampled_from(
            [np.inf, -np.inf, np.nan]
        )
        return draw(arrays.arrays(kind, shape, elements=values))
    return draw(arrays.arrays(kind, shape))


@given(
    stored=frames(),
    rescale=st.sampled_from([Rescale(), Rescale(2.5, -1024), Rescale(-1, 7)]),
    function=st.sampled_from(list(WindowFunction)),
    inverted=st.booleans(),
)
def test_one_to_one_is_the_formula_of_each_pixel(
    *, stored: Array, rescale: Rescale, function: WindowFunction, inverted: bool
) -> None:
    display = GrayscaleDisplay(rescale=rescale, inverse=True)
    voi = Window(100, 300, function)
    rows, columns = stored.shape
    view = View(zoom=1.0, inverted=inverted)
    shown = painter_of(stored, display).paint(view, (columns, rows), voi)
    expected = to_grey(modality_values(stored, display), voi, inverse=not inverted)
    if stored.dtype.kind == "f":
        expected[~np.isfinite(stored)] = 0
    assert np.array_equal(shown, expected)
    assert np.array_equal(
        painter_of(stored, display).native(voi, View(inverted=inverted)), expected
    )


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("turns", range(4))
def test_every_orientation_is_the_turned_array(turns: int, *, mirrored: bool) -> None:
    stored = np.arange(35, dtype=np.int16).reshape(5, 7) * 9
    upright = to_grey(stored, WINDOW)
    expected = np.rot90(upright[:, ::-1] if mirrored else upright, -turns)
    view = View(zoom=1.0, turns=turns, mirrored=mirrored)
    height, width = expected.shape
    painter = painter_of(stored)
    assert np.array_equal(painter.paint(view, (width, height), WINDOW), expected)


@settings(deadline=None)
@given(
    turns=st.integers(0, 3),
    mirrored=st.booleans(),
    zoom=st.floats(0.3, 6),
    center=st.tuples(st.floats(-5, 70), st.floats(-5, 50)),
)
def test_what_the_transform_says_is_where_the_picture_is(
    *, turns: int, mirrored: bool, zoom: float, center: tuple[float, float]
) -> None:
    """A bright block is found where its centre is said to be, in all orientations."""
    stored = np.zeros((45, 64), dtype=np.uint16)
    stored[10:19, 40:49] = 1000
    view = View(zoom, center, turns, mirrored)
    painter, size = painter_of(stored), (150, 130)
    shown = painter.paint(view, size, Window(500.5, 1001)).astype(float)
    transform = painter.transform(view, size)
    corners = [transform.to_viewport(p) for p in ((39.5, 9.5), (48.5, 18.5))]
    (x0, x1), (y0, y1) = (sorted(axis) for axis in zip(*corners, strict=True))
    if x0 < 3 or y0 < 3 or x1 > size[0] - 3 or y1 > size[1] - 3:
        return  # partly outside the viewport
    ys, xs = np.mgrid[: size[1], : size[0]] + 0.5
    total = shown.sum()
    found = (xs * shown).sum() / total, (ys * shown).sum() / total
    assert found == pytest.approx(((x0 + x1) / 2, (y0 + y1) / 2), abs=0.15)


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("inverse", [False, True])
def test_beside_the_image_it_is_black_whatever_is_inverted(
    *, inverse: bool, inverted: bool
) -> None:
    stored = np.full((4, 4), 100, dtype=np.int16)
    painter = painter_of(stored, GrayscaleDisplay(inverse=inverse))
    shown = painter.paint(View(zoom=1.0, inverted=inverted), (10, 8), WINDOW)
    inside = np.zeros((8, 10), dtype=bool)
    inside[2:6, 3:7] = True
    assert (shown[~inside] == 0).all()
    assert (shown[inside] == shown[3, 4]).all()
    assert shown[3, 4] > 0


def test_two_inversions_are_none() -> None:
    stored = np.arange(64, dtype=np.int16).reshape(8, 8)
    twice = painter_of(stored, GrayscaleDisplay(inverse=True))
    shown = twice.paint(View(zoom=1.0, inverted=True), (8, 8), WINDOW)
    assert np.array_equal(shown, painter_of(stored).paint(NATIVE, (8, 8), WINDOW))


@pytest.mark.parametrize("zoom", [0.37, 0.5, 1.0, 2.3, 8.0])
@pytest.mark.parametrize("kind", [np.int16, np.float32])
def test_padding_is_black_and_does_not_bleed(
    zoom: float, kind: type[np.generic]
) -> None:
    stored = np.full((40, 40), 50, dtype=kind)
    stored[:, :20] = -2000
    display = GrayscaleDisplay(inverse=True, padding=Padding(-2000, -2000))
    painter = painter_of(stored, display)
    shown = painter.paint(View(zoom=zoom), (400, 400), Window(0, 5000))
    level = int(to_grey(np.array([50]), Window(0, 5000), inverse=True)[0])
    assert set(np.unique(shown).tolist()) == {0, level}
    # half of the image is there: no more and no less
    width, height = painter.transform(View(zoom=zoom), (400, 400)).shown_size
    assert (shown == level).sum() == pytest.approx(width * height / 2, abs=height)


def test_nothing_but_padding_is_black() -> None:
    stored = np.zeros((4, 4), dtype=np.uint16)
    display = GrayscaleDisplay(inverse=True, padding=Padding(0, 0))
    assert not painter_of(stored, display).paint(View(), (9, 9), WINDOW).any()


@pytest.mark.parametrize("zoom", [0.5, 1.0, 3.0])
@pytest.mark.parametrize("nothing", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_no_image_and_does_not_bleed(
    zoom: float, nothing: float
) -> None:
    stored = np.full((32, 32), 100.0, dtype=np.float32)
    stored[:8] = nothing
    painter, side = painter_of(stored), int(32 * zoom)
    shown = painter.paint(View(zoom=zoom), (side, side), Window(100, 4))
    assert not shown[: side // 4].any()
    assert (
        np.unique(shown[side // 4 :]).tolist()
        == to_grey(np.array([100.0]), Window(100, 4)).tolist()
    )


def test_a_few_counts_are_not_drawn_in_steps() -> None:
    stored = np.array([[0, 3]], dtype=np.uint8).repeat(2, axis=0)
    shown = painter_of(stored).paint(View(), (120, 120), Window(2, 4))
    assert len(np.unique(shown)) > 60


def test_a_modality_lut_is_looked_up_before_values_are_mixed() -> None:
    hill = LookupTable(0, 16, np.array([0, 1000, 0], "<u2").tobytes())
    stored = np.array([[0, 2]], dtype=np.uint8).repeat(2, axis=0)
    painter = painter_of(stored, GrayscaleDisplay(modality_lut=hill))
    assert not painter.paint(View(), (60, 60), Window(500, 1000)).any()


def test_wide_whole_numbers_and_floats_answer_like_the_table() -> None:
    small = np.arange(4096, dtype=np.int32).reshape(64, 64)
    wide = small.copy()
    wide[0, 0] = 1 << 20  # too far apart for a table
    for view in (NATIVE, View(zoom=3.3), View(zoom=0.43)):
        table = painter_of(small).paint(view, (64, 64), Window(2000, 3000))
        direct = painter_of(wide).paint(view, (64, 64), Window(2000, 3000))
        floats = painter_of(small.astype(np.float32))
        values = floats.paint(view, (64, 64), Window(2000, 3000))
        assert np.abs(table.astype(int) - values).max() <= (0 if view == NATIVE else 1)
        assert np.abs(table.astype(int) - direct)[24:, 24:].max() <= (
            0 if view == NATIVE else 1
        )


@pytest.mark.parametrize(
    "view", [View(), View(2.5), View(0.4), View(1.0, (3, 4), 1, mirrored=True)]
)
def test_a_kept_picture_is_the_one_painted_anew(view: View) -> None:
    stored = np.random.default_rng(1).integers(0, 4000, (50, 70)).astype(np.int16)
    painter = painter_of(stored)
    for window in (Window(1000, 2000), Window(2000, 500), Window(1000, 2000)):
        for size in ((80, 60), (33, 90)):
            shown = painter.paint(view, size, window)
            assert np.array_equal(shown, painter_of(stored).paint(view, size, window))


def test_the_file_is_not_changed_by_painting() -> None:
    stored = np.arange(64, dtype=np.uint16).reshape(8, 8)
    stored.flags.writeable = False
    painter = painter_of(stored, GrayscaleDisplay(padding=Padding(3, 3)))
    for view in (View(), NATIVE, View(0.5)):
        painter.paint(view, (20, 20), WINDOW)
    assert stored.tolist() == np.arange(64).reshape(8, 8).tolist()


def test_colours_are_shown_as_they_are_and_inverted_on_wish() -> None:
    stored = np.random.default_rng(2).integers(0, 256, (6, 5, 3)).astype(np.uint8)
    painter = FramePainter(stored, image_of(stored, photometric="RGB"), 1, "RGB")
    assert np.array_equal(painter.paint(NATIVE, (5, 6), None), stored)
    inverted = painter.paint(View(1.0, inverted=True), (5, 6), None)
    assert np.array_equal(inverted, 255 - stored)
    assert painter.paint(View(), (50, 77), None).shape == (77, 50, 3)


def test_oblong_pixels_come_in_shape_when_fitted_and_as_they_are_when_native() -> None:
    stored = np.full((10, 20), 200, dtype=np.uint8)
    image = image_of(stored, aspect=(2, 1))
    painter = FramePainter(stored, image, 1, "MONOCHROME2")
    assert painter.native(WINDOW).shape == (10, 20)
    shown = painter.paint(View(), (40, 60), WINDOW)
    lines, columns = np.nonzero(shown)
    assert len(set(columns.tolist())) == len(set(lines.tolist())) == 40


def test_a_palette_without_colours_is_refused() -> None:
    stored = np.zeros((2, 2), dtype=np.uint8)
    image = image_of(stored, photometric="PALETTE COLOR")
    with pytest.raises(PixelError, match="colours"):
        FramePainter(stored, image, 1, "PALETTE COLOR")


def test_a_mask_that_grows_keeps_its_edges() -> None:
    mask = np.zeros((4, 5), dtype=np.uint8)
    mask[1:3, 2] = 1
    image = image_of(mask)
    pixels = replace(image.pixels, bits_allocated=1, bits_stored=1, high_bit=0)
    painter = FramePainter(mask, replace(image, pixels=pixels), 1, "MONOCHROME2")
    shown = painter.paint(View(zoom=3.0), (15, 12), Window(1, 2))
    assert np.array_equal(shown, np.kron(mask * 255, np.ones((3, 3), dtype=np.uint8)))
