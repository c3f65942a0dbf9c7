"""The commands that export: what is meant, what is asked, what is said."""

from pathlib import Path

from tests.commands.desks import RememberingWindow, Turns
from viewer.commands.desk import Desk, Page
from viewer.commands.exporting import (
    EXPORT_COMMANDS,
    begin_review,
    export_again,
    tell_export,
)
from viewer.core.deidentification import profile
from viewer.core.export import ExportReport, NotExported, Packing
from viewer.core.listing import StudyQuery
from viewer.core.review import Reviews
from viewer.core.withholding import Reason
from viewer.services.browsing import Place
from viewer.services.export_draft import ExportDraft
from viewer.services.export_told import ExportTold
from viewer.services.projects import Projects
from viewer.services.survey import survey

ANONYMIZED, PLAIN = EXPORT_COMMANDS


def select_all(desk: Desk) -> None:
    desk.browsing.select(desk.library.search(StudyQuery()).items)


def asked(window: RememberingWindow, turns: Turns) -> ExportDraft:
    turns.until(lambda: window.drafts)
    return window.drafts[-1]


def test_nothing_can_be_exported_without_a_selection(desk: Desk) -> None:
    assert not ANONYMIZED.enabled(desk)
    assert not PLAIN.enabled(desk)
    select_all(desk)
    assert ANONYMIZED.enabled(desk)
    desk.browsing.look_in(Place.TRASH)
    assert not ANONYMIZED.enabled(desk)


def test_on_the_reading_page_the_open_study_is_meant(
    desk: Desk, window: RememberingWindow, turns: Turns
) -> None:
    (first, *_) = desk.library.search(StudyQuery()).items
    desk.session.open([desk.library.open_study(first.study_uid)])
    window.shown = Page.READING
    assert PLAIN.enabled(desk)
    PLAIN.run(desk)
    draft = asked(window, turns)
    assert [one.study_uid for one in draft.studies] == [first.study_uid]
    assert not draft.anonymous


def test_a_draft_begins_with_a_free_place_and_the_known_projects(
    desk: Desk, window: RememberingWindow, turns: Turns, tmp_path: Path
) -> None:
    teaching = profile("teaching")
    assert teaching is not None
    Projects(desk.data_dir).make("Cases", teaching)
    target = tmp_path / "out"
    target.mkdir()
    desk.settings.change(last_export=str(target))
    select_all(desk)
    ANONYMIZED.run(desk)
    draft = asked(window, turns)
    assert draft.anonymous
    assert draft.known == {"Cases": teaching}
    assert Path(draft.place).parent == target
    assert not Path(draft.place).exists()


def test_what_is_said_at_a_review_is_kept_for_the_project(
    desk: Desk, window: RememberingWindow
) -> None:
    studies = desk.library.search(StudyQuery()).items
    found = survey(desk.library, [one.study_uid for one in studies])
    assert found.looks  # a file that does not say how it came about
    draft = ExportDraft(studies, project=" Cases ")
    begin_review(desk, found, draft)
    assert window.shown is Page.REVIEW
    desk.review.accept_nothing()
    desk.reviews.close()
    kept = desk.reviews.of("Cases")
    assert kept == desk.review.state.reviews
    assert kept != Reviews()


def test_the_end_of_an_export_is_one_sentence_with_all_of_it_behind(
    desk: Desk, window: RememberingWindow, turns: Turns
) -> None:
    why = Reason.NOT_REVIEWED
    report = ExportReport(
        wanted=3,
        exported=2,
        withheld=(NotExported("1.2", why, why.sentence),),
        to="/away/export",
    )
    told = ExportTold(report, Packing.FOLDER, anonymous=True, proof="Proven: 2 files.")
    draft = ExportDraft(desk.library.search(StudyQuery()).items, project="Cases")
    tell_export(desk, draft, told)
    assert window.notices == ["2 of 3 images exported."]
    assert [word for word, _ in window.actions] == ["Show", "Open folder"]
    window.actions[0][1]()
    assert window.told == [told]
    window.actions[1][1]()
    assert window.calls == ["open_folder"]
    export_again(desk, draft, told)
    again = asked(window, turns)
    assert again.unseen == {"1.2"}
    assert again.project == "Cases"
    assert again.place
