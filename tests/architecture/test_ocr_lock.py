"""The lock of the extra ocr holds what the extra asks for, and nothing that harms."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "packaging" / "requirements-ocr.lock").read_text("utf-8")
ENTRIES = re.split(r"^(?=[A-Za-z])", LOCK, flags=re.M)[1:]
LOCKED = {
    found.name: found
    for found in (Requirement(one.split("\n")[0].rstrip(" \\")) for one in ENTRIES)
}


def test_the_lock_holds_what_the_extra_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for wanted in map(Requirement, project["optional-dependencies"]["ocr"]):
        (bound,) = LOCKED[wanted.name].specifier
        assert wanted.specifier.contains(bound.version), wanted.name


def test_what_is_listed_is_what_is_locked() -> None:
    listed = (ROOT / "packaging" / "requirements-ocr.in").read_text("utf-8")
    names = {Requirement(one).name for one in re.findall(r"^\w.*", listed, re.M)}

    assert names == set(LOCKED)


def test_nothing_of_it_overwrites_what_the_project_has() -> None:
    main = (ROOT / "packaging" / "requirements.lock").read_text("utf-8")

    assert not [name for name in LOCKED if name.startswith("opencv")]
    assert not [name for name in LOCKED if re.search(rf"^{name}==", main, re.M)]


def test_every_file_has_its_hash_and_no_address() -> None:
    assert all("--hash=sha256:" in entry for entry in ENTRIES)
    assert "://" not in LOCK
