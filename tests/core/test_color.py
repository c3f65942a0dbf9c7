"""Colours against the standard's own forward equations."""

import numpy as np
import numpy.typing as npt
import pytest

from viewer.core.color import palette_to_rgb, to_rgb
from viewer.core.errors import PixelError
from viewer.core.grayscale import LookupTable
from viewer.core.image import Palette

# PS3.3 C.7.6.3.1.2, as printed: rows are Y, CB, CR
FULL = np.array(
    [[0.2990, 0.5870, 0.1140], [-0.1687, -0.3313, 0.5], [0.5, -0.4187, -0.0813]]
)
PARTIAL = np.array(
    [
        [0.2568, 0.5041, 0.0979],
        [-0.1482, -0.2910, 0.4392],
        [0.4392, -0.3678, -0.0714],
    ]
)


def every_color() -> npt.NDArray[np.uint8]:
    steps = np.arange(0, 256, 15)
    cube = np.stack(np.meshgrid(steps, steps, steps), axis=-1)
    return cube.reshape(-1, 18, 3).astype(np.uint8)


def forward(
    rgb: npt.NDArray[np.uint8], matrix: npt.NDArray[np.float64], offset: int, bits: int
) -> npt.NDArray[np.uint16]:
    scale = (1 << (bits - 8)) if bits > 8 else 1
    levels = rgb.astype(float) * scale @ matrix.T
    levels += np.array([offset, 128, 128]) * scale
    return np.clip(np.round(levels), 0, (1 << bits) - 1).astype(np.uint16)


@pytest.mark.parametrize(
    ("photometric", "matrix", "offset", "near"),
    [
        ("YBR_FULL", FULL, 0, 1),
        ("YBR_FULL_422", FULL, 0, 1),
        ("YBR_ICT", FULL, 0, 1),
        ("YBR_PARTIAL_422", PARTIAL, 16, 2),  # 219 steps cannot hold 256
        ("YBR_PARTIAL_420", PARTIAL, 16, 2),
    ],
)
def test_luminance_and_colour_go_back_to_red_green_and_blue(
    photometric: str, matrix: npt.NDArray[np.float64], offset: int, near: int
) -> None:
    rgb = every_color()
    samples = forward(rgb, matrix, offset, 8).astype(np.uint8)
    back = to_rgb(samples, photometric, 8)
    assert np.abs(back.astype(int) - rgb).max() <= near


def test_longer_samples_show_their_upper_eight_bits() -> None:
    rgb = every_color()
    samples = forward(rgb, FULL, 0, 16)
    back = to_rgb(samples, "YBR_FULL", 16).astype(int)
    assert np.abs(back - rgb).max() <= 1
    wide = rgb.astype(np.uint16) * 16 + 9
    assert np.array_equal(to_rgb(wide, "RGB", 12), rgb)


def test_fewer_bits_are_spread_to_white() -> None:
    samples = np.array([[[0, 1, 3]]], dtype=np.uint8)
    assert to_rgb(samples, "RGB", 2).tolist() == [[[0, 85, 255]]]
    assert to_rgb(np.array([[[0, 1, 1]]], np.uint8), "RGB", 1).tolist() == [
        [[0, 255, 255]]
    ]


def test_the_reversible_transform_is_undone_exactly() -> None:
    rgb = every_color().astype(np.int16)
    red, green, blue = (rgb[..., n] for n in range(3))
    luminance = (red + 2 * green + blue) >> 2
    samples = np.stack([luminance, blue - green, red - green], axis=-1)
    assert np.array_equal(to_rgb(samples, "YBR_RCT", 8), rgb)
    with pytest.raises(PixelError, match="cannot hold"):
        to_rgb(samples.astype(np.uint16), "YBR_RCT", 8)


@pytest.mark.parametrize("photometric", ["HSV", "CMYK", "ARGB", "", "MONOCHROME2"])
def test_unknown_colour_spaces_are_refused(photometric: str) -> None:
    with pytest.raises(PixelError, match="colour space"):
        to_rgb(np.zeros((2, 2, 3), np.uint8), photometric, 8)


def test_two_or_four_samples_are_refused() -> None:
    with pytest.raises(PixelError, match="samples"):
        to_rgb(np.zeros((2, 2, 4), np.uint8), "RGB", 8)


def palette(bits: int, first: int, *entries: int) -> Palette:
    data = np.array(entries, "<u2")
    red = LookupTable(first, bits, data.tobytes())
    green = LookupTable(first, bits, data[::-1].tobytes())
    return Palette(red, green, LookupTable(first, bits, np.zeros_like(data).tobytes()))


def test_a_16_bit_palette_shows_its_upper_byte() -> None:
    colors = palette(16, 0, 0, 0x12FF, 0xFFFF)
    indices = np.array([[0, 1, 2, 9]], dtype=np.uint8)
    assert palette_to_rgb(indices, colors).tolist() == [
        [[0, 255, 0], [0x12, 0x12, 0], [255, 0, 0], [255, 0, 0]]
    ]


def test_an_8_bit_palette_shows_its_entries() -> None:
    indices = np.array([[5, 6, 7, 0]], dtype=np.uint16)
    shown = palette_to_rgb(indices, palette(8, 5, 1, 2, 3))
    assert shown[..., 0].tolist() == [[1, 2, 3, 1]]


def test_the_entries_overrule_a_descriptor_that_is_wrong() -> None:
    indices = np.array([[0, 1, 2]], dtype=np.uint8)
    short = palette_to_rgb(indices, palette(16, 0, 0, 100, 255))
    assert short[..., 0].tolist() == [[0, 100, 255]]
    long = palette_to_rgb(indices, palette(8, 0, 0, 0x6400, 0xFF00))
    assert long[..., 0].tolist() == [[0, 100, 255]]


@pytest.mark.parametrize("kind", [np.float32, np.uint32])
def test_what_cannot_be_an_index_is_refused(kind: type[np.generic]) -> None:
    with pytest.raises(PixelError, match="palette"):
        palette_to_rgb(np.zeros((2, 2), kind), palette(8, 0, 1, 2))


def test_signed_indices_start_where_the_palette_starts() -> None:
    indices = np.array([[-5, -2, -1, 0, 3]], dtype=np.int16)
    shown = palette_to_rgb(indices, palette(8, -2, 10, 20, 30))
    assert shown[..., 0].tolist() == [[10, 10, 20, 30, 30]]
