"""Whatever it is given, Lightbox answers with a sentence and keeps a clean house."""

import io
import json
import os
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pydicom
import pytest
import pyzipper
from pydicom.data import get_testdata_file

from viewer.cli.program import run

ROOT = Path(__file__).parents[2]
MEGABYTE = 1 << 20
Answer = dict[str, Any]


def good_file() -> Path:
    """A real CT image that every reader can read."""
    path = get_testdata_file("CT_small.dcm", download=False)
    assert path is not None
    return Path(str(path))


def changed(uid: str, **attributes: object) -> bytes:
    """The good file under another UID, with some attributes changed."""
    ds = pydicom.dcmread(good_file())
    ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = pydicom.uid.UID(uid)
    for keyword, value in attributes.items():
        setattr(ds, keyword, value)
    out = io.BytesIO()
    ds.save_as(out)
    return out.getvalue()


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_dcm", ".dcm"), content)
    return out.getvalue()


def climbing_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../../evil.dcm", changed("2.25.11"))
        archive.writestr("/tmp/evil.dcm", changed("2.25.12"))  # noqa: S108 - the attack
        archive.writestr("honest.dcm", changed("2.25.13"))
    return out.getvalue()


@cache
def zip_bomb() -> bytes:
    """1 GB of nothing in 1 MB."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("image.dcm", "w", force_zip64=True) as member,
    ):
        member.write(good_file().read_bytes()[:200])
        for _ in range(1024):
            member.write(bytes(MEGABYTE))
    return out.getvalue()


@cache
def deflate_bomb() -> bytes:
    """A deflated data set that inflates to 1 GB of pixels."""
    ds = pydicom.dcmread(good_file())
    del ds.PixelData
    ds.file_meta.TransferSyntaxUID = pydicom.uid.DeflatedExplicitVRLittleEndian
    out = io.BytesIO()
    ds.save_as(out)
    raw = out.getvalue()
    (meta_length,) = struct.unpack("<I", raw[140:144])
    head, body = raw[: 144 + meta_length], raw[144 + meta_length :]
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    pixels = struct.pack("<HH2sHI", 0x7FE0, 0x10, b"OW", 0, 1024 * MEGABYTE)
    parts = [deflater.compress(zlib.decompress(body, -15) + pixels)]
    parts += [deflater.compress(bytes(MEGABYTE)) for _ in range(1024)]
    return head + b"".join(parts) + deflater.flush()


def locked_zip() -> bytes:
    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(b"open sesame")
        archive.writestr("image.dcm", good_file().read_bytes())
    return out.getvalue()


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
)
TOO_SHORT = "too short for an image of the size stated"

# What it is; its bytes; what is counted; a part of the sentence.
BAD: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "a text": (lambda: b"Dear colleague,\n", "not_dicom", "not a DICOM file"),
    "nothing": (lambda: b"", "not_dicom", "empty"),
    "a PNG": (lambda: PNG, "not_dicom", "PNG picture"),
    "noise": (lambda: bytes(range(256)) * 20, "not_dicom", "not a DICOM file"),
    "a preamble alone": (lambda: bytes(128) + b"DICM", "failed", "no attributes"),
    "a cut header": (lambda: good_file().read_bytes()[:690], "failed", "ends in the"),
    "cut pixels": (lambda: good_file().read_bytes()[:-9000], "failed", "ends in the"),
    "too many rows": (lambda: changed("2.25.1", Rows=4096), "failed", TOO_SHORT),
    "a size of terabytes": (
        lambda: changed("2.25.2", Rows=65535, Columns=65535, NumberOfFrames=99999),
        "failed",
        "too large",
    ),
    "a damaged archive": (lambda: b"PK\x03\x04" + bytes(90), "failed", "damaged"),
    "a ZIP bomb": (zip_bomb, "failed", "grows beyond"),
    "a deflate bomb": (deflate_bomb, "failed", "The deflated data set grows beyond"),
}


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def lightbox(
    capsys: pytest.CaptureFixture[str], data_dir: Path
) -> Callable[..., tuple[int, Answer]]:
    """Run a command as the user does; answers exit status and JSON document."""

    def call(*words: object) -> tuple[int, Answer]:
        line = [*map(str, words), "--data-dir", str(data_dir), "--json"]
        status = run(line, lambda _: pytest.fail("a window was opened"))
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        assert "mistake" not in said.err
        return status, json.loads(said.out)

    return call


def stored(data_dir: Path) -> list[Path]:
    """Every file that lies in the store."""
    return [path for path in (data_dir / "store").rglob("*") if path.is_file()]


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_refused_with_its_reason_and_leaves_nothing(
    what: str,
    lightbox: Callable[..., tuple[int, Answer]],
    tmp_path: Path,
    data_dir: Path,
) -> None:
    make, counted, reason = BAD[what]
    path = tmp_path / "given"
    path.write_bytes(make())
    status, answer = lightbox("import", path)
    assert status == 1
    assert answer["seen"] == 1
    assert answer["imported"] == answer["studies"] == answer["instances"] == 0
    told = answer["skipped" if counted == "not_dicom" else "failed"]
    assert [counted == "not_dicom"] == [answer["not_dicom"] == 1]
    assert len(told) == 1
    assert told[0]["path"].startswith(str(path))
    assert reason in told[0]["reason"]
    assert stored(data_dir) == []
    assert lightbox("studies")[1]["total"] == 0


@pytest.mark.parametrize("what", BAD)
@pytest.mark.parametrize("command", ["pixels", "render"])
def test_a_bad_file_gives_no_pixels_and_no_picture(
    what: str,
    command: str,
    lightbox: Callable[..., tuple[int, Answer]],
    tmp_path: Path,
) -> None:
    suffix = {"pixels": ".npy", "render": ".png"}[command]
    path, out = tmp_path / "given", tmp_path / f"out{suffix}"
    path.write_bytes(BAD[what][0]())
    status, answer = lightbox(command, path, "--out", out)
    assert status == 1
    assert answer["error"].endswith(".")
    assert not out.exists()


def test_bad_files_in_a_folder_do_not_keep_the_good_one_out(
    lightbox: Callable[..., tuple[int, Answer]], tmp_path: Path
) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    for n, (make, _, _) in enumerate(list(BAD.values())[:8]):
        (folder / f"{n}").write_bytes(make())
    (folder / "good").write_bytes(good_file().read_bytes())
    status, answer = lightbox("import", folder)
    assert status == 1
    assert (answer["seen"], answer["imported"], answer["not_dicom"]) == (9, 1, 4)
    assert len(answer["failed"]) == 4


def test_files_that_are_no_dicom_count_only_when_they_are_named(
    lightbox: Callable[..., tuple[int, Answer]], tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "letter.txt").write_text("Dear colleague")
    (folder / "good").write_bytes(good_file().read_bytes())
    assert lightbox("import", folder)[0] == 0
    assert lightbox("import", folder, folder / "letter.txt")[0] == 1


def test_a_path_that_does_not_exist_is_named(
    lightbox: Callable[..., tuple[int, Answer]], tmp_path: Path
) -> None:
    missing = tmp_path / "gone.dcm"
    status, answer = lightbox("import", missing)
    assert status == 1
    assert answer["failed"] == [
        {"path": str(missing), "reason": "There is no such file or folder."}
    ]
    for command in ("tags", "pixels"):
        status, answer = lightbox(command, missing)
        assert status == 1
        assert answer["error"].startswith("There is no file")


def test_names_that_climb_out_of_an_archive_are_refused(
    lightbox: Callable[..., tuple[int, Answer]], tmp_path: Path, data_dir: Path
) -> None:
    path = tmp_path / "deep" / "climbing.zip"
    path.parent.mkdir()
    path.write_bytes(climbing_zip())
    status, answer = lightbox("import", path)
    assert status == 1
    assert answer["imported"] == 1
    reasons = {refusal["reason"] for refusal in answer["failed"]}
    assert reasons == {"Its name leads out of the archive."}
    assert len(answer["failed"]) == 2
    written = {p for p in tmp_path.rglob("*") if p.is_file()}
    assert all(p == path or data_dir in p.parents for p in written)
    assert not any("evil" in p.name for p in written)


def test_an_archive_inside_an_archive_is_refused_by_name(
    lightbox: Callable[..., tuple[int, Answer]], tmp_path: Path
) -> None:
    path = tmp_path / "outer.zip"
    inner = zipped(a_dcm=changed("2.25.21"))
    path.write_bytes(zipped(inner_zip=inner, b_dcm=changed("2.25.22")))
    status, answer = lightbox("import", path)
    assert (status, answer["imported"]) == (1, 1)
    assert "inside an archive" in answer["failed"][0]["reason"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ((), "needs a password"),
        (("--password", "sesame"), "password does not open"),
        (("--password", "open sesame"), None),
    ],
)
def test_a_locked_archive_opens_with_its_password_only(
    words: tuple[str, ...],
    reason: str | None,
    lightbox: Callable[..., tuple[int, Answer]],
    tmp_path: Path,
    data_dir: Path,
) -> None:
    path = tmp_path / "locked.zip"
    path.write_bytes(locked_zip())
    status, answer = lightbox("import", path, *words)
    assert status == (reason is not None)
    assert answer["imported"] == (reason is None)
    assert len(stored(data_dir)) == answer["imported"]
    if reason is not None:
        assert reason in answer["failed"][0]["reason"]


def test_a_catalog_that_is_none_is_the_environments_failure(
    lightbox: Callable[..., tuple[int, Answer]], data_dir: Path
) -> None:
    data_dir.mkdir(mode=0o700)
    (data_dir / "catalog.sqlite").write_bytes(b"no database at all" * 100)
    status, answer = lightbox("import", good_file())
    assert status == 3
    assert "catalog" in answer["error"].lower()
    assert stored(data_dir) == []


@pytest.fixture
def common_folder() -> Iterator[Path]:
    """A folder that every user may enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        yield folder


# How Python ends where it may not read the checkout or its packages.
_CLOSED = ("can't open file", "No module named", "Permission denied: ")


def stranger(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the program as a user without rights, where we are root."""
    rights: dict[str, Any] = {}
    if os.geteuid() == 0:
        rights = {"user": 65534, "group": 65534, "extra_groups": []}
    packages = Path(pydicom.__file__).parents[1]
    env = {**os.environ, "HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    env |= {"PYTHONPATH": f"{ROOT}{os.pathsep}{packages}"}
    minor = f"/usr/bin/python3.{sys.version_info.minor}"
    for program in (sys.executable, minor):
        try:
            done = subprocess.run(
                [program, ROOT / "main.py", *words],
                capture_output=True,
                text=True,
                check=False,
                env=env,
                cwd=home,
                **rights,
            )
        except (PermissionError, FileNotFoundError):
            continue
        if any(sign in done.stderr for sign in _CLOSED):
            pytest.skip("the program's own files are closed to other users here")
        return done
    pytest.skip("no Python here may be run by another user than root")


@pytest.mark.skipif(os.name != "posix", reason="permissions as POSIX has them")
def test_what_may_not_be_read_is_named_and_the_rest_imported(
    common_folder: Path,
) -> None:
    source = common_folder / "source"
    closed = source / "closed"
    closed.mkdir(parents=True)
    (closed / "inside.dcm").write_bytes(changed("2.25.31"))
    (source / "secret.dcm").write_bytes(changed("2.25.32"))
    (source / "open.dcm").write_bytes(changed("2.25.33"))
    (source / "secret.dcm").chmod(0)
    closed.chmod(0)
    try:
        words = ("import", str(source), "--json", "--data-dir", f"{common_folder}/data")
        done = stranger(common_folder, *words)
        named = stranger(common_folder, "import", str(closed), *words[2:])
    finally:
        closed.chmod(0o700)  # so that it can be removed
    answer = json.loads(done.stdout)
    assert done.returncode == 1, done.stderr
    assert (answer["seen"], answer["imported"]) == (3, 1)
    assert {refusal["path"] for refusal in answer["failed"]} == {
        str(closed),
        str(source / "secret.dcm"),
    }
    assert all("may not be read" in r["reason"] for r in answer["failed"])
    assert named.returncode == 1
    assert "may not be read" in named.stdout


@pytest.mark.skipif(os.name != "posix", reason="permissions as POSIX has them")
def test_a_data_folder_of_somebody_else_is_the_environments_failure(
    common_folder: Path,
) -> None:
    closed = common_folder / "theirs"
    closed.mkdir()
    (closed / "catalog.sqlite").touch()
    closed.chmod(0)
    try:
        for command in (("studies",), ("import", str(good_file()))):
            words = (*command, "--json", "--data-dir", str(closed))
            done = stranger(common_folder, *words)
            assert done.returncode == 3, done.stderr
            assert "cannot be used" in json.loads(done.stdout)["error"]
    finally:
        closed.chmod(0o700)
