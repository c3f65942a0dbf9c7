"""Edits of the catalog are remembered, taken back, done again."""

import pytest

from tests.commands.desks import Turns
from viewer.core.errors import ViewerError
from viewer.services.edits import Edit, Edits
from viewer.services.jobs import Jobs


def edit(log: list[str], name: str) -> Edit:
    return Edit(name, lambda: log.append(name), lambda: log.append(f"not {name}"))


def test_undo_and_redo_go_the_way_back_and_forth() -> None:
    turns, log = Turns(), list[str]()
    jobs = Jobs(turns.post)
    edits = Edits(jobs)
    for name in ("a", "b"):
        edits.apply(edit(log, name))
        turns.until(lambda: edits.can_undo)
    for _ in range(2):
        edits.undo()
        turns.until(lambda: edits.can_redo)
    assert not edits.can_undo
    edits.redo()
    turns.until(lambda: edits.can_undo)
    jobs.close()
    assert log == ["a", "b", "not b", "not a", "a"]


def test_a_new_edit_forgets_what_was_undone() -> None:
    turns, log = Turns(), list[str]()
    jobs = Jobs(turns.post)
    edits = Edits(jobs)
    edits.apply(edit(log, "a"))
    turns.until(lambda: edits.can_undo)
    edits.undo()
    turns.until(lambda: edits.can_redo)
    edits.apply(edit(log, "b"))
    turns.until(lambda: edits.can_undo)
    jobs.close()
    assert not edits.can_redo


def test_an_old_offer_to_undo_leaves_later_edits_alone() -> None:
    turns, log = Turns(), list[str]()
    jobs = Jobs(turns.post)
    edits = Edits(jobs)
    first, second = edit(log, "a"), edit(log, "b")
    for one in (first, second):
        edits.apply(one)
        turns.until(lambda: edits.can_undo)
    edits.undo_only(first)
    assert edits.can_apply
    edits.undo_only(second)
    turns.until(lambda: edits.can_redo)
    jobs.close()
    assert log == ["a", "b", "not b"]


def test_a_failed_edit_is_told_and_not_remembered() -> None:
    def fail() -> None:
        raise ViewerError("The disk is full.")

    turns, failures = Turns(), list[BaseException]()
    jobs = Jobs(turns.post)
    edits = Edits(jobs)
    edits.failed.connect(failures.append)
    edits.apply(Edit("x", fail, fail))
    turns.until(lambda: failures)
    jobs.close()
    assert not edits.can_undo
    assert edits.can_apply


@pytest.mark.parametrize("move", ["undo", "redo"])
def test_nothing_to_undo_is_no_error(move: str) -> None:
    jobs = Jobs(Turns().post)
    getattr(Edits(jobs), move)()
    jobs.close()
