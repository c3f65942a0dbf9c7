"""The pixels of an object as they may leave, for whoever writes it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

OFFSET_TABLES: Final = (0x7FE00001, 0x7FE00002)
"""Extended Offset Table and its lengths; PS3.3 C.7.6.3.1.8."""

Header = Mapping[int, tuple[str, Any] | None]
"""VR and value by tag; None where the attribute has to go."""


@dataclass(frozen=True, slots=True)
class PixelOutcome:
    """The pixels of an image, clean, and what its header has to say of them.

    Attributes
    ----------
    tag : int
        Pixel Data (7FE0,0010) or one of its float kinds.
    vr : str
        What an explicit data set writes it as.
    length : int or None
        Bytes of the value, even; None for fragments, whose length is undefined: the
        pieces end with their delimiter.
    transfer_syntax_uid : str
        What the object has to be written in. Never big endian and never deflated as a
        whole; without fragments, explicit and implicit little endian will both do.
    pieces : callable
        Gives the bytes of the value, little endian. They are read from the file while
        it is open, once.
    header : mapping
        What the header has to say now. Other pixel attributes and offset tables of the
        source are among what has to go.
    burned : bool
        Whether something was burned black.
    """

    tag: int
    vr: str
    length: int | None
    transfer_syntax_uid: str
    pieces: Callable[[], Iterator[bytes]]
    header: Header = field(default_factory=dict)
    burned: bool = False
