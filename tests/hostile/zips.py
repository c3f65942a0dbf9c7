"""ZIP archives that lead out of their folder, grow, or nest."""

import io
import stat
import struct
import zipfile
from pathlib import Path
from random import Random

from tests.hostile.discs import GOOD
from tests.hostile.family import Families

FAMILIES = Families()


def _archive(folder: Path, members: dict[str | zipfile.ZipInfo, bytes]) -> Path:
    path = folder / "archive.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
        file.writestr("good", GOOD)
    return path


@FAMILIES.folder("an archive whose names lead out of it")
def _slip(folder: Path, dice: Random) -> Path:
    names = ["../slip", "/tmp/slip", "a/../../slip", "C:\\slip", "..\\slip"]  # noqa: S108 - hostile
    dice.shuffle(names)
    return _archive(folder, dict.fromkeys(names, GOOD))


@FAMILIES.folder("an archive of links")
def _link(folder: Path, dice: Random) -> Path:
    info = zipfile.ZipInfo("link")
    info.create_system = 3
    kind = dice.choice([stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO])
    info.external_attr = (kind | 0o777) << 16
    return _archive(folder, {info: b"/etc/passwd"})


@FAMILIES.folder("an archive that grows a thousandfold")
def _bomb(folder: Path, dice: Random) -> Path:
    return _archive(folder, {"bomb": bytes(dice.randint(260, 300) << 20)})


@FAMILIES.folder("an archive in an archive")
def _nested(folder: Path, dice: Random) -> Path:
    inner = b""
    for _ in range(dice.randint(1, 20)):
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as file:
            file.writestr("inner.zip", inner or GOOD)
        inner = held.getvalue()
    return _archive(folder, {"nested.zip": inner})


@FAMILIES.folder("an archive whose sizes lie")
def _sizes(folder: Path, dice: Random) -> Path:
    path = _archive(folder, {"liar": GOOD})
    raw = bytearray(path.read_bytes())
    at = raw.index(b"PK\x01\x02") + 20
    lie = dice.choice([0, 1, 0xFFFFFFFE])
    raw[at : at + 8] = struct.pack("<LL", lie, dice.choice([0, 0xFFFFFFFE]))
    path.write_bytes(raw)
    return path


@FAMILIES.folder("an archive with damage")
def _damaged(folder: Path, dice: Random) -> Path:
    path = _archive(folder, {f"m{n}": GOOD for n in range(5)})
    raw = bytearray(path.read_bytes())
    for _ in range(dice.randint(1, 30)):
        raw[dice.randrange(4, len(raw))] = dice.randrange(256)
    path.write_bytes(raw)
    return path


@FAMILIES.folder("an archive of more names than files")
def _names(folder: Path, dice: Random) -> Path:
    count = dice.randint(50_000, 65_000)
    entry = struct.pack(
        "<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 3, 20, 0, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0,
        0, 0, 0,
    ) + b"x"  # fmt: skip
    end = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(entry) * count, 0, 0
    )
    path = folder / "archive.zip"
    local = b"PK\x03\x04" + bytes(27)
    path.write_bytes(local + entry * count + end)
    return path
