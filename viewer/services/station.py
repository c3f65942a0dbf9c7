"""Who this installation of the program is, in what it writes."""

import re
import uuid
from pathlib import Path
from typing import Final

from viewer.core.errors import EnvironmentFailure
from viewer.services.file_lock import alone
from viewer.services.places import prepare, station_file
from viewer.services.whole_file import write_whole

_UID: Final = re.compile(r"2\.25\.[0-9]{1,39}")


def station_uid(data_dir: Path) -> str:
    """The UID of the installation that works in this data folder; PS3.5 B.2.

    It is made when it is first asked for, and tells nothing of person or computer.

    Raises
    ------
    EnvironmentFailure
        If it can neither be read nor made.
    """
    path = station_file(prepare(data_dir))
    try:
        found = _kept(path)
        if not found:
            with alone(data_dir):  # whoever asks at the same time gets the same
                found = _kept(path) or _made(path)
    except OSError as cause:
        raise EnvironmentFailure(
            "The data folder cannot be written.",
            hint=f"Is {data_dir} full, or closed to you?",
        ) from cause
    return found


def _kept(path: Path) -> str:
    """What is there; empty if that is nothing, or no UID."""
    try:
        found = path.read_text("ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return ""
    return found if _UID.fullmatch(found) else ""


def _made(path: Path) -> str:
    uid = f"2.25.{uuid.uuid4().int}"
    write_whole(path, f"{uid}\n".encode("ascii"))
    return uid
