"""Coordinates go into a report and come back, exact as far as float32 is."""

import struct

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from viewer.core.annotation import POINTS, Annotation, Shape
from viewer.core.annotation_forms import handles
from viewer.core.errors import GeometryError
from viewer.core.identity import SOPInstanceUID
from viewer.dicom.measurement_graphics import graphic

places = st.floats(-0.5, 100_000, allow_nan=False)
points = st.tuples(places, places)


@st.composite
def drawings(draw: st.DrawFn) -> Annotation:
    shape = draw(st.sampled_from(Shape))
    found = tuple(draw(points) for _ in range(POINTS[shape]))
    try:
        return Annotation("one", SOPInstanceUID("2.25.1"), 1, shape, found)
    except GeometryError:
        moved = tuple((x + 3.0 * n, y + 2.0 * n) for n, (x, y) in enumerate(found))
        return Annotation("one", SOPInstanceUID("2.25.1"), 1, shape, moved)


@given(drawings())
def test_every_coordinate_comes_back_within_float32(annotation: Annotation) -> None:
    _, data = graphic(annotation)
    raw = struct.pack(f"<{data.size}f", *data.ravel().tolist())  # VR FL
    back = np.frombuffer(raw, "<f4").reshape(-1, 2).astype(np.float64) - 0.5
    meant = annotation.points if annotation.shape is not Shape.ELLIPSE else ()
    meant = handles(annotation) if annotation.shape.has_area else meant
    for point in meant:
        off = np.abs(back - np.asarray(point)).max(axis=1).min()
        assert off <= np.spacing(np.float32(max(map(abs, point)) + 1.0))


@given(st.sampled_from(Shape), st.lists(st.integers(0, 4095), min_size=6, max_size=6))
def test_pixel_centres_come_back_exactly(shape: Shape, numbers: list[int]) -> None:
    found = [(2.0 * numbers[n], 2.0 * numbers[n + 1] + n) for n in (0, 2, 4)]
    try:
        one = Annotation(
            "one", SOPInstanceUID("2.25.1"), 1, shape, tuple(found[: POINTS[shape]])
        )
    except GeometryError:
        return
    back = (graphic(one)[1].astype(np.float64) - 0.5).tolist()
    for column, row in handles(one):
        assert [column, row] in back


@given(drawings())
def test_a_region_is_closed_and_nothing_else_is(annotation: Annotation) -> None:
    kind, data = graphic(annotation)
    closed = kind == "POLYLINE" and (data[0] == data[-1]).all()
    if annotation.shape is Shape.RECTANGLE:
        assert closed
        assert len(data) == 5
    elif annotation.shape is Shape.ELLIPSE:
        assert (kind, len(data)) == ("ELLIPSE", 4)
        across, down = np.ptp(data[:2], axis=0), np.ptp(data[2:], axis=0)
        assert across.max() >= down.max()
