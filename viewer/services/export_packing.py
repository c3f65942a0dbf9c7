"""The last form of an export: a DICOMDIR that lists it, or one ZIP."""

import os
import uuid
import zipfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from viewer.core.errors import ViewerError
from viewer.services.export_part import writable

if TYPE_CHECKING:
    import pyzipper

    from viewer.services.jobs import Progress
    from viewer.services.writing_out import WritingOut

DICOMDIR: Final = "DICOMDIR"
_BATCH: Final = 64
_NO_DATE: Final = (1980, 1, 1, 0, 0, 0)
_QUICK: Final = 1  # of nine; the others take three times as long for a twentieth
_PIECE: Final = 1 << 20
_MODE: Final = 0o100644


def write_directory(hands: "WritingOut", content: Path, names: Sequence[str]) -> int:
    """Write the DICOMDIR of files below `content`, and return its bytes.

    What it says is read out of the written files, so that it says nothing that they
    do not.

    Raises
    ------
    ViewerError
        If a file cannot be listed: a disc whose index leaves something out hides it.
    EnvironmentFailure
        If it cannot be written.
    """
    from viewer.dicom.directory_writing import directory  # noqa: PLC0415 - loads pydicom

    paths = [content / name for name in names]
    batches = [paths[at : at + _BATCH] for at in range(0, len(paths), _BATCH)]
    with ThreadPoolExecutor(2, "export-list") as pool:
        found = list(chain.from_iterable(pool.map(hands.records, batches)))
    records = []
    for one in found:
        if isinstance(one, ViewerError):
            raise one
        records.append(one)
    uid = f"2.25.{uuid.uuid4().int}"
    raw = directory(zip(names, records, strict=True), uid)
    with writable(content):
        _write(content / DICOMDIR, raw)
    return len(raw)


def pack(content: Path, archive: Path, password: str, progress: "Progress") -> None:
    """Make one ZIP of everything below `content`, forced to disk.

    Parameters
    ----------
    content, archive : Path
    password : str
        Locks it with AES of 256 bits; empty does not. Names of files stay readable:
        they are made of counters.
    progress : Progress

    Raises
    ------
    EnvironmentFailure
        If it cannot be written.
    """
    paths = sorted(path for path in content.rglob("*") if path.is_file())
    with writable(archive.parent):
        with _opened(archive, password) as packed:
            for number, path in enumerate(paths):
                progress.report(number, len(paths))
                progress.checkpoint()
                _add(packed, path, path.relative_to(content).as_posix())
        handle = os.open(archive, os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def force_all(content: Path) -> None:
    """Force every folder's names to disk; the files are there already."""
    from viewer.services.store import force  # noqa: PLC0415

    with writable(content):
        for folder in _folders(content):
            force(folder)


def _folders(content: Path) -> Iterable[Path]:
    return (Path(folder) for folder, _, _ in os.walk(content, topdown=False))


def _opened(archive: Path, password: str) -> "pyzipper.AESZipFile":
    import pyzipper  # noqa: PLC0415 - loads ciphers

    packed = pyzipper.AESZipFile(
        archive,
        "w",
        compression=pyzipper.ZIP_DEFLATED,
        compresslevel=_QUICK,
        encryption=pyzipper.WZ_AES if password else None,
    )
    if password:
        packed.setpassword(password.encode())
    return packed


def _add(packed: "pyzipper.AESZipFile", path: Path, name: str) -> None:
    """Add a file without its date: that is when the export was made."""
    info = packed.zipinfo_cls(name, _NO_DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = _MODE << 16
    info.file_size = path.stat().st_size  # or a large one would not fit
    with path.open("rb") as source, packed.open(info, "w") as out:
        while piece := source.read(_PIECE):
            out.write(piece)


def _write(path: Path, raw: bytes) -> None:
    with path.open("wb") as out:
        out.write(raw)
        out.flush()
        os.fsync(out.fileno())
