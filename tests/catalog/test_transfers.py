"""What is to be fetched or sent stays known until it is done."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.catalog.arrivals import arrival
from viewer.catalog.catalog import Catalog
from viewer.core.identity import SeriesUID, StudyUID
from viewer.core.peers import Way
from viewer.core.remote import RemoteKey
from viewer.core.transfer import SOON, Direction, TransferState

STUDY = RemoteKey(StudyUID("1.2.3"))
SERIES = RemoteKey(StudyUID("1.2.3"), SeriesUID("1.2.3.4"))
FETCH, SEND = Direction.FETCH, Direction.SEND


def test_a_wish_survives_the_program(tmp_path: Path) -> None:
    file = tmp_path / "catalog.sqlite"
    first = Catalog(file, lambda sha: sha.hex())
    added = first.transfers.add(FETCH, "pacs", [STUDY, SERIES], way=Way.MOVE)
    first.close()
    again = Catalog(file, lambda sha: sha.hex())
    assert again.transfers.all(unfinished=True) == added
    assert [one.way for one in added] == [Way.MOVE, Way.MOVE]
    again.close()


def test_the_same_wish_is_kept_once_and_begins_anew(catalog: Catalog) -> None:
    (first,) = catalog.transfers.add(FETCH, "pacs", [STUDY])
    catalog.transfers.wish([first.id], TransferState.CANCELLED)
    (again,) = catalog.transfers.add(FETCH, "pacs", [STUDY])
    (other,) = catalog.transfers.add(SEND, "pacs", [STUDY])
    assert again.id == first.id
    assert again.state is TransferState.WAITING
    assert other.id != first.id


def test_what_has_priority_is_claimed_first_and_only_once(catalog: Catalog) -> None:
    slow, quick = catalog.transfers.add(FETCH, "pacs", [STUDY, SERIES])
    catalog.transfers.set_priority([quick.id], SOON)
    claimed = [catalog.transfers.claim("job", {"job"}) for _ in range(3)]
    assert [one and one.id for one in claimed] == [quick.id, slow.id, None]


def test_what_a_dead_job_was_doing_is_taken_up_again(catalog: Catalog) -> None:
    (wish,) = catalog.transfers.add(FETCH, "pacs", [STUDY])
    assert catalog.transfers.claim("first", {"first"})
    assert catalog.transfers.claim("second", {"first", "second"}) is None
    taken = catalog.transfers.claim("second", {"second"})
    assert taken is not None
    assert taken.id == wish.id


def test_an_attempt_that_failed_waits_before_the_next(catalog: Catalog) -> None:
    (wish,) = catalog.transfers.add(FETCH, "pacs", [STUDY])
    catalog.transfers.claim("job", {"job"})
    later = datetime.now(UTC) + timedelta(hours=1)
    waiting = TransferState.WAITING
    catalog.transfers.leave(wish.id, waiting, reason="No.", again=later, attempts=1)
    assert catalog.transfers.claim("job", {"job"}) is None
    (found,) = catalog.transfers.get([wish.id])
    assert (found.reason, found.attempts, found.not_before) == ("No.", 1, later)
    catalog.transfers.wish([wish.id], TransferState.WAITING)
    assert catalog.transfers.claim("job", {"job"}) is not None


@pytest.mark.parametrize("wanted", [TransferState.PAUSED, TransferState.CANCELLED])
def test_a_pause_is_noticed_at_the_next_step_and_not_overwritten(
    catalog: Catalog, wanted: TransferState
) -> None:
    (wish,) = catalog.transfers.add(FETCH, "pacs", [STUDY])
    catalog.transfers.claim("job", {"job"})
    catalog.transfers.wish([wish.id], wanted)
    assert catalog.transfers.advance(wish.id, total=9, done=4, failed=0) is wanted
    catalog.transfers.leave(wish.id, TransferState.DONE)
    (found,) = catalog.transfers.get([wish.id])
    assert found.state is wanted
    assert found.share == "4 of 9"


def test_what_is_done_is_not_taken_up_again_by_a_mistake(catalog: Catalog) -> None:
    (wish,) = catalog.transfers.add(FETCH, "pacs", [STUDY])
    catalog.transfers.claim("job", {"job"})
    catalog.transfers.leave(wish.id, TransferState.DONE)
    for state in (TransferState.WAITING, TransferState.PAUSED):
        catalog.transfers.wish([wish.id], state)
    (found,) = catalog.transfers.get([wish.id])
    assert found.state is TransferState.DONE


def test_single_outcomes_are_kept_and_forgotten_with_their_transfer(
    catalog: Catalog,
) -> None:
    (wish,) = catalog.transfers.add(SEND, "pacs", [STUDY])
    catalog.transfers.note_outcomes(wish.id, {"1.1": "", "1.2": "Full."})
    catalog.transfers.note_outcomes(wish.id, {"1.2": ""})
    assert catalog.transfers.outcomes(wish.id) == {"1.1": "", "1.2": ""}
    catalog.transfers.forget([wish.id])
    assert len(catalog.transfers.all()) == 1  # it is not over
    catalog.transfers.wish([wish.id], TransferState.CANCELLED)
    catalog.transfers.forget([wish.id])
    assert catalog.transfers.all() == ()


def test_a_study_that_is_here_in_part_says_how_much_is_missing(
    catalog: Catalog,
) -> None:
    one = arrival(1)
    catalog.file_all([one])
    study, series = one.record.study.study_uid, one.record.series.series_uid
    revision = catalog.revision()
    catalog.expected.note("pacs", study, {series: 3, "9.9": 10})
    assert catalog.revision() > revision
    summary = catalog.summary(study)
    assert summary is not None
    assert (summary.instances, summary.missing) == (1, 12)
    assert catalog.expected.missing(study) == {series: 2, "9.9": 10}


def test_a_series_that_is_complete_is_struck_out(catalog: Catalog) -> None:
    one = arrival(1)
    catalog.file_all([one])
    study, series = one.record.study.study_uid, one.record.series.series_uid
    catalog.expected.note("pacs", study, {series: 1, "9.9": 10})
    assert catalog.expected.settle(study) == 10
    catalog.expected.note("pacs", study, {"9.9": 0})
    assert catalog.expected.settle(study) == 0
    summary = catalog.summary(study)
    assert summary is not None
    assert summary.missing == 0
