"""Planted identifiers go through the engine, and none lives that no option retains."""

import logging
from pathlib import Path

import pytest

from tests.canaries.exporting import Flight, fly, policy
from tests.canaries.flock import flock, survivors
from viewer.core.deidentification import Option, Withheld, Written


@pytest.fixture(scope="module")
def default(tmp_path_factory: pytest.TempPathFactory) -> Flight:
    return fly(tmp_path_factory.mktemp("default"), policy())


def test_none_survives_the_default_export(default: Flight) -> None:
    assert not sorted(f"{one.family}: {one.place}" for one in default.alive)


def test_what_can_be_cleaned_leaves_and_is_not_withheld(default: Flight) -> None:
    for planted in flock().files:
        if planted.leaves is not None:
            left = isinstance(default.outcomes[planted.name], Written)
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
