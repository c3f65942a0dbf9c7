"""Colours reach the screen by its own profile, made ready off the GUI thread."""

import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from typing_extensions import override

from tests.commands.desks import Turns
from tests.golden import profiles
from tests.golden.phantoms import colour_image, saved
from tests.services.layered_files import grey_file, series_of
from tests.services.reading_studies import to_study
from viewer.core.color_profile import SRGB_ASSUMED, Convert, ScreenProfile
from viewer.core.errors import ViewerError
from viewer.services.decoding import Decoding
from viewer.services.frame_on_show import FrameOnShow, Subject
from viewer.services.reading_stacks import ReadingStacks
from viewer.services.screen_colors import Conversions, ScreenColors
from viewer.services.screen_profile import ScreenWish, conversions_for

STEPS = np.linspace(0, 255, 6).astype(np.uint8)
COLORS = np.stack(np.meshgrid(STEPS, STEPS, STEPS), axis=-1).reshape(12, 18, 3)
IMAGE, SCREEN = (profiles.WIDE, 1.8), (profiles.WIDE, 2.2)
SMALL_SCREEN = (profiles.SRGB * 0.9 + profiles.WIDE * 0.1, 2.0)


@pytest.fixture
def turns() -> Turns:
    return Turns()


@pytest.fixture
def decoding(turns: Turns) -> Iterator[Decoding]:
    with Decoding(turns.post) as made:
        yield made


def colour_file(folder: Path, profile: bytes = b"") -> Path:
    ds = colour_image(COLORS.tobytes(), COLORS.shape[:2], "RGB")
    if profile:
        ds.ICCProfile = profile
    return saved(ds, folder)


def screen(primaries: profiles.Matrix, gamma: float) -> ScreenProfile:
    return ScreenProfile(profiles.profile(primaries, gamma), "GOLDEN")


def on_show(path: Path, decoding: Decoding, colors: ScreenColors) -> FrameOnShow:
    (stack,) = ReadingStacks([to_study(series_of(path))])
    frame = FrameOnShow(decoding, lambda: None, colors)
    frame.want(Subject(stack, 0))
    return frame


def by_little_cms(
    rgb: npt.NDArray[np.uint8], image: bytes, to: bytes
) -> npt.NDArray[np.uint8]:
    """The judge, asked directly; an empty profile is its own sRGB."""
    from PIL import Image, ImageCms  # noqa: PLC0415 - a judge

    source, target = (
        ImageCms.ImageCmsProfile(BytesIO(raw))
        if raw
        else ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
        for raw in (image, to)
    )
    intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
    shown = ImageCms.profileToProfile(Image.fromarray(rgb), source, target, intent)
    assert shown is not None
    return np.asarray(shown)


@pytest.mark.parametrize(
    "profile", [b"", profiles.profile(*IMAGE)], ids=["sRGB", "own"]
)
@pytest.mark.parametrize("to", [SCREEN, SMALL_SCREEN], ids=["wide", "small"])
def test_colours_go_from_the_images_profile_to_the_screens(
    profile: bytes,
    to: tuple[profiles.Matrix, float],
    turns: Turns,
    decoding: Decoding,
    tmp_path: Path,
) -> None:
    colors = ScreenColors()
    colors.show_on(Conversions(screen(*to)))
    frame = on_show(colour_file(tmp_path, profile), decoding, colors)
    turns.until(lambda: not frame.waiting)
    assert frame.painter is not None
    found = frame.painter.native(None)
    judged = by_little_cms(COLORS, profile, profiles.profile(*to))
    assert np.array_equal(found, judged)
    if profile:
        meant = profiles.to_screen(COLORS, IMAGE, to)
        assert np.abs(found - meant).max() <= 1.5  # of rounding twice


def test_colours_that_only_the_screen_can_show_are_not_cut_to_srgb(
    turns: Turns, decoding: Decoding, tmp_path: Path
) -> None:
    colors = ScreenColors()
    colors.show_on(Conversions(screen(*SCREEN)))
    frame = on_show(colour_file(tmp_path, profiles.profile(*SCREEN)), decoding, colors)
    turns.until(lambda: not frame.waiting)
    assert frame.painter is not None
    assert np.array_equal(frame.painter.native(None), COLORS)


def test_another_screen_shows_the_colours_anew_and_leaves_greys(
    turns: Turns, decoding: Decoding, tmp_path: Path
) -> None:
    colors = ScreenColors()
    (tmp_path / "grey").mkdir()
    frame = on_show(colour_file(tmp_path), decoding, colors)
    grey = on_show(grey_file(tmp_path / "grey"), decoding, colors)
    turns.until(lambda: not frame.waiting and not grey.waiting)
    assert frame.painter is not None
    assert np.array_equal(frame.painter.native(None), COLORS)
    before = grey.painter
    colors.show_on(Conversions(screen(*SCREEN)))
    turns.until(lambda: not frame.waiting and not grey.waiting)
    assert not np.array_equal(frame.painter.native(None), COLORS)
    assert grey.painter is before


class Watched(Conversions):
    """Remembers on which thread each conversion was made."""

    def __init__(self, profile: ScreenProfile) -> None:
        self.made_on: list[str] = []
        super().__init__(profile)

    @override
    def conversion(self, profile: bytes) -> Convert | None:
        if not self.is_made(profile):
            self.made_on.append(threading.current_thread().name)
        return super().conversion(profile)


def test_no_conversion_is_made_by_the_thread_of_the_window(
    turns: Turns, decoding: Decoding, tmp_path: Path
) -> None:
    colors = ScreenColors()
    path = colour_file(tmp_path, profiles.profile(*IMAGE))
    frame = on_show(path, decoding, colors)
    turns.until(lambda: not frame.waiting)
    watched, before = Watched(screen(*SCREEN)), frame.painter
    colors.show_on(watched)  # with the profile's bytes in memory already
    turns.until(lambda: frame.painter is not before)
    (thread,) = watched.made_on
    assert thread.startswith("decode-")


def test_without_a_word_of_anyone_srgb_is_assumed_and_said() -> None:
    assert conversions_for(ScreenWish()).screen.words == SRGB_ASSUMED


def test_a_settled_profile_is_opened_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "screen.icc"
    path.write_bytes(profiles.profile(*SCREEN))
    found = conversions_for(ScreenWish(str(path)))
    assert found.screen == screen(*SCREEN)
    assert found.conversion(b"") is not None


@pytest.mark.parametrize("raw", [None, b"", b"text", profiles.profile(*SCREEN)[:200]])
def test_a_file_that_is_no_profile_is_refused(
    raw: bytes | None, tmp_path: Path
) -> None:
    path = tmp_path / "screen.icc"
    if raw is not None:
        path.write_bytes(raw)
    with pytest.raises(ViewerError, match="colour profile"):
        conversions_for(ScreenWish(str(path)))


def test_a_profile_of_a_scanner_is_no_screens(tmp_path: Path) -> None:
    raw = profiles.profile(*SCREEN)
    path = tmp_path / "scanner.icc"
    path.write_bytes(raw[:12] + b"scnr" + raw[16:])
    with pytest.raises(ViewerError, match="no colour profile of a screen"):
        conversions_for(ScreenWish(str(path)))
