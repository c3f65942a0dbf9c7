"""What has to be forced to disk here so that a file lasts under the name it has.

Everywhere it is the file, and then the folder its name is in. ext4, XFS and Btrfs keep
changes in their order: once a file is forced to disk, so are the names it was given
before. ext4 and XFS write the changes of all files into one journal: once a folder is
forced to disk, so is every move out of it, at both ends.
"""

import os
from functools import cached_property
from pathlib import Path
from typing import Final

_NAME_WITH_FILE: Final = {"ext4", "xfs", "btrfs"}
_MOVES_WITH_SOURCE: Final = {"ext4", "xfs"}


class Disk:
    """What the file system of a folder promises; it is looked for when it is asked.

    Parameters
    ----------
    folder : Path
        May not be there yet.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def name_with_file(self) -> bool:
        """Whether a file that is forced to disk keeps the name it has by then."""
        return self._kind in _NAME_WITH_FILE

    @cached_property
    def moves_with_source(self) -> bool:
        """Whether all moves out of a folder last once that folder is forced to disk."""
        return self._kind in _MOVES_WITH_SOURCE

    @cached_property
    def _kind(self) -> str:
        """Of file system; empty where it is not known."""
        if os.name != "posix":
            return ""
        import psutil  # noqa: PLC0415 - whoever searches needs none of this

        folder = self._folder.resolve()
        found: dict[Path, str] = {}
        for mounted in psutil.disk_partitions(all=True):
            found[Path(mounted.mountpoint)] = mounted.fstype  # the last one lies on top
        around = (found[place] for place in (folder, *folder.parents) if place in found)
        return next(around, "")
