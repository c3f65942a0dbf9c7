"""What an archive grows to is counted, whatever it states."""

import io
import zipfile
from pathlib import Path

import pytest
from typing_extensions import override

from viewer.core.errors import EnvironmentFailure, UnreadableError
from viewer.services import archives
from viewer.services.archives import Archive


def archive(path: Path, members: dict[str, bytes]) -> Archive:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return Archive(path)


def unpacked(packed: Archive, number: int, target: Path) -> str:
    """Why a member is not unpacked; nothing if it is."""
    try:
        packed.unpack(number, target)
    except UnreadableError as error:
        return error.message
    return ""


def test_a_bomb_is_stopped_while_it_grows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "FREE_BYTES", 16 << 20)
    packed = archive(tmp_path / "a.zip", {"bomb": bytes(64 << 20), "image": b"x"})
    target = tmp_path / "target"
    assert unpacked(packed, 0, target) == (
        "The file grows beyond all bounds when unpacked."
    )
    assert target.stat().st_size < 32 << 20
    assert unpacked(packed, 1, target) == ""
    assert target.read_bytes() == b"x"


def test_many_small_bombs_are_stopped_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "FREE_BYTES", 1 << 20)
    packed = archive(tmp_path / "a.zip", {str(n): bytes(1 << 20) for n in range(20)})
    said = {unpacked(packed, n, tmp_path / "target") for n in range(len(packed))}
    whole = "The archive grows beyond all bounds when unpacked."
    assert said == {"", whole}
    packed.close()
    again = Archive(tmp_path / "a.zip", grown=packed.grown)
    assert unpacked(again, 0, tmp_path / "target") == whole


def test_no_member_is_packed_in_more_than_the_archive_has(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    archive(path, {"image": b"x"}).close()
    content = bytearray(path.read_bytes())
    entry = content.find(b"PK\x01\x02")
    content[entry + 20 : entry + 24] = b"\xff\xff\xff\x7f"
    path.write_bytes(content)
    assert Archive(path).packed_bytes(0) <= len(content)


def test_a_disk_without_room_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = archive(tmp_path / "a.zip", {"image": b"x"})

    class Full(io.BytesIO):
        @override
        def write(self, buffer: object, /) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "open", lambda *_: Full())
    with pytest.raises(EnvironmentFailure, match="no room"):
        packed.unpack(0, tmp_path / "target")
