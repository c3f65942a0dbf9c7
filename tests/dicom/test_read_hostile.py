"""No bytes whatever make the reader crash, hang or fill the memory."""

import contextlib
import struct
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import pydicom
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.data import get_testdata_file

from tests.dicom.written_files import (
    DEFLATED,
    UNDEFINED,
    element,
    image_elements,
    item,
    meta,
    sequence_end,
    written,
)
from viewer.core.errors import UnreadableError, ViewerError
from viewer.dicom import elements, source
from viewer.dicom.attribute_rows import attribute_rows
from viewer.dicom.read import read_attributes, read_file

BUNDLED = Path(pydicom.__file__).parent / "data"
EXAMPLES = [
    Path(get_testdata_file(name, download=False) or "").read_bytes()
    for name in ("CT_small.dcm", "reportsi.dcm", "image_dfl.dcm", "ExplVR_BigEnd.dcm")
]
any_file = settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def answers(path: Path) -> None:
    """Ask the file everything; only refusals are allowed."""
    for question in (read_file, read_attributes, attribute_rows):
        with contextlib.suppress(ViewerError):
            question(path)


@any_file
@given(content=st.binary(max_size=600), begins_as_dicom=st.booleans())
def test_any_bytes_give_a_record_or_a_reason(
    tmp_path: Path, *, content: bytes, begins_as_dicom: bool
) -> None:
    head = bytes(128) + b"DICM" if begins_as_dicom else b""
    answers(written(tmp_path / "any", head + content))


@any_file
@given(
    example=st.sampled_from(EXAMPLES),
    changes=st.lists(
        st.tuples(st.integers(0, 3000), st.binary(min_size=1, max_size=6)), max_size=8
    ),
    length=st.integers(0, 6000),
)
def test_any_damage_gives_a_record_or_a_reason(
    tmp_path: Path, example: bytes, changes: list[tuple[int, bytes]], length: int
) -> None:
    damaged = bytearray(example)
    for at, new in changes:
        damaged[at : at + len(new)] = new
    answers(written(tmp_path / "damaged", bytes(damaged[: length or None])))


def nested(depth: int, *, open_end: bool) -> bytes:
    """A sequence in a sequence in a sequence."""
    content = b""
    for _ in range(depth):
        inner = item(content, open_end=open_end)
        if open_end:
            inner += sequence_end()
        length = UNDEFINED if open_end else None
        content = element(0x0040A730, "SQ", inner, length=length)
    return content


def test_nesting_is_bounded(tmp_path: Path) -> None:
    deep = nested(elements.MAX_DEPTH + 1, open_end=True)
    path = written(tmp_path / "deep", meta() + image_elements(pixels=None) + deep)
    with pytest.raises(UnreadableError, match="nested too deeply"):
        read_file(path)


def test_sequences_of_stated_length_are_bounded_when_they_are_listed(
    tmp_path: Path,
) -> None:
    content = nested(300, open_end=False)
    path = written(tmp_path / "deep", meta() + image_elements(pixels=None) + content)
    rows = attribute_rows(path)
    assert max(row.depth for row in rows) <= 2 * elements.MAX_DEPTH + 2


def test_the_number_of_attributes_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elements, "MAX_ELEMENTS", 1000)
    items = item(b"") * 2000 + sequence_end()
    long = element(0x0040A730, "SQ", items, length=UNDEFINED)
    path = written(tmp_path / "long", meta() + image_elements(pixels=None) + long)
    with pytest.raises(UnreadableError, match="too many attributes"):
        read_file(path)


def test_a_length_no_file_has_allocates_nothing(tmp_path: Path) -> None:
    claim = element(0x00291010, "OB", b"abc", length=0xFFFFFFF0)
    path = written(tmp_path / "claim", meta() + image_elements(pixels=None) + claim)
    tracemalloc.start()
    with pytest.raises(UnreadableError):
        read_file(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4_000_000


def bomb(inflated: int) -> bytes:
    """A deflated data set whose pixels are nothing but zeros."""
    squeeze = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    head = image_elements(pixels=None) + struct.pack(
        "<HH2sHL", 0x7FE0, 0x0010, b"OW", 0, inflated
    )
    first = squeeze.compress(head) + squeeze.flush(zlib.Z_FULL_FLUSH)
    # After a full flush a piece knows nothing of the one before: it can be repeated.
    zeros = squeeze.compress(bytes(1 << 20)) + squeeze.flush(zlib.Z_FULL_FLUSH)
    return meta(DEFLATED) + first + zeros * (inflated >> 20) + squeeze.flush()


def test_a_deflate_bomb_is_refused_without_filling_the_memory(tmp_path: Path) -> None:
    path = written(tmp_path / "bomb", bomb(1 << 30))
    assert path.stat().st_size < 2_000_000
    tracemalloc.start()
    with pytest.raises(UnreadableError, match=r"grows beyond 4.. MB"):
        read_file(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 << 20


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda raw: raw[:-20], "ends too early"),
        (lambda raw: raw[: len(meta(DEFLATED))] + b"\xff" * 200, "damaged"),
    ],
)
def test_a_broken_deflated_data_set_is_refused(
    tmp_path: Path, spoil: Callable[[bytes], bytes], sentence: str
) -> None:
    path = written(tmp_path / "broken", spoil(bomb(1 << 20)))
    with pytest.raises(UnreadableError, match=sentence):
        read_file(path)


def test_inflating_stops_at_the_limit(tmp_path: Path) -> None:
    squeeze = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    path = written(tmp_path / "z", squeeze.compress(bytes(5000)) + squeeze.flush())
    with path.open("rb") as file:
        assert sum(map(len, source.inflated_chunks(file, 0, 5000))) == 5000
        with pytest.raises(UnreadableError):
            list(source.inflated_chunks(file, 0, 4999))
