"""Colours by their ICC profile, against the formulas of the profile itself."""

from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset, FileDataset
from pydicom.uid import DeflatedExplicitVRLittleEndian

from tests.golden import profiles
from tests.golden.phantoms import colour_image, grey_image, image_of, saved, shown
from viewer.services.rendering import Wish

STEPS = np.linspace(0, 255, 6).astype(np.uint8)
COLORS = np.stack(np.meshgrid(STEPS, STEPS, STEPS), axis=-1).reshape(12, 18, 3)
ADOBE = profiles.profile(profiles.WIDE, 2.2)


def coloured(profile: bytes) -> FileDataset:
    ds = colour_image(COLORS.tobytes(), COLORS.shape[:2], "RGB")
    if profile:
        ds.ICCProfile = profile
    return ds


@pytest.mark.parametrize("gamma", [1.0, 1.8, 2.2])
@pytest.mark.parametrize("primaries", [profiles.WIDE, profiles.SRGB], ids=["w", "s"])
def test_colours_are_what_their_profile_means(
    primaries: profiles.Matrix, gamma: float, tmp_path: Path
) -> None:
    path = saved(coloured(profiles.profile(primaries, gamma)), tmp_path)
    meant = profiles.to_srgb(COLORS, primaries, gamma)
    assert np.abs(shown(path) - meant).max() <= 1.5  # of rounding twice
    assert np.array_equal(shown(path, Wish(profile=False)), COLORS)


@pytest.mark.parametrize(
    "profile",
    [
        b"",
        b"no profile at all",
        ADOBE[:200],
        ADOBE[:16] + b"CMYK" + ADOBE[20:],
        b"\xff" * 4 + ADOBE[4:],
        bytes(400),
    ],
    ids=["none", "text", "cut", "of inks", "too long", "zeros"],
)
def test_without_a_profile_that_can_be_used_colours_stay(
    profile: bytes, tmp_path: Path
) -> None:
    path = saved(coloured(profile), tmp_path)
    assert image_of(path).profile is None
    assert np.array_equal(shown(path), COLORS)


def test_a_profile_of_srgb_changes_nothing(tmp_path: Path) -> None:
    from PIL.ImageCms import ImageCmsProfile, createProfile  # noqa: PLC0415 - a judge

    path = saved(coloured(ImageCmsProfile(createProfile("sRGB")).tobytes()), tmp_path)
    assert image_of(path).profile is None
    assert np.array_equal(shown(path), COLORS)


def test_a_deflated_file_keeps_its_profile(tmp_path: Path) -> None:
    ds = coloured(ADOBE)
    ds.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    path = saved(ds, tmp_path)
    kept = image_of(path).profile
    assert kept is not None
    assert kept.held == ADOBE
    meant = profiles.to_srgb(COLORS, profiles.WIDE, 2.2)
    assert np.abs(shown(path) - meant).max() <= 1.5


@pytest.mark.parametrize("paths", [1, 3])
def test_a_slide_has_its_profile_in_the_optical_path(
    paths: int, tmp_path: Path
) -> None:
    ds = coloured(b"")
    light = Dataset()
    light.ICCProfile = ADOBE
    ds.OpticalPathSequence = [light] * paths
    meant = profiles.to_srgb(COLORS, profiles.WIDE, 2.2)
    assert np.abs(shown(saved(ds, tmp_path)) - meant).max() <= 1.5


def test_profiles_that_differ_are_not_guessed_at(tmp_path: Path) -> None:
    ds = coloured(b"")
    lights = [Dataset(), Dataset()]
    lights[0].ICCProfile = ADOBE
    lights[1].ICCProfile = profiles.profile(profiles.WIDE, 1.8)
    ds.OpticalPathSequence = lights
    path = saved(ds, tmp_path)
    assert image_of(path).profile is None
    assert np.array_equal(shown(path), COLORS)


def test_greys_have_no_profile(tmp_path: Path) -> None:
    ds = grey_image(np.arange(256, dtype=np.uint8).reshape(16, 16))
    ds.ICCProfile = ADOBE
    assert image_of(saved(ds, tmp_path)).profile is None
