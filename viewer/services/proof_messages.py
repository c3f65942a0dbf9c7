"""What a worker process is asked for a proof; see `worker_messages`."""

import msgspec

from viewer.core.deidentification import Option
from viewer.core.proof import Finding, Own
from viewer.core.telltale import Telltale


class Gather(msgspec.Struct, tag=True, frozen=True):
    """Say what files of a source tell of people; answered once for each, in order.

    Attributes
    ----------
    paths : tuple of bytes
        As in `Read`.
    options : tuple of Option
        What they retain is told apart.
    seconds, memory, processor
        As in `Read`, for a small file.
    """

    paths: tuple[bytes, ...]
    options: tuple[Option, ...]
    seconds: float
    memory: int
    processor: float


class Learn(msgspec.Struct, tag=True, frozen=True):
    """Remember what is sought; not answered.

    Attributes
    ----------
    values : tuple of Telltale
    options : tuple of Option
    key : bytes
        Of the report's marks.
    """

    values: tuple[Telltale, ...]
    options: tuple[Option, ...]
    key: bytes


class MadeOf(msgspec.Struct, frozen=True):
    """Which file of the source a written one was made of.

    Attributes
    ----------
    path : bytes
        As in `Read`.
    values : tuple of Telltale
        What tells of its patient.
    """

    path: bytes
    values: tuple[Telltale, ...]


class Prove(msgspec.Struct, tag=True, frozen=True):
    """Read written files again; answered once for each, in order.

    Attributes
    ----------
    paths : tuple of bytes
        As in `Read`.
    options : tuple of Option or None
        What the export was written with; None asks each file.
    seconds, memory, processor
        As in `Read`, for a small file.
    made_of : tuple of MadeOf
        For each path; empty where that is not known of any.
    """

    paths: tuple[bytes, ...]
    options: tuple[Option, ...] | None
    seconds: float
    memory: int
    processor: float
    made_of: tuple[MadeOf, ...] = ()


class Gathered(msgspec.Struct, tag=True, frozen=True):
    """What a file of the source tells of people, and what of it may stay."""

    gone: tuple[Telltale, ...]
    kept: tuple[Telltale, ...]
    own: Own


class Proven(msgspec.Struct, tag=True, frozen=True):
    """What was found in a written file; see `FileProof`."""

    own: Own | None
    size: int
    sha256: str
    options: tuple[Option, ...]
    findings: tuple[Finding, ...]
