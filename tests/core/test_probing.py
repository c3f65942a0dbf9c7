"""The probe reads source pixels and says what they are worth."""

import numpy as np
import pytest

from viewer.core.geometry import ImagePlane
from viewer.core.grayscale import GrayscaleDisplay, LookupTable, Padding, Rescale
from viewer.core.image import Frame, Image, Palette, PixelFormat
from viewer.core.probing import plain_value, to_probe

CT = PixelFormat("1.2.840.10008.1.2.1", rows=2, columns=3, signed=True)
STORED = np.array([[-5, 0, 5], [10, 20, 2000]], dtype=np.int16)


def _grey(display: GrayscaleDisplay, frame: Frame | None = None) -> Image:
    return Image(CT, displays=(display,), frames=(frame or Frame(),))


def test_the_value_is_the_modalitys_with_its_unit() -> None:
    image = _grey(GrayscaleDisplay(rescale=Rescale(2.0, -10.0, "HU")))
    probe = to_probe(STORED, image, 1, "MONOCHROME2", (0, 1))
    assert (probe.value, probe.text) == ("10 HU", "10 HU  (0, 1)")


def test_a_negative_value_has_a_true_minus_sign() -> None:
    image = _grey(GrayscaleDisplay(rescale=Rescale(1.0, -1000.0, "HU")))
    assert to_probe(STORED, image, 1, "MONOCHROME2", (0, 0)).value == "−1005 HU"


def test_an_unspecified_unit_is_no_unit() -> None:
    image = _grey(GrayscaleDisplay(rescale=Rescale(unit="US")))
    assert to_probe(STORED, image, 1, "MONOCHROME2", (2, 0)).value == "5"


def test_padding_has_no_value() -> None:
    image = _grey(GrayscaleDisplay(padding=Padding(2000, 2000)))
    assert to_probe(STORED, image, 1, "MONOCHROME2", (2, 1)).value == "padding"


def test_the_place_is_in_the_patient() -> None:
    plane = ImagePlane.from_attributes((-10, 5, -3), (1, 0, 0, 0, 1, 0), (2, 1))
    image = _grey(GrayscaleDisplay(), Frame(plane=plane))
    probe = to_probe(STORED, image, 1, "MONOCHROME2", (2, 1))
    assert probe.place == "R 8.0  P 7.0  F 3.0 mm"


def test_a_colour_is_red_green_and_blue() -> None:
    pixels = PixelFormat(
        "1.2.840.10008.1.2.1",
        1,
        1,
        samples=3,
        photometric="RGB",
        bits_allocated=8,
        bits_stored=8,
        high_bit=7,
    )
    decoded = np.array([[[1, 20, 255]]], dtype=np.uint8)
    probe = to_probe(decoded, Image(pixels), 1, "RGB", (0, 0))
    assert probe.value == "R 1 G 20 B 255"


def test_a_palette_index_is_looked_up() -> None:
    pixels = PixelFormat(
        "1.2.840.10008.1.2.1",
        1,
        1,
        photometric="PALETTE COLOR",
        bits_allocated=8,
        bits_stored=8,
        high_bit=7,
    )
    tables = [LookupTable(0, 8, bytes([0, 0, value, 0])) for value in (10, 20, 250)]
    image = Image(pixels, palette=Palette(*tables))
    decoded = np.array([[1]], dtype=np.uint8)
    probe = to_probe(decoded, image, 1, "PALETTE COLOR", (0, 0))
    assert probe.value == "R 10 G 20 B 250"


@pytest.mark.parametrize(
    ("value", "text"),
    [(123456, "123456"), (-7, "−7"), (0.25, "0.25"), (3.0, "3"), (-0.5, "−0.5")],
)
def test_whole_values_keep_all_their_digits(value: float, text: str) -> None:
    assert plain_value(value) == text
