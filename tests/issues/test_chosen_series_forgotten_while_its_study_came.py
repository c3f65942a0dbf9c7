"""A series was chosen, the next image of its study came, and the whole study opened."""

from dataclasses import replace

from tests.commands.test_study_table import STUDY
from viewer.core.identity import SeriesUID, StudyUID
from viewer.services.browsing import Browsing

CHOSEN = SeriesUID("1.2.3.4")


def browsing_with_a_chosen_series() -> Browsing:
    browsing = Browsing()
    browsing.select((STUDY,))
    browsing.choose_series(CHOSEN)
    return browsing


def test_a_chosen_series_stays_chosen_while_its_study_grows() -> None:
    browsing = browsing_with_a_chosen_series()
    grown = replace(STUDY, instances=STUDY.instances + 1)
    browsing.select((grown,))
    assert browsing.state.selected == (grown,)
    assert browsing.state.series_uid == CHOSEN


def test_a_chosen_series_does_not_go_along_to_another_study() -> None:
    for others in ((replace(STUDY, study_uid=StudyUID("9.9")),), (), (STUDY, STUDY)):
        browsing = browsing_with_a_chosen_series()
        browsing.select(others)
        assert browsing.state.series_uid is None
