"""What leaves anonymous is as conformant as it was, says dciodvfy of dicom3tools."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest

from viewer.core.deidentification import PROFILES, Option, Policy, Recipe, Written
from viewer.dicom.deidentification.engine import deidentify

_KEY = bytes(range(32))
_VALUE = re.compile(r"= ?<[^>]*>|\[\d+\]|<[^<>/]*>")


@pytest.mark.parametrize("options", [frozenset(), PROFILES[0].options])
def test_no_file_has_an_error_that_its_source_had_not(
    real_data: Path, tmp_path: Path, options: frozenset[Option]
) -> None:
    if shutil.which("dciodvfy") is None:
        pytest.skip("dciodvfy (Debian package dicom3tools) is not installed")
    policy = Policy("judged", "Judged", "", options)
    pairs = list(_exported(real_data, tmp_path, policy))

    with ThreadPoolExecutor(2) as judges:
        before = judges.map(_source_errors, (source for source, _ in pairs))
        after = judges.map(_errors, (written for _, written in pairs))
        new = {
            source.name: sorted(late - early)
            for (source, _), early, late in zip(pairs, before, after, strict=True)
            if late - early
        }

    assert len(pairs) > 300
    assert not new


def _exported(
    real_data: Path, folder: Path, policy: Policy
) -> Iterator[tuple[Path, Path]]:
    """The real files that leave without a look at their pixels, and what leaves."""
    for number, source in enumerate(sorted(real_data.rglob("*"))):
        if not source.is_file():
            continue
        out = BytesIO()
        if isinstance(deidentify(source, Recipe(policy, _KEY), out), Written):
            written = folder / f"{number:04d}.dcm"
            written.write_bytes(out.getvalue())
            yield source, written


@cache
def _source_errors(path: Path) -> frozenset[str]:
    return _errors(path)


def _errors(path: Path) -> frozenset[str]:
    """What the judge finds, without the values."""
    said = subprocess.run(
        ["dciodvfy", "-new", str(path)], capture_output=True, check=False
    )
    lines = said.stderr.decode("latin-1").splitlines()
    return frozenset(_VALUE.sub("", line) for line in lines if line.startswith("Error"))
