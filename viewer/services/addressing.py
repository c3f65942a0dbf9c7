"""Find the file a command line means: by its path, or by a UID in the catalog."""

import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.core.errors import ViewerError
from viewer.services.places import has_catalog

if TYPE_CHECKING:
    from collections.abc import Iterator

    from viewer.core.annotation import Annotation
    from viewer.core.remote import RemoteKey
    from viewer.services.library import Library

_UID = re.compile(r"[0-9]+(\.[0-9]+)+")


def key_of(library: "Library", uid: str) -> "RemoteKey":
    """The study, series or image of a UID.

    Raises
    ------
    ViewerError
        If the catalog has none.
    """
    found = library.catalog.locating.key_of(uid)
    if found is None:
        raise ViewerError(
            "There is no such study, series or image in the catalog.",
            hint="lightbox studies and lightbox show list what there is.",
        )
    return found


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
    with _library(name, data_dir) as library:
        return Path(library.instance(name).path)


def addressed_drawings(name: str, data_dir: Path) -> "tuple[Annotation, ...]":
    """What was drawn on the image that ``FILE|SOP_UID`` names.

    Drawings are the catalog's: on a file that is named by its path there are none.
    """
    if Path(name).exists():
        return ()
    with _library(name, data_dir) as library:
        return library.catalog.annotations.of_image(name)


@contextmanager
def _library(name: str, data_dir: Path) -> "Iterator[Library]":
    if not _UID.fullmatch(name) or not has_catalog(data_dir):
        raise ViewerError(
            f"There is no file {name}.",
            hint="Give the path of a file, or the SOP Instance UID of an image that "
            "was imported.",
        )
    from viewer.services.library import Library  # noqa: PLC0415 - SQLAlchemy is slow

    library = Library(data_dir)
    try:
        yield library
    finally:
        library.close()
