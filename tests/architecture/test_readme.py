"""What the README promises can be typed."""

import re
from pathlib import Path

import pytest

from viewer.cli.program import SUBCOMMANDS

ROOT = Path(__file__).parents[2]


def blocks() -> str:
    readme = ROOT / "README.md"
    if not readme.exists():
        pytest.fail("there is no README.md")
    return "\n".join(
        re.findall(r"^```.*?\n(.*?)^```", readme.read_text("utf-8"), re.M | re.S)
    )


def test_every_make_target_of_the_readme_exists() -> None:
    targets = set(re.findall(r"^make (\w+)", blocks(), re.M))
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert {"run", "test"} <= targets
    assert targets <= set(re.findall(r"^(\w+):", makefile, re.M))


def test_every_subcommand_of_the_readme_exists_and_every_one_is_told() -> None:
    words = set(re.findall(r"^(?:\$ )?lightbox ([a-z]+)\b(?![/.])", blocks(), re.M))
    assert words == set(SUBCOMMANDS)
