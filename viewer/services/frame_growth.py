"""How much larger than its code a frame may be, before anything is decoded.

A blank image of any size is a few hundred bytes in JPEG-LS or JPEG 2000, and who
decodes it pays for the pixels.
"""

import os
from collections.abc import Sequence

from viewer.core.errors import PixelError, UnreadableError
from viewer.services.worker_messages import Place

_FREE_BYTES = 64 << 20  # larger than any frame of a scanner, film digitizers apart
_MAX_RATIO = 400  # lossy JPEG reaches 170
_BYTES_PER_PROCESSOR_SECOND = 8 << 20
_CODE_PER_PROCESSOR_SECOND = 1 << 20


def check_growth(decoded: int, place: Place) -> None:
    """Refuse a frame of `decoded` bytes that comes out of next to nothing.

    Raises
    ------
    PixelError
        If it does.
    UnreadableError
        If the file is gone.
    """
    if decoded <= _FREE_BYTES:
        return
    if decoded > _MAX_RATIO * encoded_bytes(place):
        raise PixelError(
            "The image grows beyond all bounds when it is decoded.",
            hint="It is damaged, or made to fill the memory.",
        )


def encoded_bytes(place: Place) -> int:
    """Bytes a frame has in its file; those of the whole file where it is deflated.

    Raises
    ------
    UnreadableError
        If the file is gone.
    """
    if place.fragments is not None:
        return sum(length for _, length in place.fragments)
    try:
        return os.stat(place.path).st_size  # noqa: PTH116 - the path is bytes
    except OSError as error:
        raise UnreadableError("The file cannot be read.") from error


def processor_seconds(decoded: int, places: Sequence[Place]) -> float:
    """Seconds of computing for so many bytes, on a slow machine: those of the pixels.

    A small file that says it has many pixels is not given more for that.
    """
    encoded = sum(map(encoded_bytes, places))
    return min(
        decoded / _BYTES_PER_PROCESSOR_SECOND, encoded / _CODE_PER_PROCESSOR_SECOND
    )
