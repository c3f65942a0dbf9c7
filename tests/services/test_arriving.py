"""What arrives lasts, name and all, before its sender may be told."""

import errno
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from viewer.core.errors import EnvironmentFailure
from viewer.services.arriving import Arriving, sha256_in
from viewer.services.lasting import Disk

RAW = os.urandom(3 << 20)


@dataclass(frozen=True)
class Mounted:
    """A file system somewhere in the tree, as psutil tells of it."""

    mountpoint: str
    fstype: str


def mount(
    monkeypatch: pytest.MonkeyPatch, folder: Path, kind: str, *others: Mounted
) -> Disk:
    found = [Mounted("/", "ext2"), Mounted(str(folder), kind), *others]
    monkeypatch.setattr(psutil, "disk_partitions", lambda **_: found)
    return Disk(folder)


def arrive(folder: Path, disk: Disk) -> Path:
    with Arriving(folder, disk) as arriving:
        for at in range(0, len(RAW), 100_000):
            arriving.write(RAW[at : at + 100_000])
        arriving.settle()
        return arriving.keep()


Forced = list[tuple[bool, str]]
"""Whether it was a folder that was forced to disk, and how the file ended then."""


@pytest.fixture
def forced_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Forced]:
    """What is forced to disk while a file arrives whole on a disk of some kind."""
    seen: Forced = []
    fsync = os.fsync

    def force(file: int) -> None:
        fsync(file)
        (name,) = (path.suffix for path in tmp_path.iterdir())
        is_folder = os.fstat(file).st_ino == tmp_path.stat().st_ino
        seen.append((is_folder, name))

    def forced(kind: str) -> Forced:
        path = arrive(tmp_path, mount(monkeypatch, tmp_path, kind))
        assert path.read_bytes() == RAW
        return seen

    monkeypatch.setattr(os, "fsync", force)
    return forced


@pytest.mark.parametrize("kind", ["ext4", "xfs", "btrfs"])
def test_name_and_bytes_are_forced_to_disk_at_once_where_they_keep_together(
    forced_on: Callable[[str], Forced], kind: str
) -> None:
    assert forced_on(kind) == [(False, ".received")]


@pytest.mark.parametrize("kind", ["ext3", "vfat", "nfs4", "overlay", "zfs", ""])
def test_the_name_is_forced_to_disk_after_the_bytes_anywhere_else(
    forced_on: Callable[[str], Forced], kind: str
) -> None:
    assert forced_on(kind) == [(False, ".part"), (True, ".received")]


@pytest.mark.parametrize("kind", ["ext4", "ext3"])
def test_the_name_says_what_the_bytes_must_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    path = arrive(tmp_path, mount(monkeypatch, tmp_path, kind))
    assert sha256_in(path.name) == hashlib.sha256(RAW).digest()


@pytest.mark.parametrize("name", ["0123.received", "0123.xyz.received", ".received"])
def test_a_name_without_a_hash_says_nothing(name: str) -> None:
    assert sha256_in(name) is None


@pytest.mark.parametrize("kind", ["ext4", "ext3"])
def test_nothing_is_left_of_what_the_disk_does_not_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    def fail(_: int) -> None:
        raise OSError(errno.EIO, "")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(EnvironmentFailure):
        arrive(tmp_path, mount(monkeypatch, tmp_path, kind))
    assert list(tmp_path.iterdir()) == []


def test_a_disk_within_a_disk_is_known_by_its_own_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = tmp_path / "inner"
    disks = Mounted(str(inner), "ext4"), Mounted(str(inner), "tmpfs")
    outer = mount(monkeypatch, tmp_path, "xfs", *disks)
    assert outer.name_with_file
    assert outer.moves_with_source
    on_top = Disk(inner / "not" / "there" / "yet")
    assert not on_top.name_with_file
    assert not on_top.moves_with_source


def test_btrfs_is_not_believed_to_keep_moves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not mount(monkeypatch, tmp_path, "btrfs").moves_with_source
