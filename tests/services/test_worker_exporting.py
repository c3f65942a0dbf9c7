"""What a worker writes for an export is whole, or it says whose fault it is."""

import os
from pathlib import Path

import pytest

from tests.services.export_shop import SCANNED
from tests.services.import_files import write_image
from viewer.core.deidentification import PROFILES, Recipe
from viewer.core.errors import EnvironmentFailure, UnreadableError
from viewer.dicom.encoding import EXPLICIT_UID
from viewer.services.export_messages import OutPlace, WentOut
from viewer.services.store import stamp_of
from viewer.services.worker_exporting import went_out

_FULL = Path("/dev/full")
_RECIPE = Recipe(PROFILES[-1], bytes(32))


def place(source: Path, target: Path) -> OutPlace:
    uids = "1.2.840.10008.5.1.4.1.1.2", "1.2.3.1.1", EXPLICIT_UID
    return OutPlace(os.fsencode(source), stamp_of(source), os.fsencode(target), *uids)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_image(tmp_path / "in.dcm", **SCANNED)


@pytest.mark.skipif(not _FULL.exists(), reason="no disk here is always full")
@pytest.mark.parametrize("recipe", [None, _RECIPE])
def test_a_full_disk_is_not_taken_for_a_damaged_source(
    source: Path, recipe: Recipe | None
) -> None:
    with pytest.raises(EnvironmentFailure, match="cannot be written"):
        went_out(place(source, _FULL), recipe)


def test_what_is_withheld_leaves_no_file(tmp_path: Path) -> None:
    hidden = write_image(tmp_path / "in.dcm", ImageType=["DERIVED", "SECONDARY"])
    answer = went_out(place(hidden, tmp_path / "out"), _RECIPE)
    assert isinstance(answer, WentOut)
    assert answer.withheld == "not-reviewed"
    assert not (tmp_path / "out").exists()


def test_what_is_written_over_is_gone(source: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"x" * 100_000)
    answer = went_out(place(source, tmp_path / "out"), None)
    assert isinstance(answer, WentOut)
    assert (tmp_path / "out").read_bytes() == source.read_bytes()


def test_a_source_that_changed_meanwhile_does_not_leave(
    source: Path, tmp_path: Path
) -> None:
    asked = place(source, tmp_path / "out")
    write_image(source, 2)
    os.utime(source, ns=(1, 1))
    with pytest.raises(UnreadableError):
        went_out(asked, None)
