"""Small files that are the old one or the new one, never half, whatever happens."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

_PREFIX: Final = ".writing-"  # what a kill leaves; nobody reads it


@contextmanager
def whole_file(path: Path, *, anew: bool = False) -> Iterator[BinaryIO]:
    """A file to write in, that takes the place of `path` when the block ends well.

    Only this user can read it (0600), whatever the old one allowed. Where the block
    fails, the old one stays as it was.

    Parameters
    ----------
    path : Path
        Its folder must be there.
    anew : bool
        Whether it must not take the place of anything.

    Raises
    ------
    FileExistsError
        If it was to be new, and `path` is there.
    OSError
        If it cannot be written.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_PREFIX)  # 0600
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _give_name(draft, path, anew=anew)
    finally:
        with suppress(OSError):  # what made the block fail is what counts
            draft.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes, *, anew: bool = False) -> None:
    """Write a file at one go; see `whole_file`."""
    with whole_file(path, anew=anew) as file:
        file.write(content)


def _give_name(draft: Path, path: Path, *, anew: bool) -> None:
    if not anew:
        draft.replace(path)
    elif os.name == "nt":
        draft.rename(path)  # refuses there to take a place
    else:
        os.link(draft, path)
