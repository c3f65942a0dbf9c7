"""What is known before an export: what to look at, and what would leave."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.phantom_series import SLICES, write_series
from tests.journeys.written_on import (
    CLIP_SERIES,
    FRAMES,
    STILL_SERIES,
    STUDY,
    write_study,
)
from tests.services.import_files import DirectReader
from viewer.core.deidentification import PROFILES, Option, Policy
from viewer.core.identity import SeriesUID, SOPInstanceUID, StudyUID
from viewer.core.review import Review, Reviews, Verdict
from viewer.core.withholding import Reason
from viewer.services.importing import Importing, ImportRequest
from viewer.services.library import Library
from viewer.services.survey import Survey, Surveyed, forecast, survey

RESEARCH = PROFILES[0]


@pytest.fixture
def found(tmp_path: Path) -> Iterator[Survey]:
    reader = DirectReader()
    sources = (write_study(tmp_path / "us"), write_series(tmp_path / "ct"))
    with Library(tmp_path / "data", reader) as library:
        Importing(library, reader).run(ImportRequest(sources))
        yield survey(library, [StudyUID(STUDY), StudyUID("2.25.771")])


def test_ultrasound_is_looked_at_and_slices_are_not(found: Survey) -> None:
    assert len(found.instances) == 3 + SLICES
    assert [look.frames for look in found.looks] == [FRAMES, 1, 1]
    assert {look.series_uid for look in found.looks} == {CLIP_SERIES, STILL_SERIES}
    assert found.looks[0].title == "US · series 1 · image 1"
    assert list(found.reasons.values()) == [3]


def test_each_series_gives_a_sample_from_its_middle(found: Survey) -> None:
    titles = [one.title for one in found.samples]
    assert titles == [
        "US · series 1 · image 1",
        "US · series 2 · image 2",
        f"CT · series 2 · image {SLICES // 2 + 1}",
    ]


def test_what_nobody_has_looked_at_stays_here(found: Survey) -> None:
    told = forecast(found, RESEARCH, Reviews())
    assert (told.total, told.leaves) == (3 + SLICES, SLICES)
    assert told.stays == {Reason.NOT_REVIEWED: 3}


def test_what_was_reviewed_leaves_and_what_was_withheld_stays(found: Survey) -> None:
    clip, still = found.looks[0], found.looks[1]
    done = Review(clip.columns, clip.rows, (), Verdict.REVIEWED)
    reviews = Reviews().with_series(SeriesUID(STILL_SERIES), done)
    reviews = reviews.with_instance(
        clip.sop_instance_uid, Review(clip.columns, clip.rows, (), Verdict.WITHHELD)
    )
    told = forecast(found, RESEARCH, reviews)
    assert told.stays == {Reason.REVIEWER: 1}
    other_size = Review(still.columns + 1, still.rows, (), Verdict.REVIEWED)
    misfit = Reviews().with_series(SeriesUID(STILL_SERIES), other_size)
    assert forecast(found, RESEARCH, misfit).stays == {Reason.NOT_REVIEWED: 3}


def test_what_an_export_withheld_is_looked_at_though_the_catalog_trusts_it(
    tmp_path: Path,
) -> None:
    reader = DirectReader()
    with Library(tmp_path / "data", reader) as library:
        source = write_series(tmp_path / "ct")
        Importing(library, reader).run(ImportRequest((source,)))
        study = StudyUID("2.25.771")
        assert not survey(library, [study]).looks
        (look,) = survey(library, [study], {"2.25.77.3"}).looks
    assert look.sop_instance_uid == "2.25.77.3"
    assert look.reason == "The file says that there is writing in the picture."


def test_a_proposal_releases_nothing(found: Survey) -> None:
    look = found.looks[0]
    proposed = Review(look.columns, look.rows)
    reviews = Reviews({SOPInstanceUID(look.sop_instance_uid): proposed})
    assert forecast(found, RESEARCH, reviews).stays == {Reason.NOT_REVIEWED: 3}


@pytest.mark.parametrize(
    ("one", "policy", "reason"),
    [
        (Surveyed(stays=Reason.DOCUMENT), Policy("", "", ""), Reason.DOCUMENT),
        (
            Surveyed(stays=Reason.DOCUMENT),
            Policy("", "", "", keep_documents=True),
            None,
        ),
        (Surveyed(stays=Reason.VIDEO), Policy("", "", ""), Reason.VIDEO),
        (Surveyed(stays=Reason.STRUCTURED), Policy("", "", ""), Reason.STRUCTURED),
        (
            Surveyed(stays=Reason.STRUCTURED),
            Policy("", "", "", frozenset({Option.CLEAN_STRUCTURED_CONTENT})),
            None,
        ),
        (Surveyed(shows_face=True), Policy("", "", ""), None),
        (
            Surveyed(shows_face=True),
            Policy("", "", "", withhold_faces=True),
            Reason.FACE,
        ),
    ],
)
def test_what_cannot_be_cleaned_stays_unless_the_policy_keeps_it(
    one: Surveyed, policy: Policy, reason: Reason | None
) -> None:
    told = forecast(Survey((one,)), policy, Reviews())
    assert list(told.stays) == ([] if reason is None else [reason])
