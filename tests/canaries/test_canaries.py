"""Planted identifiers go through the engine, and none lives that no option retains."""

import logging
from pathlib import Path

import pytest

from tests.canaries.exporting import fly, policy
from tests.canaries.flock import flock, survivors
from viewer.core.deidentification import Option, Withheld, Written


def test_none_survives_the_default_export(tmp_path: Path) -> None:
    flight = fly(tmp_path, policy())

    assert not sorted(f"{one.family}: {one.place}" for one in flight.alive)


def test_what_can_be_cleaned_leaves_and_is_not_withheld(tmp_path: Path) -> None:
    flight = fly(tmp_path, policy())

    for planted in flock().files:
        if planted.leaves is not None:
            left = isinstance(flight.outcomes[planted.name], Written)
            assert left is planted.leaves, planted.name


@pytest.mark.parametrize("option", list(Option))
def test_an_option_retains_exactly_what_the_table_says(
    tmp_path: Path, option: Option
) -> None:
    flight = fly(tmp_path, policy(option))

    kept = {one for one in flock().canaries if option in one.fate.kept_by}
    open_to_both = {one for one in flock().canaries if option in one.fate.maybe_by}
    leaked = flight.alive - kept - open_to_both
    assert not sorted(f"{one.family}: {one.place}" for one in leaked)
    lost = kept - flight.alive
    assert not sorted(f"{one.family}: {one.place}" for one in lost)


def test_none_is_in_a_log_or_in_what_is_said_of_a_file(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        flight = fly(tmp_path, policy(Option.CLEAN_DESCRIPTORS))

    held = [out for out in flight.outcomes.values() if isinstance(out, Withheld)]
    said = "\n".join([*map(repr, held), *(map(str, caplog.messages))])
    assert not survivors([said.encode()])
