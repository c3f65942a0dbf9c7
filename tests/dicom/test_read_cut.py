"""A file that was only partly copied is never taken for a smaller whole one."""

import io
from pathlib import Path

import pydicom
import pytest
from pydicom.data import get_testdata_file

from viewer.core.errors import ViewerError
from viewer.dicom.read import read_file

NAMES = ("CT_small.dcm", "MR_small.dcm", "MR_small_bigendian.dcm")


def _whole(name: str) -> bytes:
    path = get_testdata_file(name, download=False)
    assert path is not None
    return Path(str(path)).read_bytes()


def _borders(raw: bytes) -> set[int]:
    """Where an attribute of the data set ends and the next begins."""
    ds = pydicom.dcmread(io.BytesIO(raw))
    values = [element.file_tell or 0 for element in ds]
    return {tell - head for tell in values for head in (8, 12)}


def _is_visible(raw: bytes, cut: int, borders: set[int]) -> bool:
    """Whether the rest tells of a cut: nothing, or only zeros, might be padding."""
    border = max((n for n in borders if n <= cut), default=0)
    return any(raw[border:cut])


@pytest.mark.parametrize("name", NAMES)
def test_a_file_cut_within_an_attribute_is_refused(name: str, tmp_path: Path) -> None:
    raw = _whole(name)
    borders, path = _borders(raw), tmp_path / "cut.dcm"
    cuts = [n for n in range(150, len(raw) // 2, 13) if _is_visible(raw, n, borders)]
    taken = []
    for cut in cuts:
        path.write_bytes(raw[:cut])
        try:
            read_file(path)
        except ViewerError:
            continue
        taken.append(cut)
    assert len(cuts) > 100
    assert taken == []


def test_padding_behind_a_data_set_without_pixels_is_tolerated(tmp_path: Path) -> None:
    path = tmp_path / "padded.dcm"
    path.write_bytes(_whole("rtplan.dcm") + bytes(6))
    assert read_file(path).tolerated == ("bytes after the end of the data set",)
