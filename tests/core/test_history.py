"""Undo is keeping old values."""

from hypothesis import given
from hypothesis import strategies as st

from viewer.core.history import History


@given(st.lists(st.integers(), min_size=1, max_size=50))
def test_undoing_everything_and_redoing_it_ends_where_it_began(
    values: list[int],
) -> None:
    history = History(0)
    for value in values:
        history.put(value)
    last = history.value
    while history.can_undo:
        history.undo()
    assert history.value == 0
    while history.can_redo:
        history.redo()
    assert history.value == last


def test_changes_of_one_step_are_undone_together() -> None:
    history, drag = History(0), object()
    history.put(1)
    for value in (2, 3, 4):
        history.put(value, step=drag)
    history.undo()
    assert history.value == 1


def test_an_amendment_is_no_step() -> None:
    history = History(0)
    history.amend(5)
    assert not history.can_undo
    history.put(6)
    history.undo()
    assert history.value == 5


def test_a_new_change_forgets_what_was_undone() -> None:
    history = History(0)
    history.put(1)
    history.undo()
    history.put(2)
    assert not history.can_redo


def test_the_oldest_steps_are_forgotten_first() -> None:
    history = History(0, limit=3)
    for value in range(1, 10):
        history.put(value)
    while history.can_undo:
        history.undo()
    assert history.value == 6
