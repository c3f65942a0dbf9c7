"""Canaries are worth something only if they sit where they should, each once."""

from io import BytesIO
from pathlib import Path

from tests.canaries.flock import flock, release, survivors
from viewer.dicom.part10 import open_dicom
from viewer.dicom.source import inflated_chunks

_LEAST = 1_500
_DEFLATED = b"1.2.840.10008.1.2.1.99"


def _plain(content: bytes) -> bytes:
    """The file without its compression."""
    if _DEFLATED not in content[:400]:
        return content
    start = content.index(_DEFLATED) + len(_DEFLATED)
    start = content.index(b"1.2.826.0.1.3680043.10.55", start) + 26
    return content + b"".join(inflated_chunks(BytesIO(content), start))


def test_there_are_many_of_all_families() -> None:
    canaries = flock().canaries

    assert len(canaries) >= _LEAST
    assert len({canary.family for canary in canaries}) >= 20


def test_no_two_canaries_look_alike() -> None:
    forms = [canary.forms[0] for canary in flock().canaries]

    assert len(set(forms)) == len(forms)
    assert min(map(len, forms)) >= 6


def test_each_canary_sits_in_the_files_before_they_are_exported() -> None:
    contents = [
        _plain(planted.content) + planted.name.encode() for planted in flock().files
    ]

    missing = set(flock().canaries) - survivors(contents)

    assert not sorted(canary.place for canary in missing)


def test_each_file_with_canaries_is_one_that_the_program_reads(tmp_path: Path) -> None:
    for path in release(tmp_path):
        with open_dicom(path) as opened:
            assert opened.data_set.elements
