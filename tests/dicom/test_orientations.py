"""The letters beside a painted picture, for every way a patient can lie in a file.

Each side of the file's pixels is as bright as the side of the patient it shows; what
is painted is then read back, so that neither the letters nor the picture is believed.
"""

from itertools import permutations, product
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from tests.dicom.written_files import Value, image_file
from viewer.core.grayscale import Window
from viewer.core.image import Image
from viewer.core.orientation import side_letters
from viewer.core.render import FramePainter
from viewer.core.view import View
from viewer.dicom.read import read_file

Picture = npt.NDArray[np.uint8]

BRIGHT = {"L": 40, "R": 80, "P": 120, "A": 160, "H": 200, "F": 240}
OPPOSITE = {"L": "R", "R": "L", "P": "A", "A": "P", "H": "F", "F": "H"}
COSINES = {
    "L": "1\\0\\0",
    "R": "-1\\0\\0",
    "P": "0\\1\\0",
    "A": "0\\-1\\0",
    "H": "0\\0\\1",
    "F": "0\\0\\-1",
}
WAYS = [
    (row, column) for row, column in permutations(BRIGHT, 2) if OPPOSITE[row] != column
]
VIEWS = [
    View(zoom=1.0, turns=turns, mirrored=mirrored)
    for turns, mirrored in product(range(4), (False, True))
]
SIDE = 16
AS_STORED = Window(128, 256)
PLACED = ("CT", "MR")


def stored(row: str, column: str) -> npt.NDArray[np.uint16]:
    """The pixels of a patient whose rows run towards `row`, columns to `column`."""
    pixels = np.zeros((SIDE, SIDE), np.uint16)
    pixels[0, 4:-4], pixels[-1, 4:-4] = BRIGHT[OPPOSITE[column]], BRIGHT[column]
    pixels[4:-4, 0], pixels[4:-4, -1] = BRIGHT[OPPOSITE[row]], BRIGHT[row]
    return pixels


def read(folder: Path, modality: str, row: str, column: str) -> Image:
    extra: list[tuple[int, str, Value]] = [
        (0x00080060, "CS", modality),
        (0x00280010, "US", SIDE),
        (0x00280011, "US", SIDE),
        (0x00280030, "DS", "0.5\\0.5"),
    ]
    if modality in PLACED:
        extra += [
            (0x00200032, "DS", "11\\-22\\33"),
            (0x00200037, "DS", f"{COSINES[row]}\\{COSINES[column]}"),
        ]
    else:
        extra += [
            (0x00200020, "CS", f"{row}\\{column}"),
            (0x00200062, "CS", "L"),
        ]
    image = read_file(image_file(folder, extra, bytes(2 * SIDE**2))).instance.image
    assert image is not None
    return image


def seen(picture: Picture) -> tuple[str, str, str, str]:
    """Left, top, right and bottom of the patient, by their brightness."""
    middle = SIDE // 2
    sides = (
        picture[middle, 0],
        picture[0, middle],
        picture[middle, -1],
        picture[-1, middle],
    )
    names = {bright: name for name, bright in BRIGHT.items()}
    left, top, right, bottom = (names[int(round(int(side), -1))] for side in sides)
    return left, top, right, bottom


def test_every_way_and_every_turn_is_there() -> None:
    assert (len(WAYS), len(set(VIEWS))) == (24, 8)


@pytest.mark.parametrize("modality", ["CT", "MR", "CR", "MG"])
@pytest.mark.parametrize(("row", "column"), WAYS)
def test_the_letters_are_those_of_what_is_painted(
    tmp_path: Path, modality: str, row: str, column: str
) -> None:
    image = read(tmp_path, modality, row, column)
    painter = FramePainter(stored(row, column), image, 1, "MONOCHROME2")
    for view in VIEWS:
        picture = painter.paint(view, (SIDE, SIDE), AS_STORED)
        letters = side_letters(image.frame(1), view)
        found = letters.left, letters.top, letters.right, letters.bottom
        assert found == seen(picture), view


@pytest.mark.parametrize(("row", "column"), WAYS)
def test_a_pixel_of_the_picture_lies_where_the_plane_says(
    tmp_path: Path, row: str, column: str
) -> None:
    """Walk 3 columns and 5 rows, and see how far that is in the patient."""
    plane = read(tmp_path, "CT", row, column).frame(1).plane
    assert plane is not None
    (x, y, z) = plane.to_patient(np.array([[3.0, 5.0]]))[0]
    moved = {"L": x - 11, "P": y + 22, "H": z - 33}
    towards = {**moved, **{OPPOSITE[way]: -mm for way, mm in moved.items()}}
    assert towards[row] == pytest.approx(1.5)
    assert towards[column] == pytest.approx(2.5)
    assert sum(map(abs, moved.values())) == pytest.approx(4.0)
