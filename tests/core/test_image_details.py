"""The inspector tells what is known of an image, and leaves out what is not."""

from dataclasses import replace

from tests.services.reading_studies import to_projections, to_slices, to_study
from viewer.core.image_details import image_details
from viewer.core.ultrasound import UltrasoundRegion
from viewer.services.reading_stacks import ReadingStacks


def test_a_slice_tells_its_spacing_its_place_and_its_coding() -> None:
    (stack,) = ReadingStacks([to_study(to_slices("1.2.1", [4.0]))])
    details = dict(image_details(stack.facts(0), "Explicit VR Little Endian"))
    assert details == {
        "Pixel spacing": "1 mm (patient)",
        "Position": "−32.0  −24.0  4.0 mm",
        "Matrix": "64 × 48",
        "Samples": "MONOCHROME2, 16 bit, unsigned",
        "Rescale": "× 1 − 1024 HU",
        "Coding": "Explicit VR Little Endian",
    }


def test_an_unknown_spacing_is_said_to_be_unknown() -> None:
    (stack,) = ReadingStacks([to_study(to_projections("1.2.1"))])
    assert dict(image_details(stack.facts(0), ""))["Pixel spacing"] == "not known"


def test_an_ultrasound_has_the_spacing_of_its_largest_region() -> None:
    (stack,) = ReadingStacks([to_study(to_projections("1.2.1"))])
    facts = stack.facts(0)
    assert facts.instance.image is not None
    image = replace(
        facts.instance.image,
        regions=(
            UltrasoundRegion(0, 0, 9, 9, 1.0, 1.0),
            UltrasoundRegion(10, 0, 40, 40, 0.2, 0.5),
        ),
    )
    facts = replace(facts, instance=replace(facts.instance, image=image))
    details = dict(image_details(facts, ""))
    assert details["Pixel spacing"] == "0.2 × 0.5 mm (ultrasound region)"
