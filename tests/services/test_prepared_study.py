"""A study that was laid out when it was selected opens without doing it again."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from tests.services.import_files import DirectReader, write_image, write_series
from viewer.core.annotation import Annotation, Shape
from viewer.core.errors import ViewerError
from viewer.core.identity import SOPInstanceUID
from viewer.core.opened import OpenStudy
from viewer.services.importing import Importing, ImportRequest
from viewer.services.library import Library
from viewer.services.prepared_study import PreparedStudies

UID = "1.2.3"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "data", DirectReader()) as opened:
        Importing(opened).run(ImportRequest((write_series(tmp_path / "in", 3),)))
        yield opened


def images_of(study: OpenStudy) -> int:
    return sum(len(series.instances) for series in study.series)


def test_what_was_prepared_is_opened_once_as_it_is(library: Library) -> None:
    prepared = library.prepare_study(UID)
    opened = library.open_study(UID)
    assert opened.series is prepared.series
    assert library.open_study(UID).series is not prepared.series


def test_what_came_since_is_seen(library: Library, tmp_path: Path) -> None:
    prepared = library.prepare_study(UID)
    more = write_image(tmp_path / "more.dcm", SOPInstanceUID="1.2.3.99")
    Importing(library).run(ImportRequest((more,)))
    assert images_of(library.open_study(UID)) == images_of(prepared) + 1


def test_what_is_drawn_meanwhile_is_seen(library: Library) -> None:
    library.prepare_study(UID)
    image = SOPInstanceUID("1.2.3.1.1")
    line = Annotation("2.25.7", image, 1, Shape.LENGTH, ((1.0, 1.0), (3.0, 3.0)))
    library.save_annotations([line])
    assert library.open_study(UID).annotations == (line,)


def test_another_study_is_not_taken_for_it(library: Library, tmp_path: Path) -> None:
    other = write_image(
        tmp_path / "other.dcm",
        StudyInstanceUID="1.2.4",
        SeriesInstanceUID="1.2.4.1",
        SOPInstanceUID="1.2.4.1.1",
    )
    Importing(library).run(ImportRequest((other,)))
    library.prepare_study(UID)
    assert library.open_study("1.2.4").summary.study_uid == "1.2.4"


def test_the_last_two_are_kept(library: Library) -> None:
    study = library.open_study(UID)
    preparing = PreparedStudies(lambda _: study, lambda: 1)
    for uid in ("1", "2", "3"):
        preparing.prepare(uid)
    assert preparing.taken("1") is None
    assert preparing.taken("2") is preparing.taken("3") is study


def test_a_study_is_not_laid_out_twice_for_pointer_and_click(library: Library) -> None:
    pointed_at = library.prepare_study(UID)
    assert library.prepare_study(UID) is pointed_at
    library.set_tags(UID, ["another"])
    assert library.prepare_study(UID) is not pointed_at


def test_files_are_looked_at_again_after_a_while(library: Library) -> None:
    study, time = library.open_study(UID), [0.0]
    preparing = PreparedStudies(lambda _: study, lambda: 1, lambda: time[0])
    preparing.prepare(UID)
    time[0] = 6.0
    assert preparing.taken(UID) is None


def test_what_the_pointer_rested_on_does_not_expire_between_two_clicks(
    library: Library,
) -> None:
    study, time, laid_out = library.open_study(UID), [0.0], list[str]()

    def lay_out(uid: str) -> OpenStudy:
        laid_out.append(uid)
        return study

    preparing = PreparedStudies(lay_out, lambda: 1, lambda: time[0])
    for pressed_after in (1.0, 4.9):
        time[0] = 0.0
        preparing.prepare(UID)  # the pointer rests on it
        time[0] = pressed_after
        preparing.prepare(UID)
        time[0] += 0.5
        assert preparing.taken(UID) is study
    assert len(laid_out) == 3  # while nobody waited


def test_who_opens_a_study_that_is_being_prepared_waits_for_it(
    library: Library,
) -> None:
    study, begun, may_end = library.open_study(UID), Event(), Event()

    def slowly(_: str) -> OpenStudy:
        begun.set()
        assert may_end.wait(60)
        return study

    preparing = PreparedStudies(slowly, lambda: 1)
    with ThreadPoolExecutor(2) as threads:
        prepared = threads.submit(preparing.prepare, UID)
        assert begun.wait(60)
        taken = threads.submit(preparing.taken, UID)
        may_end.set()
        assert taken.result(60) is prepared.result(60) is study


def test_who_opens_a_study_waits_also_while_its_revision_is_asked(
    library: Library,
) -> None:
    study, asked, may_end = library.open_study(UID), Event(), Event()
    laid_out: list[str] = []

    def slow_revision() -> int:
        asked.set()
        assert may_end.wait(60)
        return 1

    def lay_out(uid: str) -> OpenStudy:
        laid_out.append(uid)
        return study

    preparing = PreparedStudies(lay_out, slow_revision)
    with ThreadPoolExecutor(2) as threads:
        prepared = threads.submit(preparing.prepare, UID)
        assert asked.wait(60)
        taken = threads.submit(preparing.taken, UID)
        while UID in preparing._last and not taken.done():
            may_end.wait(0.01)  # until it waits for the study, or has found none
        may_end.set()
        assert taken.result(60) is prepared.result(60) is study
    assert laid_out == [UID]  # two at once take twice as long


def test_why_a_study_cannot_be_prepared_is_said_again_when_it_is_opened(
    library: Library,
) -> None:
    for ask in (library.prepare_study, library.open_study):
        with pytest.raises(ViewerError, match="no such study"):
            ask("1.2.99")
