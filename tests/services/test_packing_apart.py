"""Records of a series, packed by what differs: the same bytes as packed whole."""

import datetime as dt
from pathlib import Path

import pydicom
from hypothesis import given
from hypothesis import strategies as st

from viewer.catalog.blobs import Mould, from_record, packed
from viewer.core.errors import ViewerError
from viewer.core.identity import SOPInstanceUID
from viewer.core.records import InstanceRecord, Technique
from viewer.dicom.read import read_file
from viewer.services.worker_indexing import Indexer
from viewer.services.worker_messages import Index

BUNDLED = Path(pydicom.__file__).parent / "data" / "test_files"

one_by_one = Index(
    (), hashed=True, one_by_one=True, seconds=20.0, memory=1 << 30, processor=1.5
)


def check(folder: Path) -> int:
    """How many files are ordinary; each is packed alike, whatever came before."""
    indexer, ordinary = Indexer(), 0
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    for _ in range(3):  # first whole, then by the mould, then by one that is kept
        for path in paths:
            found = indexer.run([bytes(path)], one_by_one)
            if found.alone:
                continue
            try:
                whole = packed(read_file(path)).instance
            except ViewerError as error:
                raise AssertionError(path.name) from error
            assert found.entries[0].instance == whole, path.name
            ordinary += 1
    return ordinary // 3


def test_every_bundled_file_is_packed_alike_the_first_and_the_last_time() -> None:
    assert check(BUNDLED) > 50


def test_every_real_file_is_packed_alike_the_first_and_the_last_time(
    real_data: Path,
) -> None:
    assert check(real_data) > 400


def _record(
    uid: str, number: int | None, on: dt.date | None, at: dt.time | None, kvp: float
) -> InstanceRecord:
    technique = Technique(on, at, contrast_agent="none", kvp=kvp)
    return InstanceRecord(
        SOPInstanceUID(uid), "1.2", "1.2.840", number, (), "", technique
    )


@given(
    st.tuples(
        st.text(max_size=70),
        st.none() | st.integers(-(2**40), 2**40),
        st.none() | st.dates(),
        st.none() | st.times(),
        st.floats(allow_nan=False),
    )
)
def test_any_values_are_packed_as_in_a_whole_record(
    values: tuple[str, int | None, dt.date | None, dt.time | None, float],
) -> None:
    assert Mould(_record, 5).packed(*values) == from_record(_record(*values))
