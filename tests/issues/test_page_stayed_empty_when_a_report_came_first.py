"""The report of a study came before its images: the page was empty and stayed so."""

from dataclasses import replace

from tests.services.reading_studies import to_slices, to_study
from viewer.core.identity import SeriesUID
from viewer.core.opened import OpenSeries
from viewer.services.session import ReadingSession

REPORT = SeriesUID("1.2.9")
SR = "1.2.840.10008.5.1.4.1.1.88.11"


def report() -> OpenSeries:
    """A series of one document, which comes first in the list."""
    series = to_slices(REPORT, (0.0,))
    bare = replace(series.instances[0].instance, image=None, sop_class_uid=SR)
    return replace(
        series, instances=(replace(series.instances[0], instance=bare),), stacks=()
    )


def shown(session: ReadingSession) -> list[str]:
    return [
        session.stacks[one.stack_id].series.record.series_uid
        for one in session.state.viewports
        if one.stack_id
    ]


def test_the_first_series_that_has_images_is_opened() -> None:
    images = to_slices("1.2.1", (0, 1))
    for chosen in (None, REPORT):
        session = ReadingSession()
        session.open([to_study(report(), images)], series_uid=chosen)
        assert shown(session) == ["1.2.1"]


def test_the_first_images_that_come_are_shown() -> None:
    session = ReadingSession()
    session.open([to_study(report())])
    assert shown(session) == []
    session.renew([to_study(report(), to_slices("1.2.1", (0, 1)))])
    assert shown(session) == ["1.2.1"]
    session.undo()  # there is nothing to take back
    assert shown(session) == ["1.2.1"]


def test_what_comes_after_them_moves_nothing() -> None:
    session = ReadingSession()
    session.open([to_study(report(), to_slices("1.2.1", (0, 1)))])
    more = (to_slices("1.2.1", (0, 1)), to_slices("1.2.0", (0, 1)))
    session.renew([to_study(report(), *more)])
    assert shown(session) == ["1.2.1"]
