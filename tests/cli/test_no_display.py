"""Without a display the program says what works, in commands that can be typed."""

import shlex
from pathlib import Path

import pytest

from tests.benchmarks.phantoms import write_series
from viewer import app
from viewer.services import demo
from viewer.services.jobs import Progress


@pytest.fixture(autouse=True)
def _no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "has_display", lambda: False)


def build_quickly(folder: Path, _: Progress) -> None:
    """Another study in the place of the demo study, which takes a while to build."""
    write_series(folder / "ct", 3, 16)
    write_series(folder / "prior", 1, 16, study=2)


def test_the_window_names_what_is_missing_and_offers_the_demo(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert app.main(["--data-dir", str(tmp_path)]) == 3
    told = capsys.readouterr().err
    assert "no display" in told
    assert "--demo" in told


def test_the_command_that_is_offered_renders_the_demo_study(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(demo, "build_demo", build_quickly)
    monkeypatch.chdir(tmp_path)
    assert app.main(["--demo", "--data-dir", str(tmp_path / "my data")]) == 3
    told = capsys.readouterr().err
    line = next(line for line in told.splitlines() if " render " in line)
    words = shlex.split(line)
    assert app.main(words[words.index("render") :]) == 0
    assert (tmp_path / "demo.png").stat().st_size > 0
