"""Imports as processes: killed at any moment, and several at once on one folder.

``LIGHTBOX_KILLS`` says how often an import is killed; the suite does it a few times.
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

from tests.services.import_files import write_image, write_series
from viewer.core.listing import StudyQuery
from viewer.services.library import Library

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("LIGHTBOX_KILLS", "6"))
_FILES = 300


def start(data_dir: Path, *paths: Path) -> subprocess.Popen[bytes]:
    program = [sys.executable, str(ROOT / "main.py"), "--json", "--data-dir"]
    return subprocess.Popen(
        [*program, str(data_dir), "import", *map(str, paths)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )


def finished(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err.decode()
    report: dict[str, Any] = json.loads(out)
    return report


def held(data_dir: Path) -> dict[str, Any]:
    """Everything an import leaves: rows, conflicts, and the files of the store."""
    with Library(data_dir) as library:
        studies = library.search(StudyQuery(limit=None)).items
        return {
            "studies": sorted(studies, key=lambda study: study.study_uid),
            "files": {
                filed.sop_instance_uid: filed.sha256
                for study in studies
                for _, members in library.catalog.filed_series(study.study_uid)
                for filed in members
            },
            "conflicts": sorted(
                (c.kind, c.sop_instance_uid, Path(c.path).name)
                for c in library.conflicts()
            ),
            "store": {path.name for _, path in library.store.all()},
            "unfinished": library.store.workspaces(),
            "jobs": library.catalog.jobs.all(),
            "wanted": library.catalog.imports.all(),
            "faults": library.catalog.faults(),
        }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two studies, with a conflict of each kind among their files."""
    made = tmp_path_factory.mktemp("in")
    write_series(made / "a", _FILES)
    other = {"StudyInstanceUID": "1.2.4", "SeriesInstanceUID": "1.2.4.1"}
    for number in range(1, 21):
        path = made / f"b/{number}.dcm"
        write_image(path, number, SOPInstanceUID=f"1.2.4.1.{number}", **other)
    write_image(made / "c/other bytes.dcm", 7, StudyDescription="Changed")
    write_image(made / "c/other patient.dcm", _FILES + 1, PatientID="P2")
    return made


@pytest.fixture(scope="module")
def undisturbed(
    tmp_path_factory: pytest.TempPathFactory, folder: Path
) -> tuple[dict[str, Any], float]:
    """What an import leaves that nobody killed, and how many seconds it took."""
    data_dir = tmp_path_factory.mktemp("calm")
    began = time.monotonic()
    report = finished(start(data_dir, folder))
    duration = time.monotonic() - began
    assert (report["imported"], report["conflicts"]) == (_FILES + 20, 2)
    return held(data_dir), duration


@pytest.mark.parametrize("kill", range(KILLS))
def test_an_import_killed_at_any_moment_ends_like_one_that_was_not(
    tmp_path: Path,
    folder: Path,
    undisturbed: tuple[dict[str, Any], float],
    kill: int,
) -> None:
    calm, duration = undisturbed
    share = random.Random(kill).uniform(0.1, 1.0)  # noqa: S311 - the same every time
    process = start(tmp_path / "data", folder)
    with suppress(subprocess.TimeoutExpired):
        process.wait(share * duration)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    again = finished(start(tmp_path / "data", folder))
    assert again["imported"] + again["duplicates"] == _FILES + 20
    assert held(tmp_path / "data") == calm


def test_two_processes_import_into_one_folder_at_once(
    tmp_path: Path, folder: Path
) -> None:
    both = [start(tmp_path / "data", folder) for _ in range(2)]
    reports = [finished(process) for process in both]
    assert sum(report["imported"] for report in reports) == _FILES + 20
    for report in reports:
        assert report["imported"] + report["duplicates"] == _FILES + 20
        assert report["conflicts"] == 2
    after = held(tmp_path / "data")
    assert after["faults"] == ()
    assert after["unfinished"] == []
    assert len(after["files"]) == _FILES + 20


def test_a_window_reads_and_writes_while_a_command_line_imports(
    tmp_path: Path, folder: Path
) -> None:
    data_dir = tmp_path / "data"
    with Library(data_dir) as library:
        revision = library.revision()
        process = start(data_dir, folder)
        seen = [0]
        while process.poll() is None:
            studies = library.search(StudyQuery()).items
            seen.append(sum(study.instances for study in studies))
            library.set_status([study.study_uid for study in studies], "read")
        finished(process)
        studies = library.search(StudyQuery()).items
        assert seen == sorted(seen)
        assert library.revision() > revision
        assert sum(study.instances for study in studies) == _FILES + 20
