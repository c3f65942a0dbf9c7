"""An object that turns out to be unreadable while it is being sent."""

from collections.abc import Iterable, Iterator

from viewer.core.errors import ViewerError


class CutShort(Exception):  # noqa: N818 - one object's misfortune
    """An object cannot be read to its end, and a part of it is sent already."""

    def __init__(self, uid: str, reason: str) -> None:
        super().__init__()
        self.uid, self.reason = uid, reason


def cuttable(uid: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces of an object; a failure among them raises `CutShort`."""
    try:
        yield from pieces
    except ViewerError as error:
        raise CutShort(uid, error.message) from error
