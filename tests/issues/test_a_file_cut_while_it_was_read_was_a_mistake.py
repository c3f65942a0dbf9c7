"""A file that shrank between two looks ended in a mistake instead of a reason."""

import os
from pathlib import Path

import pytest

from viewer.core.errors import UnreadableError
from viewer.dicom.source import FileSource

SIZE = 1 << 18


@pytest.mark.parametrize("length", [12, SIZE // 2])
def test_a_file_that_becomes_shorter_while_it_is_read_is_refused(
    tmp_path: Path, length: int
) -> None:
    path = tmp_path / "shrinking"
    path.write_bytes(bytes(SIZE))
    with path.open("rb", buffering=0) as file:
        source = FileSource(file)
        assert source.read(0, 8) == bytes(8)
        os.truncate(path, SIZE // 4)

        with pytest.raises(UnreadableError, match="shorter"):
            source.read(SIZE // 2, length)


def test_the_end_of_a_file_that_stays_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "whole"
    path.write_bytes(bytes(SIZE))
    with path.open("rb") as file:
        source = FileSource(file)
        assert len(source.read(SIZE - 4, 12)) == 4
        assert source.read(SIZE, 12) == b""
