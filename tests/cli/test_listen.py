"""`lightbox listen` as a process: it greets, takes what comes, and ends in order."""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services.import_files import write_series
from tests.services.test_listening import sent
from viewer.core.listing import StudyQuery
from viewer.services.library import Library

ROOT = Path(__file__).parents[2]


def start(data_dir: Path, *words: str) -> "subprocess.Popen[str]":
    program = [sys.executable, str(ROOT / "main.py"), "--data-dir", str(data_dir)]
    return subprocess.Popen(
        [*program, "listen", "--host", "127.0.0.1", "--port", "0", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def port_of(process: "subprocess.Popen[str]") -> int:
    assert process.stderr is not None
    greeting = process.stderr.readline()
    found = re.search(r"at port (\d+)", greeting)
    assert found, greeting
    return int(found[1])


@pytest.mark.parametrize("wish", [signal.SIGTERM, signal.SIGINT])
def test_it_takes_what_comes_until_it_is_told_to_stop(
    tmp_path: Path, wish: signal.Signals
) -> None:
    paths = sorted(write_series(tmp_path / "in", 10).iterdir())
    process = start(tmp_path / "data", "--json")
    port = port_of(process)
    with Library(tmp_path / "data") as window:  # another process on the same catalog
        revision = window.revision()
        assert sent(port, *paths, *paths[:2]) == [0] * 12
        process.send_signal(wish)
        out, err = process.communicate(timeout=200)
        assert process.returncode == 0, err
        assert window.revision() > revision
        (study,) = window.search(StudyQuery()).items
        assert study.instances == 10
        assert window.catalog.jobs.all() == ()
    document = json.loads(out)
    assert document["port"] == port
    assert (document["imported"], document["duplicates"]) == (10, 2)
    assert (document["conflicts"], document["refused"]) == (0, 0)
    assert document["bytes"] > 12 * 512


def test_a_taken_port_is_a_failure_of_the_environment(tmp_path: Path) -> None:
    first = start(tmp_path / "data")
    port = port_of(first)
    second = start(tmp_path / "data", "--port", str(port))
    _, err = second.communicate(timeout=200)
    assert second.returncode == 3
    assert f"Port {port} is taken" in err
    first.terminate()
    out, _ = first.communicate(timeout=200)
    assert (first.returncode, out.strip()) == (0, "0 objects came.")


def test_a_title_that_cannot_be_one_is_wrong_usage(tmp_path: Path) -> None:
    process = start(tmp_path / "data", "--aet", "far too long for a title")
    _, err = process.communicate(timeout=200)
    assert process.returncode == 2
    assert "cannot be an AE title" in err
