"""A connection that somebody opened to us."""

import contextlib
import socket
import threading
import time
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Guest:
    """A connection, and since when it has said nothing.

    Attributes
    ----------
    connection : socket.socket
        Plain, or encrypted with the handshake still to come.
    address : str
    thread : threading.Thread or None
        Talks with it.
    heard : float
        When it last said something worth while, by the monotonic clock.
    leaving : bool
        Whether it was told to go, and does not count any more.
    """

    connection: socket.socket
    address: str
    thread: threading.Thread | None = None
    heard: float = field(default_factory=time.monotonic)
    leaving: bool = False

    def hear(self) -> None:
        """Note that it said something."""
        self.heard = time.monotonic()

    def cut_off(self) -> None:
        """End the connection, whoever may be waiting for it."""
        self.leaving = True
        # Not that of an SSLSocket: it forgets its keys, and what was encrypted would
        # be read as it is.
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self.connection, socket.SHUT_RDWR)

    def join(self, seconds: float | None = None) -> None:
        """Wait until nobody talks with it any more."""
        if self.thread is not None:
            self.thread.join(seconds)
