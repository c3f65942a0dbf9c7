"""Shutters in the colour the file asks for, judged by littleCMS's own CIELab."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms
from pydicom.dataset import FileDataset

from tests.golden.phantoms import colour_image, grey_image, image_of, saved, shown
from viewer.services.rendering import Wish

VALUES = np.full((12, 10), 200, np.uint8)
EXACTLY = ImageCms.Flags.NOOPTIMIZE
LEVELS = (0, 51, 128, 179, 255)
TRIPLETS = [(L, a, b) for L in (40, 128, 220) for a in LEVELS for b in LEVELS]


def shuttered(ds: FileDataset, lab: tuple[int, int, int]) -> FileDataset:
    """All but the middle is covered; `lab` in eight bits each."""
    ds.WindowCenter, ds.WindowWidth = "128", "256"
    ds.ShutterShape, ds.ShutterPresentationValue = "RECTANGULAR", 257
    ds.ShutterLeftVerticalEdge, ds.ShutterRightVerticalEdge = 3, 8
    ds.ShutterUpperHorizontalEdge, ds.ShutterLowerHorizontalEdge = 3, 10
    ds.ShutterPresentationColorCIELabValue = [257 * value for value in lab]
    return ds


def judged(lab: tuple[int, int, int]) -> tuple[int, ...]:
    source, target = (
        ImageCms.ImageCmsProfile(ImageCms.createProfile(name))
        for name in ("LAB", "sRGB")
    )
    transform = ImageCms.buildTransform(
        source, target, "LAB", "RGB", ImageCms.Intent.RELATIVE_COLORIMETRIC, EXACTLY
    )
    shown = ImageCms.applyTransform(Image.new("LAB", (1, 1), lab), transform)
    assert shown is not None
    return tuple(np.asarray(shown)[0, 0].tolist())


@pytest.mark.parametrize("lab", TRIPLETS)
def test_the_shutter_has_the_colour_of_its_pcs_value(
    lab: tuple[int, int, int], tmp_path: Path
) -> None:
    picture = shown(saved(shuttered(grey_image(VALUES), lab), tmp_path))
    found = picture[0, 0]
    assert np.abs(found.astype(int) - judged(lab)).max() <= 2
    assert np.unique(picture[5, 5]).tolist() == [200]


@pytest.mark.parametrize(("level", "grey"), [(0, 0), (255, 255), (128, 119)])
def test_a_colour_without_any_is_a_grey_and_makes_no_colour_picture(
    level: int, grey: int, tmp_path: Path
) -> None:
    picture = shown(saved(shuttered(grey_image(VALUES), (level, 128, 128)), tmp_path))
    assert picture.ndim == 2
    assert abs(int(picture[0, 0]) - grey) <= 1


def test_colour_images_are_covered_in_colour(tmp_path: Path) -> None:
    ds = colour_image(b"\xc8" * (3 * VALUES.size), VALUES.shape, "RGB")
    path = saved(shuttered(ds, (128, 179, 51)), tmp_path)
    shutter = image_of(path).frame(1).shutter
    assert shutter is not None
    for size in (None, (30, 36)):
        picture = shown(path, Wish(size=size))
        assert tuple(picture[0, 0].tolist()) == shutter.color
        middle = picture[picture.shape[0] // 2, picture.shape[1] // 2]
        assert middle.tolist() == [200] * 3


def test_a_grey_image_is_fitted_and_uncovered_in_colour_too(tmp_path: Path) -> None:
    path = saved(shuttered(grey_image(VALUES), (128, 179, 51)), tmp_path)
    fitted = shown(path, Wish(size=(50, 36)))
    shutter = image_of(path).frame(1).shutter
    assert shutter is not None
    assert fitted.shape == (36, 50, 3)
    assert fitted[0, 0].tolist() == [0, 0, 0]  # beside the image
    assert tuple(fitted[1, 12].tolist()) == shutter.color
    assert (shown(path, Wish(shutter=False)) == 200).all()
