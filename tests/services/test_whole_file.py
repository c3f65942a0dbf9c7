"""A small file is the old one or the new one, never half, and ours alone."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path
from typing import NoReturn

import pytest

from viewer.services.whole_file import whole_file, write_whole

_SIZE = 1 << 20
_READER = """
import sys
from pathlib import Path

file, size, seen = Path(sys.argv[1]), int(sys.argv[2]), [b""]
print("ready", flush=True)
while len(seen) < 20:
    raw = file.read_bytes()
    if len(raw) != size or raw.count(raw[:1]) != size:
        sys.exit(f"half a file: {len(raw)} bytes, {set(raw)}")
    if raw[:1] != seen[-1]:
        seen.append(raw[:1])
"""
_KILLED = """
import os, signal, sys
from pathlib import Path
from viewer.services.whole_file import whole_file

with whole_file(Path(sys.argv[1])) as file:
    file.write(b"new" * 100_000)
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""
posix = pytest.mark.skipif(os.name != "posix", reason="permissions as POSIX has them")


def test_what_is_written_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    write_whole(file, b"old, and longer than the new one")

    write_whole(file, b"new")

    assert file.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [file]


def test_what_is_written_in_pieces_comes_as_one(tmp_path: Path) -> None:
    file = tmp_path / "uids.csv"
    write_whole(file, b"old")

    with whole_file(file) as out:
        for piece in (b"one\n", b"two\n"):
            out.write(piece)
            assert file.read_bytes() == b"old"

    assert file.read_bytes() == b"one\ntwo\n"


@posix
def test_only_this_user_can_read_it_whatever_the_old_one_allowed(
    tmp_path: Path,
) -> None:
    file = tmp_path / "secrets.json"
    file.write_bytes(b"old")
    file.chmod(0o644)
    before = os.umask(0)
    try:
        with whole_file(file) as out:
            out.write(b"new")
            (draft,) = set(tmp_path.iterdir()) - {file}
            assert stat.S_IMODE(draft.stat().st_mode) == 0o600
        write_whole(tmp_path / "another", b"", anew=True)
    finally:
        os.umask(before)

    for entry in tmp_path.iterdir():
        assert stat.S_IMODE(entry.stat().st_mode) == 0o600


def _no_space(*_: object) -> NoReturn:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("broken", ["os.fsync", "pathlib.Path.replace"])
def test_where_the_disk_fails_the_old_file_stays_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    file = tmp_path / "peers.toml"
    write_whole(file, b"old")
    monkeypatch.setattr(broken, _no_space)

    with pytest.raises(OSError, match="No space"):
        write_whole(file, b"new")

    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_nothing_gets_the_name_before_it_is_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "station"
    write_whole(file, b"old")
    forced: list[tuple[bytes, int]] = []
    monkeypatch.setattr(
        os,
        "fsync",
        lambda handle: forced.append((file.read_bytes(), os.fstat(handle).st_size)),
    )

    write_whole(file, b"the new")

    assert forced == [(b"old", len(b"the new"))]


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt])
def test_where_its_writer_fails_the_old_file_stays_and_nothing_else(
    tmp_path: Path, failure: type[BaseException]
) -> None:
    file = tmp_path / "uids.csv"
    write_whole(file, b"old")

    def pieces() -> Iterator[bytes]:
        yield b"half of the n"
        raise failure

    with pytest.raises(failure), whole_file(file) as out:
        out.writelines(pieces())

    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_in_its_place_stays_one(tmp_path: Path) -> None:
    (tmp_path / "station" / "of somebody").mkdir(parents=True)

    with pytest.raises(OSError, match="station"):
        write_whole(tmp_path / "station", b"new")

    assert [entry.name for entry in tmp_path.iterdir()] == ["station"]
    assert (tmp_path / "station" / "of somebody").is_dir()


def test_what_is_to_be_new_takes_no_place(tmp_path: Path) -> None:
    file = tmp_path / "project.toml"
    write_whole(file, b"the first", anew=True)

    with pytest.raises(FileExistsError):
        write_whole(file, b"the second", anew=True)

    assert file.read_bytes() == b"the first"
    assert list(tmp_path.iterdir()) == [file]


def test_of_many_who_make_it_at_once_one_does(tmp_path: Path) -> None:
    file = tmp_path / "project.toml"

    def is_made(name: int) -> bool:
        try:
            write_whole(file, b"%d" % name, anew=True)
        except FileExistsError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(is_made, range(64)))

    assert file.read_bytes() == b"%d" % made.index(True)
    assert made.count(True) == 1
    assert list(tmp_path.iterdir()) == [file]


@posix  # elsewhere a file that somebody reads cannot be replaced
def test_another_process_never_sees_half(tmp_path: Path) -> None:
    file = tmp_path / "peers.toml"
    write_whole(file, b"a" * _SIZE)

    with subprocess.Popen(
        [sys.executable, "-c", _READER, str(file), str(_SIZE)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdout is not None
        assert reader.stderr is not None
        assert reader.stdout.readline() == "ready\n"
        for letter in cycle(b"ba"):
            if reader.poll() is not None:
                break
            write_whole(file, bytes([letter]) * _SIZE)
        said = reader.stderr.read()

    assert (reader.returncode, said) == (0, "")
    assert list(tmp_path.iterdir()) == [file]


@posix
def test_a_kill_while_it_is_written_leaves_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    write_whole(file, b"old")

    killed = subprocess.run([sys.executable, "-c", _KILLED, str(file)], check=False)

    assert killed.returncode < 0
    assert file.read_bytes() == b"old"
    write_whole(file, b"new")  # what the kill left is in nobody's way
    assert file.read_bytes() == b"new"
