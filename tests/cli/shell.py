"""The command line, on one data folder, in the process of the test."""

import json
from pathlib import Path
from typing import Any

import pytest

from viewer.cli.program import DONE, run


class Shell:
    """Runs commands on one data folder."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys

    def run(self, *words: str) -> int:
        """The status a command ends with."""
        return run([*words, "--data-dir", str(self.folder)], _no_window)

    def json(self, *words: str, status: int = DONE) -> dict[str, Any]:
        """What a command answers."""
        self._capsys.readouterr()
        assert self.run(*words, "--json") == status
        answer: dict[str, Any] = json.loads(self._capsys.readouterr().out)
        return answer

    def said(self) -> str:
        """What was said beside the answers since last time."""
        return self._capsys.readouterr().err


def _no_window(_: object) -> int:
    raise AssertionError("no window was asked for")
