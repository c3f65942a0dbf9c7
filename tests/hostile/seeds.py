"""Good files to be spoiled: bundled with pydicom, built, and real ones where given."""

import os
from pathlib import Path
from random import Random

import pydicom

from tests.dicom.written_files import image_elements, item, meta, sequence_end
from tests.hostile.fragments import FRAME, encapsulated
from tests.hostile.streams import image_of

_BUNDLED = Path(pydicom.__file__).parent / "data"
_LARGEST = 300_000  # bytes: what costs is the number of files, not their size


class Seeds:
    """The good files, each read when it is wanted."""

    def __init__(self) -> None:
        folders = [_BUNDLED]
        given = os.environ.get("LIGHTBOX_TEST_DATA", "")
        if given:
            folders.append(Path(given))
        self._paths = sorted(
            path
            for folder in folders
            for path in folder.rglob("*")
            if path.is_file() and 200 < path.stat().st_size < _LARGEST
        )
        self._paths = [path for path in self._paths if _is_dicom(path)]
        self._built = [
            meta() + image_elements(),
            encapsulated(item(b"") + item(FRAME) * 3 + sequence_end(), 3),
            image_of(FRAME, ".5", 2, 2),
        ]

    def __len__(self) -> int:
        """How many there are."""
        return len(self._paths) + len(self._built)

    def any(self, dice: Random) -> bytes:
        """One of them."""
        number = dice.randrange(len(self))
        if number < len(self._built):
            return self._built[number]
        return self._paths[number - len(self._built)].read_bytes()


def _is_dicom(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(132)
    return head[128:] == b"DICM" or path.suffix == ".dcm"
