"""Mammograms hang with the same millimetres on the screen, so that breasts compare."""

from dataclasses import replace

import pytest

from tests.services.reading_studies import to_projections, to_study
from viewer.core.image import Spacing, SpacingKind
from viewer.core.opened import OpenSeries
from viewer.core.view import View, ViewTransform, proportion
from viewer.services.session import ReadingSession

DETECTOR = SpacingKind.DETECTOR
SIDES = (("R", "CC"), ("L", "CC"), ("R", "MLO"), ("L", "MLO"))
Made = tuple[tuple[int, int], tuple[float, float], SpacingKind]
"""Columns and rows, millimetres to the next row and column."""

FOUR: tuple[Made, ...] = (
    ((2400, 3000), (0.07, 0.07), DETECTOR),
    ((3500, 4700), (0.07, 0.07), DETECTOR),
    ((1900, 2300), (0.1, 0.1), DETECTOR),
    ((2400, 3000), (0.1, 0.05), DETECTOR),
)


def series_of(made: tuple[Made, ...]) -> OpenSeries:
    series = to_projections("1.2.8", SIDES[: len(made)], modality="MG")
    instances = []
    for stored, ((columns, rows), steps, kind) in zip(
        series.instances, made, strict=True
    ):
        image = stored.instance.image
        assert image is not None
        frame = replace(image.frames[0], spacing=Spacing(*steps, kind))
        pixels = replace(image.pixels, columns=columns, rows=rows)
        changed = replace(image, frames=(frame,), pixels=pixels)
        instance = replace(stored.instance, image=changed)
        instances.append(replace(stored, instance=instance))
    return replace(series, instances=tuple(instances))


def session_of(made: tuple[Made, ...]) -> ReadingSession:
    session = ReadingSession()
    session.open([to_study(series_of(made))])
    return session


def transforms(session: ReadingSession) -> list[tuple[ViewTransform, Spacing]]:
    """How each image lies in a place of 700 × 900 device pixels."""
    found = []
    for viewport in session.state.viewports:
        stack = session.stacks[viewport.stack_id]
        frame, pixels = stack.frame(viewport.image), stack.image(viewport.image).pixels
        size = (pixels.columns, pixels.rows)
        assert frame.spacing is not None
        shown = ViewTransform(viewport.view, size, (700, 900), proportion(frame))
        found.append((shown, frame.spacing))
    return found


def scales(session: ReadingSession) -> list[float]:
    """Device pixels for a millimetre along rows, and along columns."""
    return [
        scale
        for shown, spacing in transforms(session)
        for scale in (shown.zoom / spacing.column_mm, shown.row_zoom / spacing.row_mm)
    ]


def test_a_millimetre_is_as_long_in_every_place() -> None:
    session = session_of(FOUR)
    found = scales(session)
    assert len(found) == 8
    assert max(found) == pytest.approx(min(found), rel=2e-3)  # whole device pixels
    for shown, _ in transforms(session):
        width, height = shown.shown_size
        assert width <= 700
        assert height <= 900
    assert any(
        shown.shown_size[0] == 700 or shown.shown_size[1] == 900
        for shown, _ in transforms(session)
    )


def test_fit_fills_one_place_and_reset_brings_the_common_scale_back() -> None:
    session = session_of(FOUR)
    common = scales(session)[0]
    session.change_view(View.fitted)
    assert scales(session)[0] > 1.3 * common
    session.undo()
    session.change_view(lambda view: replace(view, zoom=3.0, turns=1))
    session.reset()
    assert scales(session)[0] == pytest.approx(common)


@pytest.mark.parametrize(
    "kinds", [(DETECTOR, SpacingKind.MAGNIFIED), (SpacingKind.UNKNOWN, DETECTOR)]
)
def test_millimetres_of_different_planes_are_not_compared(
    kinds: tuple[SpacingKind, SpacingKind],
) -> None:
    made = tuple((*one[:2], kind) for one, kind in zip(FOUR[:2], kinds, strict=True))
    session = session_of(made)
    assert [viewport.view.field for viewport in session.state.viewports] == [None] * 2


def test_other_radiographs_fill_their_places() -> None:
    session = ReadingSession()
    session.open([to_study(replace(series_of(FOUR[:2]), record=CHEST))])
    assert {viewport.view.field for viewport in session.state.viewports} == {None}


CHEST = replace(to_projections("1.2.8").record, modality="DX")


def test_an_image_larger_than_the_field_is_still_seen_whole() -> None:
    view = View(field=(100.0, 100.0))
    shown = ViewTransform(view, (400, 300), (200, 200))
    assert shown.shown_size == (200, 150)
