"""The Studies page, without a window."""

from dataclasses import replace

from tests.commands.test_study_table import STUDY
from viewer.core.listing import StudyQuery
from viewer.services.browsing import Browsing, BrowsingState, Place


def test_another_question_forgets_the_selection() -> None:
    browsing = Browsing()
    browsing.select((STUDY,))
    browsing.ask(replace(browsing.state.query, text="mu"))
    assert browsing.state.selected == ()


def test_the_same_question_is_no_change() -> None:
    browsing = Browsing()
    seen: list[BrowsingState] = []
    browsing.changed.connect(seen.append)
    browsing.ask(StudyQuery())
    browsing.select(())
    assert seen == []


def test_dates_sort_newest_first_and_names_from_a() -> None:
    browsing = Browsing()
    directions: list[bool] = []
    browsing.changed.connect(lambda state: directions.append(state.query.descending))
    for column in ("patient_name", "patient_name", "study_date"):
        browsing.sort(column)
    assert directions == [False, True, True]


def test_the_trash_is_asked_for_as_such() -> None:
    browsing = Browsing()
    browsing.look_in(Place.TRASH)
    assert browsing.state.query == StudyQuery(trashed=True)
    assert browsing.state.query == browsing.state.empty_query


def test_the_empty_question_keeps_the_order() -> None:
    browsing = Browsing()
    browsing.sort("patient_name")
    browsing.ask(replace(browsing.state.query, text="x", modalities=("CT",)))
    empty = browsing.state.empty_query
    assert (empty.text, empty.modalities, empty.sort) == ("", (), "patient_name")
