"""Measurements of screens are kept, each under its screen."""

from datetime import date
from pathlib import Path

import pytest

from tests.core.test_display_check import on_the_gsdf
from viewer.core.errors import ViewerError
from viewer.services.display_checks import DisplayChecks

DAY = date(2026, 11, 20)


def test_a_measurement_outlives_the_program(tmp_path: Path) -> None:
    kept = DisplayChecks(tmp_path).keep("Maker A 1", on_the_gsdf(0.5, 400), DAY)
    later = DisplayChecks(tmp_path)
    assert later.of("Maker A 1") == kept
    assert later.of("Maker A 2") is None
    assert later.of("") is None


def test_a_newer_one_takes_the_place_of_an_older(tmp_path: Path) -> None:
    checks = DisplayChecks(tmp_path)
    checks.keep("A", on_the_gsdf(0.5, 400), DAY)
    checks.keep("B", on_the_gsdf(1, 300), DAY)
    newer = checks.keep("A", on_the_gsdf(0.4, 350), date(2027, 1, 1))
    assert checks.of("A") == newer
    assert checks.of("B") is not None


def test_what_cannot_be_judged_is_not_kept(tmp_path: Path) -> None:
    checks = DisplayChecks(tmp_path)
    with pytest.raises(ViewerError):
        checks.keep("A", [1.0], DAY)
    assert checks.of("A") is None


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"A": {"luminances": 3}}'])
def test_a_damaged_file_verifies_nothing(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "displays.json").write_bytes(raw)
    checks = DisplayChecks(tmp_path)
    assert checks.of("A") is None
    assert checks.keep("A", on_the_gsdf(0.5, 400), DAY) == checks.of("A")


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(ViewerError, match="could not be kept"):
        DisplayChecks(tmp_path / "gone").keep("A", on_the_gsdf(0.5, 400), DAY)
