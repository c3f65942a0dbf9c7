"""Small pictures kept on disk, so that the next start shows them at once.

Everything in the folder can be made again: it may be deleted at any time, and what
cannot be read is simply not there.
"""

import contextlib
import hashlib
import os
import secrets
import threading
from pathlib import Path

import numpy as np
import numpy.typing as npt

from viewer import __version__
from viewer.core.records import EDITION
from viewer.services.frame_ref import FrameRef

Pixels = npt.NDArray[np.uint8]

_LIMIT = 200_000_000  # bytes
_KEPT = 0.8  # share of them that stays when there are too many


class PictureCache:
    """A folder of pictures, the least recently used thrown away first.

    Any thread may use it. Another process may use the same folder.
    """

    def __init__(self, folder: Path, limit: int = _LIMIT) -> None:
        self._folder, self._limit = folder, limit
        self._tidying = threading.Lock()
        self._size: int | None = None

    def get(self, key: str, side: int) -> Pixels | None:
        """The picture under `key`, ``(side, side)`` or ``(side, side, 3)``, or None."""
        path = self._folder / key
        try:
            raw = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        shapes = {side * side: (side, side), 3 * side * side: (side, side, 3)}
        shape = shapes.get(len(raw))
        return None if shape is None else np.frombuffer(raw, np.uint8).reshape(shape)

    def put(self, key: str, pixels: Pixels) -> None:
        """Keep a picture; a disk that is full or closed is no reason to complain."""
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = self._folder / f".{secrets.token_hex(8)}"
            try:
                with open(draft, "xb", opener=_closed_to_others) as file:
                    file.write(pixels.tobytes())
                draft.replace(self._folder / key)
            finally:
                draft.unlink(missing_ok=True)
            self._tidy(pixels.nbytes)

    def _tidy(self, added: int) -> None:
        with self._tidying:
            if self._size is not None:
                self._size += added
            if self._size is None or self._size > self._limit:
                self._size = self._shrink()

    def _shrink(self) -> int:
        """Throw away what was used least recently, if there is too much; what stays."""
        found = []
        with os.scandir(self._folder) as entries:
            for entry in entries:
                with contextlib.suppress(FileNotFoundError):
                    status = entry.stat()
                    found.append((status.st_mtime_ns, status.st_size, entry.path))
        total = sum(size for _, size, _ in found)
        if total <= self._limit:
            return total
        for _, size, path in sorted(found):
            if total <= _KEPT * self._limit:
                break
            Path(path).unlink(missing_ok=True)
            total -= size
        return total


def picture_key(uid: str, ref: FrameRef, side: int) -> str:
    """The name of a picture of a frame: says nothing, and changes with the file."""
    told = (__version__, EDITION, uid, ref.number, ref.stamp, side)
    return hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()


def _closed_to_others(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
