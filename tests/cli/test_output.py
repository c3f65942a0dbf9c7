"""What is printed can be read back, and steers nobody's terminal."""

import json
import math
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.cli.output import answer_json, answer_table, printable, to_plain


class Color(StrEnum):
    """An enumeration of a document."""

    RED = "red"


@dataclass(frozen=True)
class Inner:
    """A value inside a document."""

    when: date
    at: time
    color: Color


def test_values_become_what_json_knows() -> None:
    document = {
        "inner": Inner(date(2026, 11, 20), time(8, 5, 1), Color.RED),
        "path": Path("a/b"),
        "nothing": None,
        "none": math.nan,
        "array": np.array([[1, 2]], np.int16),
        "number": np.float32(0.5),
        "flags": (True, False),
    }
    assert to_plain(document) == {
        "inner": {"when": "2026-11-20", "at": "08:05:01", "color": "red"},
        "path": "a/b",
        "nothing": None,
        "none": None,
        "array": [[1, 2]],
        "number": 0.5,
        "flags": [True, False],
    }


def test_a_value_without_a_json_form_is_a_mistake() -> None:
    with pytest.raises(TypeError):
        to_plain(object())


@given(text=st.text(st.characters()))
def test_any_text_of_a_file_comes_back_from_json(text: str) -> None:
    # A whole run of the program would be no other way for it.
    line = json.dumps(to_plain(text), ensure_ascii=False)
    assert json.loads(line.encode("utf-8", "backslashreplace")) == text


def test_a_file_name_that_is_no_text_comes_back_from_json(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    answer_json({"path": Path("caf\udce9.dcm"), "name": "山田^太郎"})
    answer = json.loads(capfdbinary.readouterr().out)
    assert answer == {"path": "caf\udce9.dcm", "name": "山田^太郎"}


@given(text=st.text())
def test_no_text_of_a_file_steers_the_terminal(text: str) -> None:
    shown = printable(text)
    assert all(c.isprintable() or c in "\n\t" for c in shown)


def test_a_table_takes_names_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    answer_table(["name", ">n"], [["[bold]Doe[/] :smile:", 12], ["\x1b[31mred", None]])
    shown = capsys.readouterr().out
    assert "[bold]Doe[/] :smile:" in shown
    assert "\x1b" not in shown
