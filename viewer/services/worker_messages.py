"""What a worker process is asked, and what it answers.

Both ways in MessagePack, typed: unlike a pickle, an answer can do nothing but hold
values, whatever a hostile file has made of the worker.
"""

import msgspec

from viewer.core import errors
from viewer.core.attribute_row import AttributeRow
from viewer.core.errors import UnreadableError, ViewerError
from viewer.core.image import Fragment, PixelFormat
from viewer.core.records import FileRecord, FileStamp, PackedInstance
from viewer.services.export_messages import Listed, ListOut, WentOut, WriteOut
from viewer.services.measurement_messages import Compose, Composed
from viewer.services.proof_messages import Gather, Gathered, Learn, Prove, Proven
from viewer.services.text_messages import FindText, Texts


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


class Index(msgspec.Struct, tag=True, frozen=True):
    """Read the headers of files for the catalog; answered for several at once.

    Attributes
    ----------
    paths : tuple of bytes
        As in `Read`.
    hashed : bool
        Whether the SHA-256 of each file is wanted too.
    one_by_one : bool
        Whether to answer for each file alone.
    seconds, memory, processor
        As in `Read`.
    """

    paths: tuple[bytes, ...]
    hashed: bool
    one_by_one: bool
    seconds: float
    memory: int
    processor: float


class Tell(msgspec.Struct, tag=True, frozen=True):
    """Say everything a file says; answered by `Attributes` or `Model`.

    Attributes
    ----------
    path : bytes
    most : int or None
        Lines for people, not more than these; None for the JSON model.
    seconds, memory, processor
        As in `Read`.
    """

    path: bytes
    most: int | None
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
    steps : int
        How often each is halved; `pixels` has the size it has then.
    apart : bool
        Whether their bytes stay apart, in planes.
    """

    places: tuple[Place, ...]
    pixels: PixelFormat
    block: str
    seconds: float
    memory: int
    processor: float
    steps: int = 0
    apart: bool = False


class ListDisc(msgspec.Struct, tag=True, frozen=True):
    """Say which files a DICOMDIR lists; answered by `Disc`.

    Attributes
    ----------
    path : bytes
    seconds, memory, processor
        As in `Read`.
    """

    path: bytes
    seconds: float
    memory: int
    processor: float


class OpenArchive(msgspec.Struct, tag=True, frozen=True):
    """Read what a ZIP holds, and be ready to unpack it; answered by `Members`.

    Attributes
    ----------
    path : bytes
    password : str or None
    grown : int
        Bytes that were unpacked from it before.
    seconds, memory, processor
        As in `Read`.
    """

    path: bytes
    password: str | None
    grown: int
    seconds: float
    memory: int
    processor: float


class Unpack(msgspec.Struct, tag=True, frozen=True):
    """Write a member of the archive that was opened last; answered by `Member`.

    Attributes
    ----------
    number : int
        Which one of its `Members`, from 0.
    target : bytes
        A file that is there and empty.
    seconds, memory
        As in `Read`.
    processor : float
        Seconds of computing for a small member; large ones have more.
    """

    number: int
    target: bytes
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


class Attributes(msgspec.Struct, tag=True, frozen=True):
    """A file in lines for people, and how many lines were left out."""

    rows: tuple[AttributeRow, ...]
    left_out: int


class Model(msgspec.Struct, tag=True, frozen=True):
    """A file in the DICOM JSON model, as JSON."""

    text: str


class Disc(msgspec.Struct, tag=True, frozen=True):
    """The files a DICOMDIR lists; None if the file is none."""

    files: tuple[bytes, ...] | None


class Members(msgspec.Struct, tag=True, frozen=True):
    """How many files a ZIP holds."""

    count: int


class Member(msgspec.Struct, tag=True, frozen=True):
    """A member of a ZIP.

    Attributes
    ----------
    name : str
        As written in the archive.
    grown : int
        Bytes that were unpacked from the archive until now.
    failure : Failure or None
        Why it was not unpacked.
    """

    name: str
    grown: int
    failure: Failure | None


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """What the catalog is to know of a file.

    Attributes
    ----------
    head : int
        Which of `Entries.heads` is this file's.
    instance : PackedInstance
    stamp : FileStamp
    sha256 : bytes or None
        None if it was not asked for, or takes too long.
    """

    head: int
    instance: PackedInstance
    stamp: FileStamp
    sha256: bytes | None


class Entries(msgspec.Struct, tag=True, frozen=True):
    """What the next files say.

    Attributes
    ----------
    heads : tuple of bytes
        Patient, study and series, each combination once.
    entries : tuple of Entry
    alone : bool
        Whether the file after these is read and answered alone.
    """

    heads: tuple[bytes, ...]
    entries: tuple[Entry, ...]
    alone: bool = False


Request = (
    Warm
    | Read
    | Index
    | Tell
    | Decode
    | ListDisc
    | OpenArchive
    | Unpack
    | WriteOut
    | ListOut
    | Gather
    | Learn
    | Prove
    | FindText
    | Compose
)
Answer = (
    Done
    | Header
    | Entries
    | Attributes
    | Model
    | Disc
    | Members
    | Member
    | WentOut
    | Listed
    | Gathered
    | Proven
    | Texts
    | Composed
    | Failure
)
