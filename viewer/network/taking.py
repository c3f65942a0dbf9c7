"""Taking one object off a connection that others still come over."""

from contextlib import ExitStack
from typing import Self

from viewer.core.errors import ViewerError
from viewer.network.ways import Deliver, Incoming, Offer


class Taking:
    """An object that is read to its end even where it cannot be kept.

    The connection stays usable: what fails is told by `keep`.
    """

    def __init__(self, deliver: Deliver, offer: Offer) -> None:
        self._own = ExitStack()
        self._incoming: Incoming | None = None
        self._failure: ViewerError | None = None
        try:
            self._incoming = self._own.enter_context(deliver(offer))
        except ViewerError as error:
            self._failure = error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._own.close()

    def write(self, piece: memoryview) -> None:
        """Take the next bytes."""
        if self._incoming is not None and self._failure is None:
            try:
                self._incoming.write(piece)
            except ViewerError as error:
                self._failure = error

    def keep(self) -> None:
        """Keep it, or say why it cannot be kept; see `Incoming.keep`."""
        if self._failure is not None:
            raise self._failure
        if self._incoming is not None:
            self._incoming.keep()
