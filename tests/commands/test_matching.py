"""The palette finds what a hurried hand types."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.commands.matching import ranked
from viewer.commands.program import PROGRAM_COMMANDS
from viewer.commands.reading import READING_COMMANDS
from viewer.commands.studies import STUDY_COMMANDS

ALL = (*PROGRAM_COMMANDS, *STUDY_COMMANDS, *READING_COMMANDS)


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("imp", "Import…"),
        ("full", "Full screen"),
        ("fs", "Full screen"),
        ("light", "Light theme"),
        ("trash", "Move to the trash"),
        ("mark read", "Mark as read"),
    ],
)
def test_a_few_letters_are_enough(typed: str, title: str) -> None:
    assert ranked(ALL, typed)[0].title == title


def test_nothing_typed_lists_everything_in_its_order() -> None:
    assert ranked(ALL, "") == list(ALL)


def test_letters_that_no_command_has_find_none() -> None:
    assert ranked(ALL, "qqzzqq") == []


@given(st.text(max_size=12))
def test_whatever_is_typed_every_answer_is_a_command(typed: str) -> None:
    found = ranked(ALL, typed)
    assert {c.id for c in found} <= {c.id for c in ALL}
    assert len(found) == len({c.id for c in found})
