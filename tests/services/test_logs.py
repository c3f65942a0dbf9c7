"""The log tells what the program did, never whom it showed."""

import logging
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from viewer.core.errors import UnreadableError
from viewer.services.logs import bug_place, bug_report, close_log, open_log
from viewer.services.places import log_file

NAME = "Papageno^Vogel"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    handler = open_log(tmp_path / "data")
    yield log_file(tmp_path / "data")
    close_log(handler)


def fail() -> None:
    """Fail with a name in the message, and in the message of the cause."""
    try:
        dict[str, int]()[NAME]
    except KeyError as cause:
        raise ValueError(NAME) from cause


def broken() -> BaseException:
    with pytest.raises(ValueError, match="Papageno") as caught:
        fail()
    return caught.value


def test_our_own_events_are_written(log: Path) -> None:
    logging.getLogger("viewer.services.anything").info("the catalog was opened")
    assert "the catalog was opened" in log.read_text("utf-8")


@pytest.mark.parametrize("library", ["pydicom", "sqlalchemy.engine", "viewers"])
def test_what_a_library_says_is_left_out(log: Path, library: str) -> None:
    logging.getLogger(library).error("Invalid value for VR PN: %s", NAME)
    assert not log.exists()


def test_a_failure_is_types_and_lines(log: Path) -> None:
    logging.getLogger("viewer.ui.crash").error("bug", exc_info=broken())
    written = log.read_text("utf-8")
    assert "ValueError" in written
    assert "KeyError" in written
    assert "test_logs.py" in written
    assert NAME not in written


def test_a_sentence_for_the_user_is_kept() -> None:
    assert bug_report(UnreadableError("The file is damaged.")) == (
        "UnreadableError: The file is damaged."
    )


def test_a_bug_is_named_by_its_type_and_line() -> None:
    place = bug_place(broken())
    assert place.startswith("ValueError at ")
    assert "test_logs.py:" in place
    assert NAME not in place


def test_the_log_is_closed_to_others(log: Path) -> None:
    logging.getLogger("viewer").info("begun")
    assert stat.S_IMODE(log.parent.stat().st_mode) == 0o700


def test_the_log_does_not_grow_for_ever(log: Path) -> None:
    ours = logging.getLogger("viewer")
    for _ in range(60):
        ours.info("x" * 100_000)
    sizes = [path.stat().st_size for path in log.parent.iterdir()]
    assert len(sizes) == 4
    assert sum(sizes) < 4_500_000


def test_a_log_whose_folder_is_gone_is_given_up_silently(
    log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(log.parent)
    logging.getLogger("viewer").error("bug", exc_info=broken())
    assert capsys.readouterr().err == ""
