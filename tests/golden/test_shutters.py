"""Shutters: what is covered, and with which grey."""

import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset

from tests.golden.phantoms import colour_image, grey_image, image_of, saved, shown
from viewer.services.rendering import Wish

ROWS, COLUMNS = 20, 24
VALUES = np.full((ROWS, COLUMNS), 200, np.uint8)
Point = tuple[int, int]
Attributes = dict[str, Any]
RECTANGLES = [
    (1, 24, 1, 20),
    (5, 20, 3, 18),
    (0, 25, 0, 21),
    (7, 7, 9, 9),
    (10, 5, 1, 20),  # nothing is inside
    (-3, 40, 10, 60),
]
CIRCLES = [(10, 12, 8), (1, 1, 5), (10, 12, 0), (10, 12, 40), (-5, 12, 9), (20, 24, 13)]
POLYGONS: list[list[Point]] = [
    [(3, 3), (3, 20), (17, 20), (17, 3)],
    [(2, 12), (18, 2), (18, 22)],
    [(18, 22), (18, 2), (2, 12)],
    [(1, 1), (20, 24), (1, 24)],
    [(3, 3), (17, 20), (3, 20), (17, 3)],  # crosses itself
    [(2, 2), (2, 22), (10, 12), (18, 22), (18, 2), (10, 8)],
    [(-10, 12), (10, 40), (35, 12), (10, -20)],
    [(5, 5), (5, 15), (5, 20)],  # has no inside
]


def rectangle(left: int, right: int, upper: int, lower: int) -> Attributes:
    return {
        "ShutterLeftVerticalEdge": left,
        "ShutterRightVerticalEdge": right,
        "ShutterUpperHorizontalEdge": upper,
        "ShutterLowerHorizontalEdge": lower,
    }


def circle(row: int, column: int, radius: int) -> Attributes:
    return {"CenterOfCircularShutter": [row, column], "RadiusOfCircularShutter": radius}


def polygon(corners: list[Point]) -> Attributes:
    return {"VerticesOfThePolygonalShutter": [n for corner in corners for n in corner]}


def in_rectangle(row: int, column: int, edges: tuple[int, int, int, int]) -> bool:
    left, right, upper, lower = edges
    return left <= column <= right and upper <= row <= lower


def in_circle(row: int, column: int, shape: tuple[int, int, int]) -> bool:
    return math.dist((row, column), shape[:2]) <= shape[2]


def in_polygon(row: int, column: int, corners: list[Point]) -> bool:
    """By a ray to the right, edges included; in fractions."""
    crossings = 0
    for (r1, c1), (r2, c2) in zip(corners, corners[1:] + corners[:1], strict=True):
        cross = (r2 - r1) * (column - c1) - (c2 - c1) * (row - r1)
        between_rows = min(r1, r2) <= row <= max(r1, r2)
        if cross == 0 and between_rows and min(c1, c2) <= column <= max(c1, c2):
            return True
        if (r1 > row) != (r2 > row):
            meets = c1 + Fraction((row - r1) * (c2 - c1), r2 - r1)
            crossings += meets > column
    return crossings % 2 == 1


def covered_by(path: Path, wish: Wish | None = None) -> list[list[bool]]:
    return [[bool(v == 0) for v in row] for row in shown(path, wish)]


def shuttered(attributes: Attributes, shape: str | list[str], folder: Path) -> Path:
    ds = grey_image(VALUES)
    ds.WindowCenter, ds.WindowWidth = "128", "256"
    ds.ShutterShape = shape
    for keyword, value in attributes.items():
        setattr(ds, keyword, value)
    return saved(ds, folder)


def pixels() -> list[list[Point]]:
    return [[(r, c) for c in range(1, COLUMNS + 1)] for r in range(1, ROWS + 1)]


@pytest.mark.parametrize("edges", RECTANGLES)
def test_a_rectangle_shows_what_it_encloses(
    edges: tuple[int, int, int, int], tmp_path: Path
) -> None:
    path = shuttered(rectangle(*edges), "RECTANGULAR", tmp_path)
    wanted = [[not in_rectangle(*place, edges) for place in row] for row in pixels()]
    assert covered_by(path) == wanted
    assert not any(map(any, covered_by(path, Wish(shutter=False))))


@pytest.mark.parametrize("shape", CIRCLES)
def test_a_circle_shows_what_it_encloses(
    shape: tuple[int, int, int], tmp_path: Path
) -> None:
    path = shuttered(circle(*shape), "CIRCULAR", tmp_path)
    wanted = [[not in_circle(*place, shape) for place in row] for row in pixels()]
    assert covered_by(path) == wanted


@pytest.mark.parametrize("corners", POLYGONS, ids=range(len(POLYGONS)))
def test_a_polygon_shows_what_it_encloses(corners: list[Point], tmp_path: Path) -> None:
    path = shuttered(polygon(corners), "POLYGONAL", tmp_path)
    wanted = [[not in_polygon(*place, corners) for place in row] for row in pixels()]
    assert covered_by(path) == wanted


def test_what_lies_inside_all_shapes_shows(tmp_path: Path) -> None:
    edges, round_, corners = RECTANGLES[1], CIRCLES[0], POLYGONS[1]
    attributes = rectangle(*edges) | circle(*round_) | polygon(corners)
    shapes = ["RECTANGULAR", "CIRCULAR", "POLYGONAL"]
    path = shuttered(attributes, shapes, tmp_path)
    wanted = [
        [
            not (
                in_rectangle(*place, edges)
                and in_circle(*place, round_)
                and in_polygon(*place, corners)
            )
            for place in row
        ]
        for row in pixels()
    ]
    assert covered_by(path) == wanted


def test_edges_without_their_shape_cover_nothing(tmp_path: Path) -> None:
    attributes = rectangle(*RECTANGLES[1]) | circle(*CIRCLES[0])
    path = shuttered(attributes, "CIRCULAR", tmp_path)
    wanted = [[not in_circle(*place, CIRCLES[0]) for place in row] for row in pixels()]
    assert covered_by(path) == wanted


@pytest.mark.parametrize(
    ("p_value", "grey"),
    [(0, 0), (65535, 255), (32768, 128), (257, 1), (128, 0), (129, 1), (64250, 250)],
)
def test_the_shutter_has_the_grey_of_its_p_value(
    p_value: int, grey: int, tmp_path: Path
) -> None:
    ds = grey_image(VALUES, photometric="MONOCHROME1")
    ds.WindowCenter, ds.WindowWidth = "128", "256"
    ds.ShutterShape, ds.ShutterPresentationValue = "RECTANGULAR", p_value
    for keyword, value in rectangle(5, 20, 3, 18).items():
        setattr(ds, keyword, value)
    picture = shown(saved(ds, tmp_path))
    assert picture[0, 0] == grey
    assert picture[10, 10] == 55


def test_a_bitmap_covers_where_its_bits_are_set(tmp_path: Path) -> None:
    bits = np.random.default_rng(8).integers(0, 2, VALUES.shape, np.uint8)
    ds = grey_image(VALUES)
    ds.WindowCenter, ds.WindowWidth = "128", "256"
    ds.ShutterShape, ds.ShutterOverlayGroup = "BITMAP", 0x6002
    ds.ShutterPresentationValue = 0
    ds.add_new(0x60020010, "US", ROWS)
    ds.add_new(0x60020011, "US", COLUMNS)
    ds.add_new(0x60020050, "SS", [1, 1])
    raw = np.packbits(bits.ravel(), bitorder="little").tobytes()
    ds.add_new(0x60023000, "OW", raw + bytes(len(raw) % 2))
    path = saved(ds, tmp_path)
    assert covered_by(path) == bits.astype(bool).tolist()
    assert (shown(path, Wish(shutter=False)) == 200).all()


def test_colours_are_covered_too(tmp_path: Path) -> None:
    ds = colour_image(b"\xc8" * (3 * VALUES.size), VALUES.shape, "RGB")
    ds.ShutterShape = "CIRCULAR"
    for keyword, value in circle(*CIRCLES[0]).items():
        setattr(ds, keyword, value)
    picture = shown(saved(ds, tmp_path))
    wanted = [[not in_circle(*place, CIRCLES[0]) for place in row] for row in pixels()]
    assert (picture == 0).all(axis=2).tolist() == wanted


def test_each_frame_has_its_own_shutter(tmp_path: Path) -> None:
    ds = grey_image(np.stack([VALUES, VALUES]), frames=2)
    frames = []
    for edges in RECTANGLES[1:3]:
        frame, shutter = Dataset(), Dataset()
        shutter.ShutterShape = "RECTANGULAR"
        for keyword, value in rectangle(*edges).items():
            setattr(shutter, keyword, value)
        frame.FrameDisplayShutterSequence = [shutter]
        frames.append(frame)
    ds.PerFrameFunctionalGroupsSequence = frames
    ds.WindowCenter, ds.WindowWidth = "128", "256"
    path = saved(ds, tmp_path)
    image = image_of(path)
    for number in (1, 2):
        held = image.frame(number).shutter
        assert held is not None
        assert held.rectangle == RECTANGLES[number]
        covered = (shown(path, number=number) == 0).tolist()
        assert covered == [
            [not in_rectangle(*place, RECTANGLES[number]) for place in row]
            for row in pixels()
        ]


def test_a_circle_is_one_in_the_patient(tmp_path: Path) -> None:
    ds = grey_image(VALUES)
    ds.WindowCenter, ds.WindowWidth = "128", "256"
    ds.PixelAspectRatio = [2, 1]
    ds.ShutterShape = "CIRCULAR"
    for keyword, value in circle(10, 12, 8).items():
        setattr(ds, keyword, value)
    wanted = [
        [math.hypot(2 * (row - 10), column - 12) > 8 for row, column in line]
        for line in pixels()
    ]
    assert covered_by(saved(ds, tmp_path)) == wanted
