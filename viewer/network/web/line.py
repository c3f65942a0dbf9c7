"""A connection as HTTP's reader wants it, which never waits without looking up."""

import io
import socket
from typing import Final

from typing_extensions import Buffer, override

from viewer.network.connecting import Cancel, Deadline, transmit

_READ_AHEAD: Final = 1 << 18


class Line:
    """What `http.client` needs of a socket: to send, to read, to close.

    Parameters
    ----------
    connection : socket
    silence : float
        Seconds between two signs of life.
    cancel : callable
        Asked ten times a second while we wait; true raises `Cancelled`.
    """

    def __init__(
        self, connection: socket.socket, silence: float, cancel: Cancel
    ) -> None:
        self._connection = connection
        self._silence, self._cancel = silence, cancel
        self._readers, self._closing = 0, False

    def sendall(self, data: Buffer) -> None:
        """Send all of it."""
        transmit(self._connection, bytes(data), self._deadline())

    def makefile(self, _mode: str = "rb") -> io.BufferedReader:
        """What reads one answer; closing it leaves the connection open."""
        self._readers += 1
        return io.BufferedReader(_Reading(self), _READ_AHEAD)

    def close(self) -> None:
        """Hang up, as soon as nobody reads an answer any more."""
        self._closing = True
        if not self._readers:
            self._connection.close()

    def leave(self) -> None:
        """An answer is read no more."""
        self._readers -= 1
        if self._closing:
            self.close()

    def read_into(self, buffer: Buffer) -> int:
        """Bytes that came, at least one; 0 at the end."""
        deadline = self._deadline()
        while True:
            self._connection.settimeout(deadline.slice())
            try:
                return self._connection.recv_into(buffer)
            except TimeoutError:
                continue

    def _deadline(self) -> Deadline:
        return Deadline(self._silence, self._cancel)


class _Reading(io.RawIOBase):
    def __init__(self, line: Line) -> None:
        self._line = line

    @override
    def close(self) -> None:
        if not self.closed:
            super().close()
            self._line.leave()

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Buffer) -> int:
        return self._line.read_into(buffer)
