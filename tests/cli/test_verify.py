"""`lightbox verify` answers 0 for what is proven, and 1 for what is not."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.services.export_shop import (
    Shop,
    anonymous,
    dicom_files,
    wish,
    write_study,
)
from viewer.cli.program import DONE, MISUSED, REFUSED, run
from viewer.services.store import Store
from viewer.services.workers import Workers


def no_window(_: object) -> int:
    raise AssertionError("no window was asked for")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A data folder with a study, and its export beside it."""
    folder = tmp_path_factory.mktemp("verify")
    with Workers(2) as workers:
        shop = Shop(folder, workers)
        study = write_study(folder / "in", 1, images=3)
        shop.take_in(folder / "in", reference=False)
        shop.run(anonymous(wish(study, to=shop.out())))
        shop.library.close()
    return folder, study


def _verify(
    folder: Path, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[int, Any]:
    capsys.readouterr()
    argv = ["verify", *words, "--json", "--data-dir", str(folder / "data")]
    status = run(argv, no_window)
    return status, json.loads(capsys.readouterr().out)


def test_an_export_and_its_source_are_proven_and_reported(
    made: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, study = made

    status, proof = _verify(folder, capsys, str(folder / "out"), "--source", study)

    assert status == DONE
    assert proof["proven"] is True
    assert (proof["files"], proof["against"], proof["findings"]) == (3, 3, [])
    page, data = map(Path, proof["reports"])
    assert page == folder / "out-proof.html"
    assert json.loads(data.read_text())["proven"] is True


def test_one_spoiled_byte_is_told_by_file_and_status(
    made: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, study = made
    victim = dicom_files(folder / "out")[1]
    content = victim.read_bytes()
    victim.write_bytes(content[:-1] + b"\x7f")
    words = [str(folder / "out"), "--source", study, "--report", str(folder / "r")]

    try:
        status, proof = _verify(folder, capsys, *words)
        run(["verify", *words, "--data-dir", str(folder / "data")], no_window)
    finally:
        victim.write_bytes(content)

    assert status == REFUSED
    assert proof["faults"] == {"changed": 1}
    assert proof["findings"][0]["file"].endswith("IM00002.dcm")
    assert "IM00002.dcm" in capsys.readouterr().out


def test_nothing_to_prove_is_wrong_usage_and_no_export_is_refused(
    made: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, _ = made

    assert _verify(folder, capsys)[0] == MISUSED
    assert _verify(folder, capsys, str(folder / "nowhere"))[0] == REFUSED
    assert _verify(folder, capsys, str(folder / "out"), "--source", "1.2")[0] == REFUSED


def test_the_store_is_proven_until_a_file_changes_or_is_gone(
    made: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, _ = made
    status, proof = _verify(folder, capsys, "--store")
    assert (status, proof["files"], proof["surplus"]) == (DONE, 3, 0)
    first, second, _ = (path for _, path in Store(folder / "data/store").all())
    changed, gone = first.read_bytes(), second.read_bytes()
    first.chmod(0o600)

    try:
        first.write_bytes(changed[:-1] + b"\x7f")
        second.unlink()
        status, proof = _verify(folder, capsys, "--store")
    finally:
        first.write_bytes(changed)
        second.write_bytes(gone)

    assert status == REFUSED
    assert proof["changed"] == [first.name]
    assert proof["missing"] == [second.stem]
