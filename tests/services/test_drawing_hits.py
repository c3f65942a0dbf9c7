"""The hand takes what it means: the nearest handle, then a label, then a line."""

from collections.abc import Mapping

from viewer.core.annotation import Annotation, Shape
from viewer.core.annotation_forms import Box
from viewer.core.identity import SOPInstanceUID
from viewer.core.view import Point
from viewer.services.drawing_hits import HANDLE_REACH, LINE_REACH, Part, hit


def line(uid: str, *points: Point) -> Annotation:
    return Annotation(uid, SOPInstanceUID("1"), 1, Shape.LENGTH, points)


LOW, HIGH = line("low", (0, 0), (100, 0)), line("high", (0, 10), (100, 10))
OVAL = Annotation("oval", SOPInstanceUID("1"), 1, Shape.ELLIPSE, ((200, 0), (260, 40)))


def taken(
    at: Point, selected: str = "", labels: Mapping[str, Box] | None = None
) -> tuple[str, Part, int] | None:
    found = hit([LOW, HIGH, OVAL], selected, labels or {}, lambda p: p, at)
    if found is None:
        return None
    return found.annotation.uid, found.part, found.handle


def test_the_nearest_handle_is_taken() -> None:
    assert taken((98, 3)) == ("low", Part.HANDLE, 1)
    assert taken((2, 8)) == ("high", Part.HANDLE, 0)
    assert taken((HANDLE_REACH, 0)) == ("low", Part.HANDLE, 0)


def test_an_axis_end_of_an_ellipse_is_a_handle_and_its_inside_is_free() -> None:
    assert taken((230, 1)) == ("oval", Part.HANDLE, 1)
    assert taken((230, 20)) is None


def test_beyond_reach_nothing_is_taken() -> None:
    assert taken((50, 10 + LINE_REACH)) == ("high", Part.LINE, 0)
    assert taken((50, 10 + LINE_REACH + 0.1)) is None


def test_between_two_lines_the_selected_one_is_taken_else_the_upper_one() -> None:
    assert taken((50, 5)) == ("high", Part.LINE, 0)
    assert taken((50, 5), selected="low") == ("low", Part.LINE, 0)


def test_a_label_comes_before_lines_and_after_handles() -> None:
    labels = {"oval": (40.0, -10.0, 104.0, 20.0)}
    assert taken((50, 5), labels=labels) == ("oval", Part.LABEL, 0)
    assert taken((100, 0), labels=labels) == ("low", Part.HANDLE, 1)
