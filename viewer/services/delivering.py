"""From a fetching connection through the door into the library."""

import contextlib
from collections.abc import Callable, Iterator

from viewer.core.errors import UnreadableError, ViewerError
from viewer.dicom.file_meta import file_meta
from viewer.network.ways import Incoming, Offer
from viewer.services.arriving import Arriving
from viewer.services.receiving import Claim, Receiving, Taken


class Delivery:
    """Where fetched objects go; see `viewer.network.ways.Deliver`.

    Parameters
    ----------
    receiving : Receiving
    taken : callable
        Hears of each object that is safe, on the thread that brought it.
    refused : callable
        Hears of each that cannot be kept: its UID as it was announced, and why.
    """

    def __init__(
        self,
        receiving: Receiving,
        taken: Callable[[Taken], object],
        refused: Callable[[str, ViewerError], object] = lambda _uid, _error: None,
    ) -> None:
        self._receiving = receiving
        self._taken, self._refused = taken, refused

    @contextlib.contextmanager
    def __call__(self, offer: Offer) -> Iterator[Incoming]:
        """Begin to take one object."""
        try:
            head = _head(offer)
            with self._receiving.begin() as arriving:
                arriving.write(head)
                yield _Object(self, arriving, offer)
        except ViewerError as error:
            self._refused(offer.sop_instance_uid, error)
            raise

    def take(self, arriving: Arriving, offer: Offer) -> None:
        """Make it a part of the library."""
        claim = Claim(offer.sop_class_uid, offer.sop_instance_uid)
        self._taken(self._receiving.take(arriving, claim))


class _Object:
    """One object on its way in."""

    def __init__(self, delivery: Delivery, arriving: Arriving, offer: Offer) -> None:
        self._delivery, self._arriving, self._offer = delivery, arriving, offer

    def write(self, piece: memoryview) -> None:
        self._arriving.write(piece)

    def keep(self) -> None:
        self._delivery.take(self._arriving, self._offer)


def _head(offer: Offer) -> bytes:
    """What stands before a data set that comes alone; a whole file has its own."""
    if not offer.syntax_uid:
        return b""
    try:
        return file_meta(offer.sop_class_uid, offer.sop_instance_uid, offer.syntax_uid)
    except ValueError as cause:
        raise UnreadableError("The object was announced without a UID.") from cause
