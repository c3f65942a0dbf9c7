"""What would fill the disk is refused before it is written."""

import shutil
from pathlib import Path

from viewer.core.errors import EnvironmentFailure


def check_room(
    folder: Path,
    needed: int,
    hint: str = "Free some space, or choose another place. Nothing was left there.",
    *,
    purpose: str = "for this export",
) -> None:
    """Refuse to write what would fill the disk.

    Raises
    ------
    EnvironmentFailure
        If it has not so many bytes free.
    OSError
        If nobody can say.
    """
    if shutil.disk_usage(folder).free < needed:
        raise EnvironmentFailure(f"The disk has too little room {purpose}.", hint=hint)
