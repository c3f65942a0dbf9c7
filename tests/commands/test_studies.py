"""What can be done with the studies of the list, and taken back."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.commands.desks import RememberingWindow, Turns
from tests.services.import_files import write_image
from viewer.commands.desk import Commands, Desk, Page
from viewer.commands.opening import open_paths, open_studies
from viewer.commands.studies import STUDY_COMMANDS
from viewer.core.listing import StudyQuery, StudySummary
from viewer.services.browsing import Place


@pytest.fixture
def commands() -> Commands:
    made = Commands()
    for command in STUDY_COMMANDS:
        made.add(command)
    return made


def listed(desk: Desk, *, trashed: bool = False) -> tuple[StudySummary, ...]:
    return desk.library.search(StudyQuery(trashed=trashed)).items


def select(desk: Desk, count: int = 1) -> tuple[StudySummary, ...]:
    studies = listed(desk)[:count]
    desk.browsing.select(studies)
    return studies


def test_nothing_can_be_done_to_no_selection(desk: Desk) -> None:
    needing = [c for c in STUDY_COMMANDS if c.id != "studies.select_all"]
    assert not [command.id for command in needing if command.enabled(desk)]


def test_open_brings_the_study_onto_the_reading_page(
    desk: Desk, commands: Commands, window: RememberingWindow, turns: Turns
) -> None:
    (study,) = select(desk)
    commands.run("studies.open", desk)
    turns.until(lambda: window.shown is Page.READING)
    assert [s.summary.study_uid for s in desk.session.studies] == [study.study_uid]


def test_a_file_that_could_not_be_opened_beside_others_is_told(
    desk: Desk, window: RememberingWindow, turns: Turns, tmp_path: Path
) -> None:
    whole = write_image(tmp_path / "whole.dcm", 1)
    half = tmp_path / "half.dcm"
    half.write_bytes(whole.read_bytes()[:-100])
    open_paths(desk, [whole, half])
    turns.until(lambda: window.shown is Page.READING)
    assert window.notices[-1] == "1 file could not be opened."
    _, show = window.actions[-1]
    show()
    assert window.calls[-1] == "report of 1"


def test_the_last_wish_wins_when_two_studies_are_opened(
    desk: Desk, window: RememberingWindow, turns: Turns
) -> None:
    first, second = (study.study_uid for study in listed(desk)[:2])
    opened: list[object] = []
    desk.session.opened.connect(lambda: opened.append(desk.session.studies))
    open_studies(desk, [first])
    open_studies(desk, [second])
    turns.until(lambda: window.shown is Page.READING)
    desk.jobs.close()
    assert [s.summary.study_uid for s in desk.session.studies] == [second]
    assert len(opened) == 1


def test_the_patients_other_studies_are_told_to_the_session(
    desk: Desk, turns: Turns
) -> None:
    uid = listed(desk)[0].study_uid
    related: list[tuple[StudySummary, ...]] = []
    desk.session.changed.connect(lambda _: related.append(desk.session.related))
    open_studies(desk, [uid])
    turns.until(lambda: len(related) > 1)
    assert [study.study_uid for study in desk.session.related] == [uid]


def test_trash_and_undo_leave_the_catalog_as_it_was(
    desk: Desk, commands: Commands, window: RememberingWindow, turns: Turns
) -> None:
    before = listed(desk)
    select(desk, 2)
    commands.run("studies.trash", desk)
    turns.until(lambda: window.notices)
    assert listed(desk) == before[2:]
    assert window.notices == ["2 studies moved to the trash."]
    word, undo = window.actions[0]
    undo()
    turns.until(lambda: desk.edits.can_redo)
    assert word == "Undo"
    assert listed(desk) == before


def test_restore_works_only_in_the_trash(
    desk: Desk, commands: Commands, window: RememberingWindow, turns: Turns
) -> None:
    (study,) = select(desk)
    assert not commands["studies.restore"].enabled(desk)
    commands.run("studies.trash", desk)
    turns.until(lambda: window.notices)
    desk.browsing.look_in(Place.TRASH)
    desk.browsing.select(listed(desk, trashed=True))
    assert not commands["studies.open"].enabled(desk)
    commands.run("studies.restore", desk)
    turns.until(lambda: len(window.notices) == 2)
    assert study in listed(desk)


def test_undo_of_a_status_gives_each_study_its_own_back(
    desk: Desk, commands: Commands, window: RememberingWindow, turns: Turns
) -> None:
    first, *_ = listed(desk)
    desk.library.set_status([first.study_uid], "read")
    before = {study.study_uid: study.status for study in listed(desk)}
    desk.browsing.select(listed(desk))
    commands.run("studies.mark_pending", desk)
    turns.until(lambda: window.notices)
    assert {study.status for study in listed(desk)} == {"pending"}
    commands.run("studies.undo", desk)
    turns.until(lambda: desk.edits.can_redo)
    assert {study.study_uid: study.status for study in listed(desk)} == before


def test_a_status_is_ticked_when_every_selected_study_has_it(
    desk: Desk, commands: Commands
) -> None:
    study, other, *_ = listed(desk)
    ticked = commands["studies.mark_read"].checked
    assert ticked is not None
    desk.browsing.select((replace(study, status="read"),))
    assert ticked(desk)
    desk.browsing.select((replace(study, status="read"), other))
    assert not ticked(desk)


def test_tags_keep_what_only_some_of_the_studies_have(
    desk: Desk, commands: Commands, window: RememberingWindow, turns: Turns
) -> None:
    first, second, *_ = listed(desk)
    desk.library.set_tags(first.study_uid, ["both", "mine"])
    desk.library.set_tags(second.study_uid, ["both"])
    desk.browsing.select(listed(desk)[:2])
    window.tags = ["teaching"]
    commands.run("studies.tags", desk)
    turns.until(lambda: window.notices)
    tags = {study.study_uid: set(study.tags) for study in listed(desk)}
    assert tags[first.study_uid] == {"mine", "teaching"}
    assert tags[second.study_uid] == {"teaching"}


def test_copied_rows_are_a_table(
    desk: Desk, commands: Commands, window: RememberingWindow
) -> None:
    (study,) = select(desk)
    commands.run("studies.copy", desk)
    head, row = window.clipboard.splitlines()
    assert head.split("\t")[:2] == ["Patient", "ID"]
    assert row.split("\t")[1] == study.patient_id
