"""The back view of a bone scan once had left and right of the front view."""

from pathlib import Path

import pytest

from tests.dicom.test_read_frames import image_of
from tests.dicom.written_files import Value, element, image_file, item
from viewer.core.image import SpacingKind
from viewer.core.orientation import SideLetters, side_letters
from viewer.core.view import View

FRONT = SideLetters("R", "H", "L", "F")
BACK = SideLetters("L", "H", "R", "F")
UNKNOWN = SideLetters()

ROWS_OF_FRONT, ROWS_OF_BACK = "1\\0\\0\\0\\0\\-1", "-1\\0\\0\\0\\0\\-1"


def detectors(*orientations: str) -> tuple[int, str, Value]:
    """One detector for each."""
    place = element(0x00200032, "DS", "0\\0\\0")
    items = b"".join(
        item(place + element(0x00200037, "DS", one)) for one in orientations
    )
    return 0x00540022, "SQ", items


@pytest.mark.parametrize(
    ("kind", "orientations", "vector", "wanted"),
    [
        ("WHOLE BODY", (ROWS_OF_FRONT, ROWS_OF_BACK), (1, 2), (FRONT, BACK)),
        ("WHOLE BODY", (ROWS_OF_FRONT, ROWS_OF_BACK), (2, 1), (BACK, FRONT)),
        ("STATIC", (ROWS_OF_FRONT, ROWS_OF_BACK), (), (UNKNOWN, UNKNOWN)),
        ("STATIC", (ROWS_OF_FRONT, ROWS_OF_BACK), (1, 3), (UNKNOWN, UNKNOWN)),
        ("STATIC", (ROWS_OF_FRONT, ROWS_OF_BACK), (1, 1), (FRONT, FRONT)),
        ("DYNAMIC", (ROWS_OF_BACK,), (), (BACK, BACK)),
        ("TOMO", (ROWS_OF_FRONT,), (1, 1), (UNKNOWN, UNKNOWN)),
    ],
)
def test_each_frame_has_the_letters_of_the_detector_that_took_it(
    tmp_path: Path,
    kind: str,
    orientations: tuple[str, ...],
    vector: tuple[int, ...],
    wanted: tuple[SideLetters, ...],
) -> None:
    extra: list[tuple[int, str, Value]] = [
        (0x00080008, "CS", f"ORIGINAL\\PRIMARY\\{kind}"),
        (0x00080060, "CS", "NM"),
        (0x00280008, "IS", "2"),
        (0x00280030, "DS", "2\\2"),
        detectors(*orientations),
    ]
    if vector:
        extra.append((0x00540020, "US", vector))
    image = image_of(image_file(tmp_path, extra, bytes(16)))
    found = tuple(side_letters(image.frame(number), View()) for number in (1, 2))
    assert found == wanted
    assert [image.frame(number).plane for number in (1, 2)] == [None, None]
    spacing = image.frame(2).spacing
    assert spacing is not None
    assert spacing.kind is SpacingKind.PATIENT
