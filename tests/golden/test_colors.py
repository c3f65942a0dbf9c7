"""Samples of three colours, in every order and colour space."""

from collections.abc import Callable
from pathlib import Path

import imagecodecs
import numpy as np
import numpy.typing as npt
import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000, UID, JPEG2000Lossless

from tests.golden import reference
from tests.golden.phantoms import colour_image, saved, shown

SIZE = (16, 24)
Samples = npt.NDArray[np.generic]
Convert = Callable[[int, int, int], reference.Color]
CONVERSIONS: dict[str, Convert] = {
    "RGB": lambda r, g, b: (r, g, b),
    "YBR_FULL": reference.from_ybr_full,
    "YBR_FULL_422": reference.from_ybr_full,
    "YBR_PARTIAL_422": reference.from_ybr_partial,
}


def samples(bits: int = 8, seed: int = 1) -> npt.NDArray[np.uint16]:
    rng = np.random.default_rng(seed)
    return rng.integers(0, 2**bits, (*SIZE, 3), dtype=np.uint16)


def expected_of(pixels: Samples, convert: Convert) -> list[list[int]]:
    return [list(convert(*map(int, p))) for p in pixels.reshape(-1, 3)]


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("planar", [0, 1])
@pytest.mark.parametrize("photometric", ["RGB", "YBR_FULL"])
def test_three_samples_by_pixel_or_by_plane(
    photometric: str, planar: int, seed: int, tmp_path: Path
) -> None:
    values = samples(seed=seed).astype(np.uint8)
    laid = values.transpose(2, 0, 1) if planar else values
    ds = colour_image(laid.tobytes(), SIZE, photometric)
    ds.PlanarConfiguration = planar
    picture = shown(saved(ds, tmp_path)).reshape(-1, 3)
    assert picture.tolist() == expected_of(values, CONVERSIONS[photometric])


@pytest.mark.parametrize("seed", [4, 5])
@pytest.mark.parametrize("photometric", ["YBR_FULL_422", "YBR_PARTIAL_422"])
def test_two_pixels_share_their_colour(
    photometric: str, seed: int, tmp_path: Path
) -> None:
    values = samples(seed=seed).astype(np.uint8)
    values[:, 1::2, 1:] = values[:, ::2, 1:]
    first, second = values[:, ::2], values[:, 1::2]
    quads = np.stack(
        [first[..., 0], second[..., 0], first[..., 1], first[..., 2]], axis=-1
    )
    ds = colour_image(quads.tobytes(), SIZE, photometric)
    picture = shown(saved(ds, tmp_path)).reshape(-1, 3)
    assert picture.tolist() == expected_of(values, CONVERSIONS[photometric])


@pytest.mark.parametrize("planar", [0, 1])
@pytest.mark.parametrize("stored", [10, 12, 16])
def test_wide_samples_show_their_upper_eight_bits(
    stored: int, planar: int, tmp_path: Path
) -> None:
    values = samples(stored)
    laid = values.transpose(2, 0, 1) if planar else values
    ds = colour_image(laid.tobytes(), SIZE, "RGB", stored=stored)
    ds.PlanarConfiguration = planar
    shift = stored - 8
    expected = [[int(v) >> shift for v in p] for p in values.reshape(-1, 3)]
    assert shown(saved(ds, tmp_path)).reshape(-1, 3).tolist() == expected


@pytest.mark.parametrize(
    ("photometric", "syntax", "reversible"),
    [("YBR_RCT", JPEG2000Lossless, True), ("YBR_ICT", JPEG2000, False)],
)
def test_what_jpeg_2000_calls_its_colours_is_undone_once(
    photometric: str, syntax: str, *, reversible: bool, tmp_path: Path
) -> None:
    ramp = np.linspace(20, 230, SIZE[0] * SIZE[1]).reshape(SIZE)
    values = np.stack([ramp, ramp[::-1], ramp[:, ::-1]], axis=-1).astype(np.uint8)
    stream = imagecodecs.jpeg2k_encode(
        values, level=0 if reversible else 70, reversible=reversible, mct=True
    )
    ds = colour_image(b"", SIZE, photometric)
    ds.PixelData = encapsulate([bytes(stream)])
    ds["PixelData"].is_undefined_length = True
    ds.file_meta.TransferSyntaxUID = UID(syntax)
    away = np.abs(shown(saved(ds, tmp_path)).astype(int) - values)
    assert away.max() <= (0 if reversible else 3)
