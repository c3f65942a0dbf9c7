"""The command line is a contract: what goes where, and which status it ends with."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path

import pytest
import typer

from viewer.cli import program
from viewer.cli.options import options_of
from viewer.cli.output import answer_json
from viewer.core.errors import EnvironmentFailure, UnreadableError
from viewer.services.opening import WindowRequest
from viewer.services.places import log_file

ROOT = Path(__file__).parents[2]
NAME = "Mueller^Hans"


@dataclass
class Window:
    """Remembers what it was asked to open."""

    requests: list[WindowRequest] = field(default_factory=list)

    def open_on(self, request: WindowRequest) -> int:
        """Note the request."""
        self.requests.append(request)
        return 0


def refuse(_: WindowRequest) -> int:
    raise EnvironmentFailure("There is no display.", hint="Plug one in.")


class Probe:
    """A module of subcommands that do what a test needs."""

    @staticmethod
    def register(app: typer.Typer) -> None:
        """Add the command."""

        @app.command()
        def probe(context: typer.Context, deed: str, number: int = 0) -> int:
            DEEDS[deed](context)
            return number


def _answer(context: typer.Context) -> None:
    options = options_of(context)
    answer_json({"json": options.json, "data_dir": options.data_dir})


def _refuse(_: typer.Context) -> None:
    raise UnreadableError("The file is damaged.", hint="Ask for it again.")


def _environment(_: typer.Context) -> None:
    raise EnvironmentFailure("The disk is full.")


def _bug(_: typer.Context) -> None:
    raise KeyError(NAME)


def _interrupt(_: typer.Context) -> None:
    raise KeyboardInterrupt


DEEDS: dict[str, Callable[[typer.Context], None]] = {
    "answer": _answer,
    "refuse": _refuse,
    "environment": _environment,
    "bug": _bug,
    "interrupt": _interrupt,
    "nothing": lambda _: None,
}


@pytest.fixture
def _probe(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(
        program.SUBCOMMANDS, "probe", program.Subcommand("probe", "", "")
    )
    monkeypatch.setitem(sys.modules, "viewer.cli.probe", Probe)
    yield
    handlers = logging.getLogger("viewer").handlers
    assert not any(isinstance(handler, RotatingFileHandler) for handler in handlers)


def run(*argv: str) -> int:
    return program.run(argv, refuse)


def opened(*argv: str) -> WindowRequest:
    window = Window()
    assert program.run(argv, window.open_on) == 0
    return window.requests[0]


def test_without_a_subcommand_the_window_opens(tmp_path: Path) -> None:
    (tmp_path / "a.dcm").touch()
    request = opened(str(tmp_path / "a.dcm"), "--demo", "--data-dir", str(tmp_path))
    assert request == WindowRequest(tmp_path, (tmp_path / "a.dcm",), demo=True)


def test_a_word_alone_opens_the_window() -> None:
    assert opened().paths == ()


def test_after_two_dashes_everything_is_a_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("--json", "import", "--data-dir"):
        (tmp_path / name).touch()
    request = opened("--", "--json", "import", "--data-dir")
    assert [path.name for path in request.paths] == ["--json", "import", "--data-dir"]


def test_a_command_wins_over_a_file_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "doctor").touch()
    assert opened("./doctor").paths == (tmp_path / "doctor",)
    assert run("doctor", "--help") == 0


def test_a_missing_path_is_refused_before_a_window_opens(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("studdies") == 1
    assert "Did you mean lightbox studies?" in capsys.readouterr().err


@pytest.mark.parametrize(
    "argv",
    [
        ["--json", "probe", "answer", "--data-dir", "DIR"],
        ["--data-dir=DIR", "probe", "--json", "answer"],
        ["probe", "answer", "--data-dir", "DIR", "--json"],
    ],
)
@pytest.mark.usefixtures("_probe")
def test_data_dir_and_json_may_stand_anywhere(
    argv: Sequence[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*(word.replace("DIR", str(tmp_path)) for word in argv)) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer == {"json": True, "data_dir": str(tmp_path)}


@pytest.mark.usefixtures("_probe")
def test_a_commands_own_number_is_its_exit_status() -> None:
    assert run("probe", "nothing", "--number", "3") == 3


@pytest.mark.parametrize(
    ("argv", "status"),
    [
        (["probe", "refuse"], 1),
        (["probe", "bug"], 1),
        (["probe"], 2),
        (["probe", "nothing", "--number", "x"], 2),
        (["probe", "nothing", "--wrong"], 2),
        (["--wrong"], 2),
        (["probe", "nothing", "--data-dir"], 2),
        (["probe", "environment"], 3),
    ],
)
@pytest.mark.usefixtures("_probe")
def test_a_failure_is_a_status_and_in_json_one_document(
    argv: Sequence[str],
    status: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("--json", "--data-dir", str(tmp_path), *argv) == status
    said = capsys.readouterr()
    assert set(json.loads(said.out)) == {"error", "hint"}
    assert json.loads(said.out)["error"] in said.err
    assert "Traceback" not in said.err
    assert run("--data-dir", str(tmp_path), *argv) == status
    assert capsys.readouterr().out == ""


def test_json_without_a_command_is_wrong_usage() -> None:
    assert run("--json") == 2


def test_no_display_ends_with_three() -> None:
    assert run() == 3


@pytest.mark.usefixtures("_probe")
def test_an_interrupted_command_ends_as_the_shell_expects(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("probe", "interrupt") == 130
    assert capsys.readouterr() == ("", "Stopped.\n")


@pytest.mark.usefixtures("_probe")
def test_a_bug_is_told_by_types_and_lines_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("probe", "bug", "--data-dir", str(tmp_path))
    said, log = capsys.readouterr().err, log_file(tmp_path).read_text("utf-8")
    assert "KeyError" in said
    assert "in _bug" in log
    assert NAME not in said + log


@pytest.mark.parametrize("name", program.SUBCOMMANDS)
def test_every_command_of_the_table_is_there(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(name, "--help") == 0
    assert f"lightbox {name}" in capsys.readouterr().out


def test_a_reader_that_leaves_early_is_no_failure() -> None:
    command = [sys.executable, "main.py", "doctor", "--json"]
    reads, writes = os.pipe()
    os.close(reads)
    done = subprocess.run(
        command, cwd=ROOT, stdout=writes, stderr=subprocess.PIPE, check=False
    )
    os.close(writes)
    assert (done.returncode, done.stderr) == (program.NO_READER, b"")
