"""Black is the stored value that the file itself wants shown darkest."""

import numpy as np
import pytest

from viewer.core.errors import PixelError
from viewer.core.grayscale import GrayscaleDisplay, LookupTable, Rescale, Window
from viewer.core.image import Palette, PixelFormat, SampleKind
from viewer.dicom.deidentification.blacks import colour_black, grey_black, palette_black

PIXELS = PixelFormat("1.2.840.10008.1.2.1", 2, 2, bits_stored=10, high_bit=9)
SIGNED = PixelFormat(
    "1.2.840.10008.1.2.1", 2, 2, bits_stored=10, high_bit=9, signed=True
)
FRAME = np.array([[3, 4], [5, 900]], np.uint16)


def table(*entries: int, first: int = 0) -> LookupTable:
    return LookupTable(first, 16, np.array(entries, "<u2").tobytes())


RISING, FALLING = table(*range(1024)), table(*range(1024)[::-1])
WINDOW = Window(500, 100)


@pytest.mark.parametrize(
    ("display", "black"),
    [
        (GrayscaleDisplay(), 0),
        (GrayscaleDisplay(inverse=True), 1023),
        (GrayscaleDisplay(rescale=Rescale(-2.0, 100.0)), 1023),
        (GrayscaleDisplay(rescale=Rescale(-2.0, 100.0), inverse=True), 0),
        (GrayscaleDisplay(modality_lut=RISING), 0),
        (GrayscaleDisplay(modality_lut=FALLING), 1023),
        (GrayscaleDisplay(modality_lut=table(7, 3, 9, 1, 5, first=40)), 43),
        (GrayscaleDisplay(modality_lut=table(7, 3, 9, first=40), inverse=True), 42),
        (GrayscaleDisplay(modality_lut=table(5, 6, first=2000)), 0),
        (GrayscaleDisplay(voi_luts=(FALLING,)), 1023),
        (GrayscaleDisplay(voi_luts=(RISING,)), 0),
        (GrayscaleDisplay(voi_luts=(FALLING,), windows=(WINDOW,)), 0),
    ],
)
def test_every_stage_that_turns_greys_around_counts(
    display: GrayscaleDisplay, black: int
) -> None:
    assert grey_black(display, PIXELS, FRAME) == (black,)


def test_signed_values_reach_below_zero() -> None:
    assert grey_black(GrayscaleDisplay(), SIGNED, FRAME) == (-512,)
    assert grey_black(GrayscaleDisplay(inverse=True), SIGNED, FRAME) == (511,)


def test_floats_that_are_no_numbers_do_not_count() -> None:
    floats = PixelFormat("1.2.840.10008.1.2.1", 2, 2, kind=SampleKind.FLOAT)
    frame = np.array([[np.nan, -np.inf], [2.5, 7]], np.float32)
    assert grey_black(GrayscaleDisplay(), floats, frame) == (2.5,)
    assert grey_black(GrayscaleDisplay(), floats, frame * np.nan) == (0.0,)


def test_the_first_of_the_darkest_colours_that_pixels_can_have_is_taken() -> None:
    colours = table(9, 1, 1, 0, first=1021)  # the last one lies beyond ten bits
    assert palette_black(Palette(colours, colours, colours), PIXELS) == (1022,)
    with pytest.raises(PixelError):
        palette_black(None, PIXELS)


def test_partial_luminance_has_its_black_above_zero() -> None:
    pixels = PixelFormat(
        "1.2.840.10008.1.2.1", 2, 2, samples=3, bits_allocated=8, bits_stored=8
    )
    assert colour_black("YBR_PARTIAL_422", pixels) == (16, 128, 128)
    with pytest.raises(PixelError):
        colour_black("CMYK", pixels)
