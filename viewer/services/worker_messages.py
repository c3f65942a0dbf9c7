"""What a worker process is asked, and what it answers.

Both ways in MessagePack, typed: unlike a pickle, an answer can do nothing but hold
values, whatever a hostile file has made of the worker.
"""

import msgspec

from viewer.core import errors
from viewer.core.errors import UnreadableError, ViewerError
from viewer.core.image import Fragment, PixelFormat
from viewer.core.records import FileRecord, FileStamp


class Warm(msgspec.Struct, tag=True, frozen=True):
    """Import what decoding needs; not answered."""


class Read(msgspec.Struct, tag=True, frozen=True):
    """Read the headers of files; answered once for each, in order.

    Attributes
    ----------
    paths : tuple of bytes
        As `os.fsencode` gives them: not every file name is text.
    seconds : float
        A worker that takes much longer for one file ends itself.
    memory : int
        Bytes it may take beyond what it has.
    processor : float
        Seconds of computing for one small file; more end the worker. Large files have
        some more.
    """

    paths: tuple[bytes, ...]
    seconds: float
    memory: int
    processor: float


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where the bytes of one frame lie.

    Attributes
    ----------
    fragments : tuple or None
        None for a deflated data set.
    """

    path: bytes
    stamp: FileStamp | None
    number: int
    fragments: tuple[Fragment, ...] | None
    bit_offset: int


class Decode(msgspec.Struct, tag=True, frozen=True):
    """Decode frames of one format side by side into shared memory.

    Answered once, by `Done`.

    Attributes
    ----------
    block : str
        Name of the shared memory.
    seconds : float
        For all of them.
    memory : int
        Bytes the worker may take beyond what it has and the block.
    processor : float
        Seconds of computing for all of them; more end the worker.
    """

    places: tuple[Place, ...]
    pixels: PixelFormat
    block: str
    seconds: float
    memory: int
    processor: float


class Failure(msgspec.Struct, tag=True, frozen=True):
    """Why it did not work, without any value of the file.

    Attributes
    ----------
    kind : str
        Name of the `ViewerError`.
    message, hint : str
    where : str
        For the log, where the reason was not foreseen: type and place in the code.
    """

    kind: str
    message: str
    hint: str = ""
    where: str = ""

    def to_error(self) -> ViewerError:
        """The error as it was raised in the worker."""
        found = getattr(errors, self.kind, UnreadableError)
        kind = found if issubclass(found, ViewerError) else UnreadableError
        return kind(self.message, hint=self.hint)


class Done(msgspec.Struct, tag=True, frozen=True):
    """The frames lie in the shared memory, but for those that failed.

    Attributes
    ----------
    failures : dict
        By position in `Decode.places`.
    """

    failures: dict[int, Failure] = {}


class Header(msgspec.Struct, tag=True, frozen=True):
    """What a file says."""

    record: FileRecord


Request = Warm | Read | Decode
Answer = Done | Header | Failure
