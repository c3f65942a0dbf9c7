"""A mark is whole, or says the same in fewer letters; it is never cut."""

import pytest

from viewer.core.calibration import MARKS
from viewer.core.marks import fitting, short_form
from viewer.core.render import CUT, MISSED
from viewer.core.series_faults import other_patient, without_pixels

SENTENCES = (
    *MARKS.values(),
    MISSED,
    CUT,
    other_patient(1).sentence,
    other_patient(12).sentence,
    without_pixels(1).sentence,
    without_pixels(12).sentence,
    "gap after image 112: 1 image missing",
    "gap after image 12: 30 images missing",
    "14 gaps: 120 images missing",
    "unequal spacing: 1.25 to 12.50 mm",
    "14 positions hold more than one image",
    "images 103, 104 lie in the same place",
    "every position holds 12 images, shown as passes",
    "slices tilted by 12.5° against their row",
    "14 images lie beside the row of the others",
    "image 112 lies 3.2 mm beside the row",
    "images of 3 orientations",
    "images of 3 sizes",
    "2 frames of reference: places do not compare",
    "12 of 120 images have no position",
    "1 of 120 images has no position",
    "12 of 120 images",
    "acquisition 2: 12 of 120 images",
    "an overlay is not shown: it cannot be read",
    "the colour profile cannot be read",
    "lossy 10.2:1, 3.15:1 JPEG 2000, JPEG-LS",
    "not calibrated",
    "drawings unsaved",
    "drawings hidden",
)
NARROW = 22  # letters in the least viewport of 4×4 on 1280 pixels


@pytest.mark.parametrize("mark", SENTENCES)
def test_every_mark_has_a_form_for_the_least_viewport(mark: str) -> None:
    assert len(short_form(mark)) <= NARROW
    assert fitting([mark], NARROW) in {(mark,), (short_form(mark),)}


@pytest.mark.parametrize("mark", SENTENCES)
def test_a_mark_that_has_room_is_whole(mark: str) -> None:
    assert fitting([mark], len(mark)) == (mark,)


@pytest.mark.parametrize(
    ("mark", "short"),
    [
        ("mm in the stated object plane only", "mm: object plane"),
        ("gap after image 12: 3 images missing", "3 missing after 12"),
        ("2 files of this series name another patient", "other patient: 2"),
        ("unequal spacing: 1.25 to 2.50 mm", "steps 1.25–2.50 mm"),
        ("1 of 20 images has no position", "no position: 1/20"),
    ],
)
def test_the_short_form_says_the_same(mark: str, short: str) -> None:
    assert short_form(mark) == short


def test_what_has_no_short_form_goes_on_in_the_next_line() -> None:
    lines = fitting(["a reason that nobody thought of before"], 16)
    assert " ".join(lines) == "a reason that nobody thought of before"
    assert max(map(len, lines)) <= 16
