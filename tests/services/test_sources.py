"""Behind every name the user gives, each file is found once, or why it cannot be."""

import os
import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pydicom
import pytest
import pyzipper

from viewer.core.errors import NotDicomError
from viewer.services import sources
from viewer.services.sources import Found, find_files

DICOMDIR = (
    Path(pydicom.__file__).parent / "data" / "test_files" / "dicomdirtests" / "DICOMDIR"
)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return tmp_path / "workspace"


def find(
    workspace: Path, *paths: str | Path, password: str | None = None
) -> Iterator[Found]:
    return find_files(paths, password=password, workspace=workspace)


def reasons(found: Iterator[Found]) -> dict[str, str]:
    """Name in the archive or folder → sentence, or nothing."""
    said = {}
    for one in found:
        name = one.label.rsplit(": ", 1)[-1]
        said[Path(name).name] = one.error.message if one.error else ""
        one.release()
    return said


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


def locked(path: Path, password: bytes) -> Path:
    with pyzipper.AESZipFile(path, "w", encryption=pyzipper.WZ_AES) as file:
        file.setpassword(password)
        file.writestr("image", b"secret")
    return path


def test_a_file_that_was_named_is_found_as_named(
    tmp_path: Path, workspace: Path
) -> None:
    path = tmp_path / "image"
    path.write_bytes(b"x")
    (found,) = find(workspace, str(path))
    assert found == Found(str(path), str(path), named=True)
    assert found.path == path


def test_a_folder_gives_every_file_in_a_steady_order(
    tmp_path: Path, workspace: Path
) -> None:
    folder = tmp_path / "disc"
    for name in ("b/2", "b/1", "a", "c/d/e", ".hidden", "Thumbs.db"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found = [one.path.relative_to(folder).as_posix() for one in find(workspace, folder)]
    assert found == [".hidden", "Thumbs.db", "a", "b/1", "b/2", "c/d/e"]
    assert not any(one.named for one in find(workspace, folder))


def test_links_that_go_round_in_circles_end(tmp_path: Path, workspace: Path) -> None:
    folder = tmp_path / "disc"
    (folder / "inner").mkdir(parents=True)
    (folder / "inner" / "file").touch()
    (folder / "inner" / "again").symlink_to(folder)
    (folder / "lost").symlink_to(folder / "nowhere")
    assert reasons(find(workspace, folder)) == {
        "file": "",
        "lost": "The link leads to a file that does not exist.",
    }


def test_what_is_no_ordinary_file_is_not_opened(
    tmp_path: Path, workspace: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for named in (pipe, tmp_path):
        (found,) = find(workspace, named)
        assert isinstance(found.error, NotDicomError)


def test_a_path_that_does_not_exist_is_said(tmp_path: Path, workspace: Path) -> None:
    (found,) = find(workspace, tmp_path / "nowhere")
    assert found.named
    assert found.error is not None
    assert found.error.message == "There is no such file or folder."


@pytest.mark.skipif(os.getuid() == 0, reason="root may read every folder")
def test_a_folder_without_permission_is_said(tmp_path: Path, workspace: Path) -> None:
    closed = tmp_path / "disc" / "closed"
    closed.mkdir(parents=True)
    closed.chmod(0)
    assert reasons(find(workspace, tmp_path / "disc")) == {
        "closed": "The folder may not be read."
    }
    closed.chmod(0o700)


def test_a_folder_that_cannot_be_listed_does_not_stop_the_others(
    tmp_path: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("closed", "open"):
        (tmp_path / "disc" / name).mkdir(parents=True)
    (tmp_path / "disc" / "open" / "file").touch()
    listed = os.scandir

    def refuse(path: str) -> AbstractContextManager[Iterator[os.DirEntry[str]]]:
        if Path(path).name == "closed":
            raise PermissionError
        return listed(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert reasons(find(workspace, tmp_path / "disc")) == {
        "closed": "The folder may not be read.",
        "file": "",
    }


def test_a_named_dicomdir_stands_for_the_files_it_lists(workspace: Path) -> None:
    found = list(find(workspace, DICOMDIR))
    assert len(found) == 31
    assert not any(one.error for one in found)


def test_files_a_dicomdir_lists_in_vain_are_said(
    tmp_path: Path, workspace: Path
) -> None:
    alone = tmp_path / "DICOMDIR"
    alone.write_bytes(DICOMDIR.read_bytes())
    sentences = {one.error.message for one in find(workspace, alone) if one.error}
    assert sentences == {"The DICOMDIR lists this file, but it is missing."}


def test_files_a_dicomdir_lists_in_vain_are_not_all_named(
    tmp_path: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "MOST_MISSING", 5)
    alone = tmp_path / "DICOMDIR"
    alone.write_bytes(DICOMDIR.read_bytes())
    found = list(find(workspace, alone))
    assert len(found) == 6
    assert found[-1].path == alone
    assert found[-1].error is not None
    assert found[-1].error.message == "26 more files that it lists are missing."


def test_a_dicomdir_met_in_a_folder_is_a_file_like_any_other(workspace: Path) -> None:
    met = [one for one in find(workspace, DICOMDIR.parent) if one.path == DICOMDIR]
    assert len(met) == 1


def test_members_are_unpacked_one_at_a_time_under_names_of_ours(
    tmp_path: Path, workspace: Path
) -> None:
    path = archive(tmp_path / "a.zip", {f"Müller/{n}.dcm": b"%d" % n for n in range(3)})
    for number, found in enumerate(find(workspace, path)):
        assert found.label == f"{path}: Müller/{number}.dcm"
        assert found.path.parent == workspace
        assert "Müller" not in found.path.name
        assert found.path.read_bytes() == b"%d" % number
        assert len(list(workspace.iterdir())) == 1
        found.release()
    assert not list(workspace.iterdir())
    assert workspace.stat().st_mode & 0o777 == 0o700


def test_releasing_removes_nothing_of_the_users(
    tmp_path: Path, workspace: Path
) -> None:
    path = tmp_path / "image"
    path.touch()
    for found in find(workspace, path):
        found.release()
    assert path.exists()


def test_names_and_kinds_that_lead_elsewhere_are_refused(
    tmp_path: Path, workspace: Path
) -> None:
    path = archive(
        tmp_path / "a.zip",
        {"../evil": b"x", "/root": b"x", "C:\\win": b"x", "ok": b"x"},
    )
    with zipfile.ZipFile(path, "a") as file:
        link = zipfile.ZipInfo("link")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        file.writestr(link, "/etc/passwd")
    outside = "Its name leads out of the archive."
    assert reasons(find(workspace, path)) == {
        "evil": outside,
        "root": outside,
        "C:\\win": outside,
        "ok": "",
        "link": "This is a link or device, not a file.",
    }
    assert not (tmp_path / "evil").exists()


def test_an_archive_inside_an_archive_is_refused(
    tmp_path: Path, workspace: Path
) -> None:
    inner = archive(tmp_path / "inner.zip", {"image": b"x"})
    path = archive(tmp_path / "outer.zip", {"inner.zip": inner.read_bytes()})
    assert reasons(find(workspace, path)) == {
        "inner.zip": "This is an archive inside an archive."
    }
    assert not list(workspace.iterdir())


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        (None, "The archive needs a password."),
        ("wrong", "The password does not open it."),
        ("right", ""),
    ],
)
def test_a_password_opens_or_does_not(
    tmp_path: Path, workspace: Path, password: str | None, sentence: str
) -> None:
    path = locked(tmp_path / "a.zip", b"right")
    assert reasons(find(workspace, path, password=password)) == {"image": sentence}


def test_what_compresses_well_is_no_bomb(tmp_path: Path, workspace: Path) -> None:
    path = archive(tmp_path / "a.zip", {"blank": bytes(8 << 20)})
    assert reasons(find(workspace, path)) == {"blank": ""}


def test_a_damaged_archive_is_said(tmp_path: Path, workspace: Path) -> None:
    whole = archive(tmp_path / "a.zip", {"image": os.urandom(5000)}).read_bytes()
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole[:-40])
    (found,) = find(workspace, cut)
    assert found.error is not None
    assert found.error.message == "The archive is damaged or no ZIP."
    spoiled = bytearray(whole)
    spoiled[1000:1040] = bytes(40)
    cut.write_bytes(spoiled)
    assert reasons(find(workspace, cut)) == {"image": "The archive is damaged here."}
