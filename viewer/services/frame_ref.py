"""Which frame is meant, and how to find it without reading a header again."""

import os
from dataclasses import dataclass, field

from viewer.core.errors import UnreadableError
from viewer.core.image import Image
from viewer.core.records import FileStamp


@dataclass(frozen=True, slots=True)
class StackPlace:
    """Which slice of which stack a frame is, so that slices come to lie side by side.

    Attributes
    ----------
    stack : str
    index : int
        Counted from 0.
    count : int
        Slices of the stack.
    """

    stack: str
    index: int
    count: int


@dataclass(frozen=True, slots=True)
class FrameRef:
    """One frame of one file.

    Two are the same if path, number, stamp and part are: the image follows from them.

    Attributes
    ----------
    path : str
        May hold a name; it is never printed.
    image : Image
    number : int
        Counted from 1.
    stamp : FileStamp or None
        The file as it was when `image` was read; None if that is not to be compared.
    part : str
        What else of the frame is meant, as `services.frame_parts` names it; empty for
        its pixels.
    place : StackPlace or None
        None if it lies beside no others.
    steps : int
        How often it is halved; `part` says so, too, and `image` has that size.
    """

    path: str = field(repr=False)
    image: Image = field(repr=False, compare=False)
    number: int = 1
    stamp: FileStamp | None = field(default=None, hash=False)  # path and number do
    part: str = ""
    place: StackPlace | None = field(default=None, repr=False, compare=False)
    steps: int = field(default=0, compare=False)


def check_unchanged(path: str, stamp: FileStamp | None) -> None:
    """Refuse a file that is not the one that was indexed.

    Raises
    ------
    UnreadableError
        If it is gone, or another one.
    """
    if stamp is None:
        return
    try:
        found = FileStamp.from_stat(os.stat(path))  # noqa: PTH116 - half the time of Path.stat
    except OSError as error:
        raise UnreadableError(
            "The file is not where it was.",
            hint="It was moved or deleted, or its disk is not connected.",
        ) from error
    if found != stamp:
        raise UnreadableError(
            "The file has changed since it was read.",
            hint="Open the study again.",
        )
