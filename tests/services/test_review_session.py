"""Looking through images for names: what is said holds, is kept, and can be undone."""

import pytest

from viewer.core.boxes import Box
from viewer.core.identity import SeriesUID, SOPInstanceUID, StudyUID
from viewer.core.review import Review, Reviews, Verdict
from viewer.services.review_session import ReviewSession
from viewer.services.review_state import Look

BOX, OTHER = Box(2, 3, 10, 4), Box(20, 3, 6, 4)


def look(number: int, series: str = "2.1", frames: int = 1, rows: int = 40) -> Look:
    return Look(
        StudyUID("2.0"),
        SeriesUID(series),
        SOPInstanceUID(f"2.9.{number}"),
        64,
        rows,
        frames,
    )


LOOKS = (look(1), look(2), look(3, rows=48), look(4, series="2.2", frames=5))


@pytest.fixture
def kept() -> list[Reviews]:
    return []


@pytest.fixture
def session(kept: list[Reviews]) -> ReviewSession:
    made = ReviewSession()
    made.begin(LOOKS, Reviews(), kept.append)
    return made


def verdict_of(session: ReviewSession, at: int) -> Verdict:
    return session.state.review_of(LOOKS[at]).verdict


def test_what_is_drawn_is_kept_at_once_and_releases_nothing(
    session: ReviewSession, kept: list[Reviews]
) -> None:
    session.add(BOX)
    assert kept[-1].of_instance[LOOKS[0].sop_instance_uid].boxes == (BOX,)
    assert verdict_of(session, 0) is Verdict.PROPOSED
    assert session.state.selected == 0


def test_a_decision_goes_on_to_the_next_that_nobody_has_seen(
    session: ReviewSession, kept: list[Reviews]
) -> None:
    session.add(BOX)
    session.accept()
    assert verdict_of(session, 0) is Verdict.REVIEWED
    assert session.state.place == 1
    session.accept_nothing()
    session.withhold()
    assert session.state.place == 3
    said = kept[-1]
    assert said.of_instance[LOOKS[1].sop_instance_uid].releases
    assert said.of_instance[LOOKS[2].sop_instance_uid].verdict is Verdict.WITHHELD
    assert session.state.progress.words == "1 of 2 series reviewed"


def test_nothing_on_this_one_takes_proposals_away(session: ReviewSession) -> None:
    session.propose(LOOKS[0].sop_instance_uid, [BOX])
    assert session.state.boxes == (BOX,)
    session.accept_nothing()
    assert session.state.review_of(LOOKS[0]) == Review(64, 40, (), Verdict.REVIEWED)


def test_a_series_is_said_of_images_of_one_size_and_in_every_frame(
    session: ReviewSession,
) -> None:
    session.go_to(1)
    session.add(OTHER)  # is replaced by what is said of the series
    session.go_to(0)
    session.add(Box(2, 3, 10, 4, 1, 1))
    session.apply_to_series()
    for at in (0, 1):
        assert session.state.review_of(LOOKS[at]).boxes == (BOX,)
        assert verdict_of(session, at) is Verdict.REVIEWED
    assert verdict_of(session, 2) is Verdict.PROPOSED  # its rows are others
    session.go_to(1)
    session.add(OTHER)  # an image of its own again
    assert session.state.review_of(LOOKS[0]).boxes == (BOX,)
    assert session.state.review_of(LOOKS[1]).boxes == (BOX, OTHER)


def test_a_series_can_be_withheld_together(session: ReviewSession) -> None:
    session.withhold()
    session.go_to(0)
    session.apply_to_series()
    assert verdict_of(session, 1) is Verdict.WITHHELD


def test_undo_takes_back_what_was_said_and_shows_where(
    session: ReviewSession, kept: list[Reviews]
) -> None:
    session.add(BOX)
    session.accept()
    assert session.state.place == 1
    session.undo()
    assert session.state.place == 0
    assert verdict_of(session, 0) is Verdict.PROPOSED
    assert list(session.state.boxes) == [BOX]
    session.undo()
    assert not session.state.boxes
    assert not kept[-1].of_instance
    session.redo()
    session.redo()
    assert verdict_of(session, 0) is Verdict.REVIEWED


def test_a_drag_by_keys_is_one_step(session: ReviewSession) -> None:
    session.add(BOX)
    for column in (3, 4, 5):
        session.change(0, Box(column, 3, 10, 4), step="keys")
    session.undo()
    assert session.state.boxes == (BOX,)


def test_proposals_never_change_what_somebody_said(session: ReviewSession) -> None:
    session.accept_nothing()
    session.propose(LOOKS[0].sop_instance_uid, [BOX])
    assert session.state.review_of(LOOKS[0]).boxes == ()
    session.add(OTHER)
    session.propose(LOOKS[1].sop_instance_uid, [BOX])
    assert session.state.review_of(LOOKS[1]).boxes == (OTHER,)


def test_proposals_that_came_meanwhile_are_not_undone(session: ReviewSession) -> None:
    session.add(OTHER)
    session.propose(LOOKS[1].sop_instance_uid, [BOX])
    session.undo()
    assert session.state.review_of(LOOKS[1]).boxes == (BOX,)


def test_a_proposal_reaches_no_further_than_the_image(session: ReviewSession) -> None:
    session.propose(LOOKS[0].sop_instance_uid, [Box(60, 38, 20, 20), Box(90, 0, 1, 1)])
    assert session.state.boxes == (Box(60, 38, 4, 2),)


def test_a_box_lies_in_one_frame_or_in_all(session: ReviewSession) -> None:
    session.go_to(3)
    session.scroll(2)
    session.add(BOX)
    session.toggle_all_frames()
    assert session.state.boxes == (Box(2, 3, 10, 4, 3, 3),)
    session.scroll(1)
    assert session.state.selected is None  # it is not on this frame
    session.select_next()
    assert session.state.selected is None
    session.scroll(-1)
    session.select_next()
    session.toggle_all_frames()
    assert session.state.boxes == (BOX,)


def test_the_looking_begins_where_it_was_left(kept: list[Reviews]) -> None:
    first = Review(64, 40, (), Verdict.REVIEWED)
    before = Reviews().with_series(SeriesUID("2.1"), first)
    session = ReviewSession()
    session.begin(LOOKS, before, kept.append)
    assert session.state.place == 2
    session.go_to_unseen()
    assert session.state.place == 3
    session.accept_nothing()
    session.accept_nothing()
    assert session.state.next_unseen() is None
    session.end()
    assert not session.active
