"""`lightbox render` with what the file lays on its picture, and without."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from tests.golden import profiles
from tests.golden.phantoms import colour_image, grey_image, saved
from viewer.cli.program import run
from viewer.services import rendering
from viewer.services.workers import Workers

VALUES = np.arange(64, dtype=np.uint8).reshape(8, 8) + 100
BITS = np.random.default_rng(1).integers(0, 2, (8, 8), np.uint8)
COLORS = np.random.default_rng(2).integers(0, 256, (8, 8, 3), np.uint8)


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(1) as pool:
        yield pool


@pytest.fixture(autouse=True)
def _one_pool(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "Workers", lambda _count: nullcontext(workers))


def rendered(path: Path, *words: str) -> npt.NDArray[np.uint8]:
    out = path.with_suffix(".png")
    assert run(["render", str(path), "--out", str(out), *words], lambda _: 99) == 0
    return np.asarray(Image.open(out))


def layered(folder: Path) -> Path:
    """Greys as they are stored, an overlay, and a shutter round the middle."""
    ds = grey_image(VALUES)
    ds.WindowCenter, ds.WindowWidth = "128", "256"
    ds.add_new(0x60000010, "US", 8)
    ds.add_new(0x60000011, "US", 8)
    ds.add_new(0x60003000, "OW", np.packbits(BITS, bitorder="little").tobytes())
    ds.ShutterShape = "RECTANGULAR"
    ds.ShutterLeftVerticalEdge = ds.ShutterUpperHorizontalEdge = 3
    ds.ShutterRightVerticalEdge = ds.ShutterLowerHorizontalEdge = 6
    ds.ShutterPresentationValue = 32768
    return saved(ds, folder)


@pytest.mark.parametrize("overlays", [True, False])
@pytest.mark.parametrize("shutter", [True, False])
def test_layers_are_left_away_on_demand(
    tmp_path: Path, *, overlays: bool, shutter: bool
) -> None:
    words = ["--no-overlays"] * (not overlays) + ["--no-shutter"] * (not shutter)
    wanted = VALUES.copy()
    if shutter:
        wanted[:] = 128
        wanted[2:6, 2:6] = VALUES[2:6, 2:6]
    if overlays:
        wanted[BITS == 1] = 255
    assert np.array_equal(rendered(layered(tmp_path), *words), wanted)


def test_a_profile_is_applied_unless_it_is_not_wanted(tmp_path: Path) -> None:
    ds = colour_image(COLORS.tobytes(), (8, 8), "RGB")
    ds.ICCProfile = profiles.profile(profiles.WIDE, 1.8)
    path = saved(ds, tmp_path)
    meant = profiles.to_srgb(COLORS, profiles.WIDE, 1.8)
    assert np.abs(rendered(path) - meant).max() <= 1.5
    assert np.array_equal(rendered(path, "--no-profile"), COLORS)


def test_the_file_says_that_its_colours_are_srgb(tmp_path: Path) -> None:
    path = saved(colour_image(COLORS.tobytes(), (8, 8), "RGB"), tmp_path)

    def tag(*words: str) -> object:
        rendered(path, *words)
        with Image.open(path.with_suffix(".png")) as picture:
            return picture.info.get("srgb")

    assert tag() == 1
    assert tag("--no-profile") is None


def test_a_window_that_misses_the_image_is_said(tmp_path: Path) -> None:
    path = layered(tmp_path)
    words = ["--annotations", "--size", "400x300", "--window"]
    hit, missed = (rendered(path, *words, w) for w in ("128,256", "1000,20"))
    amber = (255, 176, 32)

    def amber_pixels(picture: npt.NDArray[np.uint8]) -> int:
        return int((picture == amber).all(axis=2).sum())

    assert amber_pixels(missed) > amber_pixels(hit)
