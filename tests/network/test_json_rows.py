"""A list in JSON is read entry by entry, or it is said to be none."""

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.network.web.json_rows import LONGEST_ROW, json_rows

TEXTS = st.text(max_size=12)
ROWS = st.dictionaries(TEXTS, TEXTS | st.integers() | st.none(), max_size=3)


def drip(raw: bytes, size: int) -> Callable[[memoryview], int]:
    source = BytesIO(raw)
    return lambda buffer: source.readinto(buffer[:size])


def read(raw: bytes, size: int = 1 << 16) -> list[dict[str, Any]]:
    return list(json_rows(drip(raw, size)))


@given(
    st.lists(ROWS, max_size=4),
    st.integers(1, 40),
    st.sampled_from([None, 1]),
    st.sampled_from(["ascii", "utf-8"]),
)
def test_rows_come_back_however_they_are_cut(
    rows: list[dict[str, Any]], size: int, indent: int | None, charset: str
) -> None:
    raw = json.dumps(rows, indent=indent, ensure_ascii=charset == "ascii")
    try:
        encoded = raw.encode()
    except UnicodeEncodeError:  # a lone half of a pair cannot travel
        encoded = json.dumps(rows, indent=indent).encode()
    assert read(encoded, size) == rows


def test_a_row_is_here_before_the_next_one_is_sent() -> None:
    sent = [b'[{"a": 1}, ', b'{"a": 2}]']

    def pour(buffer: memoryview) -> int:
        piece = sent.pop(0)
        buffer[: len(piece)] = piece
        return len(piece)

    rows = json_rows(pour)
    assert next(rows) == {"a": 1}
    assert len(sent) == 1
    assert list(rows) == [{"a": 2}]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html>",
        b'{"a": 1}',
        b"[1]",
        b'[{"a": 1}',
        b'[{"a": 1} {"a": 2}]',
        b'[{"a": ',
        b'[{"a" 1}]' + b" " * (LONGEST_ROW + 1),
        b'[{"a": "' + b"x" * (LONGEST_ROW + (1 << 17)) + b'"}]',
        b'[{"a": ' + b"[" * 100_000,
        b'["\xff"]',
        b'[{"a": "\xff"}]',
    ],
)
def test_what_is_no_list_of_objects_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read(raw)
