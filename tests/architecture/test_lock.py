"""What is locked is what the project asks for, bit by bit."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from viewer.services import doctor

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "packaging" / "requirements.lock").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKED = [
    Requirement(line.rstrip(" \\")) for line in re.findall(r"^[A-Za-z].*", LOCK, re.M)
]


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def versions(name: str) -> list[Version]:
    """Every locked version of a distribution: one for each span of Pythons."""
    return [
        Version(str(locked.specifier).removeprefix("=="))
        for locked in LOCKED
        if plain(locked.name) == plain(name)
    ]


def test_the_lock_holds_what_the_project_asks_for() -> None:
    wanted = PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]
    for requirement in map(Requirement, wanted):
        found = versions(requirement.name)
        assert found, requirement.name
        for version in found:
            assert requirement.specifier.contains(version), f"{requirement}: {version}"


def test_the_traps_are_outside_the_bounds_of_the_project() -> None:
    wanted = {
        plain(r.name): r.specifier
        for r in map(Requirement, PROJECT["project"]["dependencies"])
    }
    assert not wanted["pyside6-essentials"].contains("6.12.0")
    assert not wanted["pydicom"].contains("3.0.1")
    assert not versions("python-gdcm") + versions("pylibjpeg-libjpeg")


def test_every_locked_file_has_its_hash_and_no_address() -> None:
    entries = re.split(r"^(?=[A-Za-z])", LOCK, flags=re.M)[1:]
    assert len(entries) == len(LOCKED)
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in LOCK
    assert "--index" not in LOCK
    assert "--find-links" not in LOCK


def test_the_doctor_asks_for_the_versions_the_project_asks_for() -> None:
    wanted = {
        plain(r.name): r.specifier
        for r in map(Requirement, PROJECT["project"]["dependencies"])
    }
    for name, (first, end) in doctor._LIBRARIES.items():
        bounds = f">={'.'.join(map(str, first))}"
        bounds += f",<{'.'.join(map(str, end))}" if end else ""
        assert wanted[plain(name)] == SpecifierSet(bounds), name
