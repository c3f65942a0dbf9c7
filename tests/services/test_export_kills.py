"""An export that is killed at any moment has its final name whole or not at all.

``LIGHTBOX_KILLS`` says how often one is killed; the suite does it a few times.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.services.export_shop import dicom_files, sums, uids, write_study
from tests.services.import_files import DirectReader
from viewer.services.importing import Importing, ImportRequest
from viewer.services.library import Library

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("LIGHTBOX_KILLS", "4"))
IMAGES = 150
STUDY = "1.2.40.1"
FORMS = {
    "disc": ["--dicomdir", "--anonymize", "--project", "kills", "--no-verify"],
    "zip": ["--zip"],
}


def start(data_dir: Path, to: Path, form: str) -> subprocess.Popen[bytes]:
    program = [sys.executable, str(ROOT / "main.py"), "--json", "--data-dir"]
    words = ["export", STUDY, "--to", str(to), *FORMS[form]]
    return subprocess.Popen(
        [*program, str(data_dir), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )


def finished(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err.decode()
    report: dict[str, Any] = json.loads(out)
    return report


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("kills")
    write_study(made / "in", 1, IMAGES)
    with Library(made / "data", DirectReader()) as library:
        Importing(library, DirectReader()).run(
            ImportRequest((made / "in",), reference=True)
        )
    return made / "data"


@pytest.fixture(scope="module")
def calm(
    data_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[dict[str, str], float]]:
    """What each form is when nobody kills it, and how many seconds it takes."""
    found: dict[str, tuple[dict[str, str], float]] = {}
    for form in FORMS:
        to = tmp_path_factory.mktemp("calm") / "out"
        began = time.monotonic()
        assert finished(start(data_dir, to, form))["exported"] == IMAGES
        found[form] = contents(to), time.monotonic() - began
    return found


def contents(to: Path) -> dict[str, str]:
    """Every file of an export but the index, which has a name of its own each time."""
    if to.is_file():
        return {to.name: sums(to.parent)[to.name]}
    return {name: sha for name, sha in sums(to).items() if name != "DICOMDIR"}


@pytest.mark.parametrize("kill", range(KILLS))
def test_an_export_killed_at_any_moment_is_whole_or_not_there_and_goes_on(
    tmp_path: Path,
    data_dir: Path,
    calm: dict[str, tuple[dict[str, str], float]],
    kill: int,
) -> None:
    form = list(FORMS)[kill % len(FORMS)]
    whole, duration = calm[form]
    share = random.Random(kill).uniform(0.2, 1.05)  # noqa: S311 - the same every time
    process = start(data_dir, tmp_path / "out", form)
    with suppress(subprocess.TimeoutExpired):
        process.wait(share * duration)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    if (tmp_path / "out").exists():
        assert contents(tmp_path / "out") == whole
        return
    report = finished(start(data_dir, tmp_path / "out", form))
    assert report["exported"] == report["wanted"] == IMAGES
    assert contents(tmp_path / "out") == whole
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    if form == "disc":
        assert len(uids(dicom_files(tmp_path / "out"))) == IMAGES
