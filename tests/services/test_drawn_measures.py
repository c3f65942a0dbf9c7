"""What was measured stands on a rendered picture where it was drawn."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from tests.golden.phantoms import grey_image, image_of, saved
from viewer.core.annotation import Annotation, Shape
from viewer.core.identity import SOPInstanceUID
from viewer.core.measurement_text import label_lines
from viewer.core.measuring import measured
from viewer.core.ruler import rulers
from viewer.core.view import View, ViewTransform
from viewer.dicom.frames import read_frame
from viewer.dicom.read import read_file
from viewer.services.rendering import Wish, render

DRAWING = (255, 213, 74)
UID = SOPInstanceUID("2.25.3")
Points = tuple[tuple[float, float], ...]
Picture = npt.NDArray[np.uint8]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A dark image of 200 × 100 pixels, each twice as high as wide."""
    ds = grey_image(np.full((100, 200), 10, np.int16))
    ds.Modality = "CT"
    ds.WindowCenter, ds.WindowWidth = "500", "1000"
    ds.PixelSpacing = [1.0, 0.5]
    ds.ImagePositionPatient, ds.ImageOrientationPatient = [0, 0, 0], [1, 0, 0, 0, 1, 0]
    return saved(ds, tmp_path)


def drawn(shape: Shape, points: Points, frame: int = 1) -> Annotation:
    return Annotation("one", UID, frame, shape, points)


def pictures(path: Path, one: Annotation, wish: Wish) -> tuple[Picture, Picture]:
    """Without the drawing and with it."""
    record, stored = read_file(path), read_frame(path, image_of(path), 1)
    without = render(record, 1, stored, wish)
    return without.pixels, render(
        record, 1, stored, replace(wish, drawings=(one,))
    ).pixels


def yellow(picture: Picture) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = (picture == DRAWING).all(axis=2)
    return found


@pytest.mark.parametrize(
    "wish", [Wish(annotations=True), Wish(annotations=True, size=(500, 700))]
)
def test_a_line_lies_on_the_pixels_it_was_drawn_through(path: Path, wish: Wish) -> None:
    line = drawn(Shape.LENGTH, ((40.0, 30.0), (80.0, 30.0)))
    _, picture = pictures(path, line, wish)
    if wish.size is None:
        transform = ViewTransform(View(zoom=1.0), (200, 100), (200, 100))
    else:
        transform = ViewTransform(View(), (200, 100), wish.size, 2.0)
    inked = yellow(picture)
    for column in range(40, 81, 5):
        x, y = transform.to_viewport((column, 30.0))
        assert inked[int(y), int(x)]
    x, y = transform.to_viewport((60.0, 36.0))
    assert not inked[int(y), int(x)]


@pytest.mark.parametrize(
    ("shape", "points"),
    [
        (Shape.LENGTH, ((40.0, 30.0), (80.0, 60.0))),
        (Shape.ANGLE, ((40.0, 30.0), (80.0, 60.0), (90.0, 20.0))),
        (Shape.RECTANGLE, ((20.0, 20.0), (60.0, 50.0))),
        (Shape.ELLIPSE, ((150.0, 20.0), (190.0, 50.0))),  # no room on its right
        (Shape.PROBE, ((100.0, 50.0),)),
    ],
)
def test_every_shape_is_drawn_and_says_what_it_measures(
    path: Path, shape: Shape, points: Points
) -> None:
    one = drawn(shape, points)
    image, stored = image_of(path), read_frame(path, image_of(path), 1)
    assert all(label_lines(measured(one, image, stored, "MONOCHROME2")))
    without, picture = pictures(path, one, Wish(annotations=True, size=(800, 800)))
    assert not yellow(without).any()
    assert yellow(picture).sum() > 60
    _, bare = pictures(path, one, Wish(size=(800, 800)))
    assert bare.ndim == 2, "only with the annotations"


def test_drawings_of_other_frames_are_left_away(path: Path) -> None:
    line = drawn(Shape.LENGTH, ((40.0, 30.0), (80.0, 30.0)), frame=2)
    without, picture = pictures(path, line, Wish(annotations=True))
    assert np.array_equal(without, picture)


def test_a_moved_label_has_a_line_that_leads_to_it(path: Path) -> None:
    line = Annotation(
        "one", UID, 1, Shape.LENGTH, ((10.0, 10.0), (20.0, 10.0)), (150.0, 80.0)
    )
    _, picture = pictures(path, line, Wish(annotations=True, size=(800, 800)))
    rows, columns = np.nonzero(yellow(picture))
    assert columns.max() - columns.min() > 350
    assert rows.max() - rows.min() > 350


def test_the_ruler_of_a_picture_that_is_not_brought_in_shape_counts_its_rows(
    path: Path,
) -> None:
    """One pixel a row: the picture says itself that they are twice as high."""
    record, stored = read_file(path), read_frame(path, image_of(path), 1)
    bare = render(record, 1, stored, Wish())
    assert (bare.pixels.shape, bare.row_proportion) == ((100, 200), 2.0)
    spacing = image_of(path).frame(1).spacing
    _, wanted = rulers(ViewTransform(View(zoom=1.0), (200, 100), (200, 100)), spacing)
    assert wanted is not None
    assert wanted.pixels == wanted.length_mm  # rows are a millimetre apart
    picture = render(record, 1, stored, Wish(annotations=True)).pixels
    ink = (picture[:, 4] == (232, 235, 239)).all(axis=1)  # the ruler at the left
    (rows,) = np.nonzero(ink)
    assert abs(int(rows.max() - rows.min()) - wanted.pixels) <= 2
