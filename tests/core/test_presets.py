"""The window menu: its order, its names, its keys."""

import numpy as np

from viewer.core.grayscale import GrayscaleDisplay, LookupTable, Window
from viewer.core.image import Image, PixelFormat
from viewer.core.presets import VoiSource
from viewer.services.presets import presets_of, voi_choices, window_presets

STORED = np.arange(64, dtype=np.int16).reshape(8, 8)
LUT = LookupTable(0, 8, np.arange(9).astype("<u2").tobytes(), "HARDER")


def image_of(display: GrayscaleDisplay, photometric: str = "MONOCHROME2") -> Image:
    pixels = PixelFormat("1.2.840.10008.1.2.1", 8, 8, photometric=photometric)
    return Image(pixels, displays=(display,))


def test_the_file_comes_first_under_its_own_names() -> None:
    windows = (Window(1, 10, explanation="SOFT"), Window(0, -1), Window(2, 20))
    display = GrayscaleDisplay(windows=windows, voi_luts=(LUT,))
    offers = voi_choices("CT", image_of(display), 1, STORED)
    assert [(offer.name, offer.key) for offer in offers[:3]] == [
        ("SOFT", "1"),
        ("File 3", "2"),
        ("HARDER", ""),
    ]
    assert [(offer.name, offer.key) for offer in offers[-2:]] == [
        ("Automatic", ""),
        ("Full range", "0"),
    ]


def test_ct_has_the_seven_keys_radiologists_know() -> None:
    offers = voi_choices("CT", image_of(GrayscaleDisplay()), 1)
    assert {offer.key: offer.name for offer in offers if offer.key} == {
        "3": "Brain",
        "4": "Subdural",
        "5": "Stroke",
        "6": "Abdomen",
        "7": "Mediastinum",
        "8": "Lung",
        "9": "Bone",
    }
    lung = next(offer.voi for offer in offers if offer.name == "Lung")
    assert lung == Window(-600, 1500, explanation="Lung")


def test_no_key_means_two_things() -> None:
    display = GrayscaleDisplay(windows=(Window(1, 2), Window(3, 4), Window(5, 6)))
    keys = [o.key for o in voi_choices("CT", image_of(display), 1, STORED) if o.key]
    assert len(keys) == len(set(keys)) == 10


def test_other_modalities_have_what_the_file_and_its_values_say() -> None:
    offers = voi_choices("MR", image_of(GrayscaleDisplay()), 1, STORED)
    assert {offer.source for offer in offers} == {VoiSource.VALUES}
    assert voi_choices("MR", image_of(GrayscaleDisplay()), 1) == ()


def test_colour_is_offered_nothing() -> None:
    image = image_of(GrayscaleDisplay(), "PALETTE COLOR")
    assert voi_choices("CT", image, 1, STORED) == ()


def test_presets_are_data_with_a_name_and_a_meaning() -> None:
    for modality in window_presets():
        names = [preset.explanation for preset in presets_of(modality)]
        assert all(names)
        assert len(names) == len(set(names))
        assert all(preset.width >= 1 for preset in presets_of(modality))
