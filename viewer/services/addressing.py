"""Find the file a command line means: by its path, or by a UID in the catalog."""

import re
from pathlib import Path

from viewer.core.errors import ViewerError
from viewer.services.places import has_catalog

_UID = re.compile(r"[0-9]+(\.[0-9]+)+")


def addressed_file(name: str, data_dir: Path) -> Path:
    """The file that ``FILE|SOP_UID`` names; a file of that name comes first.

    Raises
    ------
    ViewerError
        If there is neither such a file nor such an instance.
    UnreadableError
        If the catalog has it, but its file is gone or is not what it was.
    """
    path = Path(name)
    if path.exists():
        return path
    if not _UID.fullmatch(name) or not has_catalog(data_dir):
        raise ViewerError(
            f"There is no file {name}.",
            hint="Give the path of a file, or the SOP Instance UID of an image that "
            "was imported.",
        )
    from viewer.services.library import Library  # noqa: PLC0415 - SQLAlchemy is slow

    library = Library(data_dir)
    try:
        return Path(library.instance(name).path)
    finally:
        library.close()
