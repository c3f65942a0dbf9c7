"""A multipart answer gives back its parts, however it is cut, or says what is wrong."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.network.web_archive import multipart
from viewer.network.web.multipart import (
    Multipart,
    NotMultipartError,
    TruncatedError,
    boundary_of,
)

BODIES = st.lists(st.binary(max_size=300), min_size=1, max_size=5)


class Drip:
    """Hands out bytes a few at a time."""

    def __init__(self, raw: bytes, size: int) -> None:
        self._source, self._size = BytesIO(raw), size

    def read_into(self, buffer: memoryview) -> int:
        """The next of them."""
        return self._source.readinto(buffer[: self._size])


def read(raw: bytes, size: int = 1 << 20, boundary: bytes = b"b7") -> list[bytes]:
    parts = Multipart(Drip(raw, size).read_into, boundary).parts()
    return [b"".join(bytes(piece) for piece in pieces) for _, pieces in parts]


@given(BODIES, st.integers(1, 50))
def test_parts_come_back_as_they_were_however_they_are_cut(
    bodies: list[bytes], size: int
) -> None:
    raw, kind = multipart(bodies, "q-4")
    assert boundary_of(kind) == b"q-4"
    assert read(raw, size, b"q-4") == bodies


@pytest.mark.parametrize(
    "body", [b"\r\n--b", b"\r\n--b\r\n", b"--b7\r\n", b"\r\r\n\n--b7", b"\r\n-", b"\n"]
)
def test_what_looks_almost_like_a_boundary_belongs_to_the_part(body: bytes) -> None:
    for size in range(1, 20):
        assert read(multipart([body, b"x"])[0], size) == [body, b"x"]


def test_an_answer_that_ends_anywhere_too_early_is_known_to() -> None:
    raw, _ = multipart([b"one", b"two\r\n"])
    for end in range(len(raw)):
        with pytest.raises(TruncatedError):
            read(raw[:end], 7)


def test_what_stands_around_the_parts_is_passed_over() -> None:
    raw, _ = multipart([b"one"])
    padded = b"hello" + raw.replace(b"--b7\r\n", b"--b7 \t\r\n") + b"\r\nbye"
    assert read(padded) == [b"one"]


def test_a_part_that_is_not_read_is_passed_over() -> None:
    raw, _ = multipart([b"one" * 1000, b"two"])
    parts = Multipart(Drip(raw, 64).read_into, b"b7").parts()
    kinds = [head.get_content_type() for head, _ in parts]
    assert kinds == ["application/dicom"] * 2


@pytest.mark.parametrize(
    "raw",
    [
        b"--b7 and more\r\n\r\n\r\n--b7--",
        b"--b7\r\n" + b"x" * 100_000,
        b"--b7!\r\nContent-Type: a/b\r\n\r\nx\r\n--b7--",
    ],
)
def test_what_is_no_multipart_is_refused(raw: bytes) -> None:
    with pytest.raises(NotMultipartError):
        read(raw)


def test_a_huge_part_takes_no_more_room_than_a_small_one() -> None:
    left = [64]

    def pour(buffer: memoryview) -> int:
        if not left[0]:
            return 0
        left[0] -= 1
        buffer[:] = bytes(len(buffer))
        return len(buffer)

    head = BytesIO(b"--b7\r\nA: b\r\n\r\n")
    source = Multipart(lambda room: head.readinto(room) or pour(room), b"b7")
    _, pieces = next(source.parts())
    sizes: list[int] = []
    with pytest.raises(TruncatedError):
        sizes.extend(len(piece) for piece in pieces)
    assert sum(sizes) == 0 or max(sizes) <= 1 << 18


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "application/dicom+json",
        "multipart/related",
        "multipart/related; boundary=" + "x" * 300,
        "multipart/related; boundary=ü",
        "garbage;;;=",
    ],
)
def test_what_names_no_boundary_is_no_multipart(kind: str) -> None:
    assert boundary_of(kind) is None
