"""A small picture is covered, drawn over and coloured as the large one opens."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import FileDataset

from tests.commands.desks import Turns
from tests.golden import profiles
from tests.golden.phantoms import colour_image, grey_image, saved, shown
from tests.services.layered_files import BITS, series_of, with_plane
from tests.services.reading_studies import to_study
from viewer.core.opened import OpenSeries
from viewer.services.decoding import Decoding
from viewer.services.jobs import Jobs
from viewer.services.picture_cache import PictureCache, Pixels
from viewer.services.reading_stacks import ReadingStacks
from viewer.services.rendering import Wish
from viewer.services.stack_thumbnails import StackThumbnails

SIDE = 64


def small_picture(series: OpenSeries) -> Pixels | str:
    turns, came = Turns(), dict[str, Pixels | str]()
    (stack,) = ReadingStacks([to_study(series)])
    folder = Path(series.instances[0].path).parent
    jobs = Jobs(turns.post)
    try:
        with Decoding(turns.post) as decoding:
            cache = PictureCache(folder / "cache")
            thumbnails = StackThumbnails(decoding, SIDE, came.__setitem__, jobs, cache)
            thumbnails.ask(stack)
            turns.until(lambda: came)
    finally:
        jobs.close()
    (picture,) = came.values()
    return picture


def bright() -> FileDataset:
    ds = with_plane(grey_image(np.full((8, 8), 100, np.uint8)))
    ds.WindowCenter, ds.WindowWidth = "128", "256"
    return ds


def with_bitmap_shutter() -> FileDataset:
    ds = bright()
    ds.ShutterShape, ds.ShutterOverlayGroup = "BITMAP", 0x6000
    ds.ShutterPresentationValue = 0
    return ds


def with_profile() -> FileDataset:
    ds = colour_image(bytes([90, 200, 40]) * 64, (8, 8), "RGB")
    ds.ICCProfile = profiles.profile(profiles.WIDE, 1.8)
    return ds


@pytest.mark.parametrize("build", [bright, with_bitmap_shutter, with_profile])
def test_a_small_picture_is_the_large_one(
    build: Callable[[], FileDataset], tmp_path: Path
) -> None:
    path = saved(build(), tmp_path)
    assert np.array_equal(
        small_picture(series_of(path)), shown(path, Wish(size=(SIDE, SIDE)))
    )


def test_what_a_bitmap_covers_is_not_in_the_small_picture(tmp_path: Path) -> None:
    picture = small_picture(series_of(saved(with_bitmap_shutter(), tmp_path)))
    assert not isinstance(picture, str)
    pixels = picture[4::8, 4::8]
    assert np.array_equal(pixels == 0, BITS == 1)


def test_a_plane_that_cannot_be_read_does_not_keep_the_picture_away(
    tmp_path: Path,
) -> None:
    series = series_of(saved(bright(), tmp_path))
    (stored,) = series.instances
    image = stored.instance.image
    assert image is not None
    lost = replace(image, overlays=(replace(image.overlays[0], offset=10_000_000),))
    stored = replace(stored, instance=replace(stored.instance, image=lost))
    picture = small_picture(replace(series, instances=(stored,)))
    assert not isinstance(picture, str)
    assert picture.max() == picture.min() > 0
