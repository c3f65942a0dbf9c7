"""The index of a disc: which files it lists; PS3.3 F, PS3.10 8.6."""

from functools import lru_cache
from pathlib import Path, PurePosixPath

from viewer.core.errors import NotDicomError
from viewer.dicom import tag as tags
from viewer.dicom.part10 import DICOMDIR_CLASS, open_dicom

_HEAD = 1024
_INACTIVE = 0  # Record In-use Flag (0004,1410); retired, still written


def may_be_dicomdir(path: str | Path) -> bool:
    """Whether a file is worth the question if it is such an index; nothing is parsed.

    It is if it names the class in its first bytes, or is called so: the question is
    asked of every file a user names.
    """
    if Path(path).name.casefold().startswith("dicomdir"):
        return True
    try:
        with Path(path).open("rb") as file:
            return DICOMDIR_CLASS.encode() in file.read(_HEAD)
    except OSError:
        return False


def referenced_files(path: str | Path) -> tuple[Path, ...] | None:
    """The files a DICOMDIR lists, in its order, whether they exist or not.

    None if the file is no DICOMDIR, whatever its name.

    Names are matched without regard to case, as discs are mounted either way. A name
    that leads out of the folder of the DICOMDIR is left out: a disc lists its own.

    Raises
    ------
    UnreadableError
        If the DICOMDIR cannot be read.
    """
    try:
        return _referenced(path)
    except NotDicomError:
        return None


def _referenced(path: str | Path) -> tuple[Path, ...] | None:
    folder = Path(path).parent
    entries = lru_cache(maxsize=256)(_entries)
    found: dict[Path, None] = {}
    with open_dicom(path) as opened:
        if not opened.is_dicomdir:
            return None
        for record in opened.data_set.items(tags.DIRECTORY_RECORD_SEQUENCE):
            parts = record.texts(tags.REFERENCED_FILE_ID)
            if record.integer(tags.RECORD_IN_USE_FLAG) == _INACTIVE:
                continue
            if parts and all(map(_is_plain_name, parts)):
                place = folder
                for part in parts:
                    place = place / entries(place).get(part.casefold(), part)
                found.setdefault(place)
    return tuple(found)


def _is_plain_name(part: str) -> bool:
    return part not in ("", ".", "..") and PurePosixPath(part).name == part


def _entries(folder: Path) -> dict[str, str]:
    try:
        return {entry.name.casefold(): entry.name for entry in folder.iterdir()}
    except OSError:
        return {}
