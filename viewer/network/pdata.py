"""Messages straight off the socket of an association.

pynetdicom polls, copies and parses each PDU several times; a C-STORE of half a megabyte
takes it 5 ms, and 1 ms here. Nothing is ever held as a whole: fragments go to
the caller as they come, so that a peer cannot make us hold what it announces.
PS3.8 9.3.5, PS3.7 6.3 and annex F.
"""

import contextlib
import math
import selectors
import socket
import ssl
import struct
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from viewer.network.command_set import LONGEST, CommandSet, decoded, encoded

_P_DATA, _RELEASE_RQ, _RELEASE_RP, _ABORT = 4, 5, 6, 7
_PDU: Final = struct.Struct(">BxI")
_ITEM: Final = struct.Struct(">IBB")  # length, presentation context, control header
_COMMAND, _LAST = 1, 2
_BUFFER: Final = 1 << 18
_TOGETHER: Final = 1 << 17  # bytes that are given to the system at a time
_LARGEST_SENT: Final = 1 << 17  # what DCMTK takes at most
LONGEST_PDU: Final = 1 << 18
"""What we let a peer send in one piece, in bytes; it is told so when it negotiates."""

_LAST_WORDS_S = 5.0
_LOOK_S = 0.5  # between two looks at `stop` while a peer talks or takes
_COURTESY_S = 2.0  # for what is under way when it first says so

# A peer that keeps Nagle's rule holds the second half of an answer back until we have
# acknowledged the first: 44 ms a message from DCMTK. Linux has to be told each time.
_ACKNOWLEDGE_AT_ONCE: Final[int | None] = getattr(socket, "TCP_QUICKACK", None)

Write = Callable[[memoryview], object]


class Aborted(Exception):  # noqa: N818 - what the peer did
    """The peer cut the association off, or the connection broke."""


class Released(Exception):  # noqa: N818 - no error
    """The peer ended the association in order; it waits for our answer."""


class Misspoken(Exception):  # noqa: N818 - what the peer did
    """The peer sent what no association may hold."""


class Stopped(Exception):  # noqa: N818 - a wish
    """`Wire.stop` said so while we waited for the peer."""


@dataclass(frozen=True, slots=True)
class _Fragment:
    """What is left of one presentation data value, and of the PDU around it."""

    context: int
    command: bool
    last: bool
    left: int


class Wire:
    """One association's socket. One thread at a time.

    Parameters
    ----------
    connection : socket.socket
        Plain or TLS; it is ours from now on.
    longest : int
        How much the peer takes in one PDU, in bytes; 0 is without a bound.
    patience : float
        How long the peer may stay silent, in seconds; may be changed at any time.
    stop : callable
        Asked several times a second while the peer is silent, and obeyed at once then;
        what the peer is saying it may finish if that takes no longer than a moment.

    Attributes
    ----------
    waits_on : callable
        Asked when the peer was silent for too long: whether it may be for as long
        once more. It may not, unless somebody knows better.
    """

    def __init__(
        self,
        connection: socket.socket,
        longest: int,
        *,
        patience: float,
        stop: Callable[[], bool] = lambda: False,
    ) -> None:
        self._socket = connection
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(0.25)  # so often `stop` is asked
        bound = max(min(longest or _LARGEST_SENT, _LARGEST_SENT), 128)
        self._piece = (bound - _ITEM.size) & ~1
        self.patience = patience
        self.stop = stop
        self.waits_on: Callable[[], bool] = lambda: False
        self._buffer = memoryview(bytearray(_BUFFER))
        self._start = self._end = 0  # what of it is read and not yet used
        self._pdu_left = 0
        self._fragment: _Fragment | None = None
        self._look_at, self._leave_at = -math.inf, math.inf

    def read_command(self) -> tuple[int, CommandSet]:
        """The next command with its presentation context.

        Raises
        ------
        Aborted, Released, Misspoken, Stopped
        TimeoutError
            If the peer was silent for too long.
        """
        raw = bytearray()
        context = self._read(raw.extend, command=True, bound=LONGEST)
        try:
            return context, decoded(bytes(raw))
        except ValueError as cause:
            raise Misspoken from cause

    def read_data(self, context: int, write: Write) -> None:
        """Hand the data set that follows the last command to `write`, piece by piece.

        What `write` gets is valid only while it runs.

        Raises
        ------
        Aborted, Released, Misspoken, Stopped
        TimeoutError
        """
        if self._read(write, command=False) != context:
            raise Misspoken

    def send(
        self, context: int, command: CommandSet, data: Iterable[bytes | memoryview] = ()
    ) -> None:
        """Send a message; `data` is the data set in pieces of any size.

        Its length is made even, as PS3.5 7.1.1 wants it: some files are a byte short.

        Raises
        ------
        Aborted
        TimeoutError
            If the peer takes nothing for too long.
        """
        self._send_all(self._framed(context, _COMMAND | _LAST, encoded(command)))
        if not command.has_data:
            return
        waiting: list[bytes | memoryview] = []
        size = 0
        held: bytes | memoryview = b""
        for number, piece in enumerate(_even_pieces(data, self._piece)):
            if number:
                waiting += self._framed(context, 0, held)
                size += len(held)
            if size >= _TOGETHER:
                self._send_all(waiting)
                waiting, size = [], 0
            held = piece
        self._send_all([*waiting, *self._framed(context, _LAST, held)])

    def has_more(self) -> bool:
        """Whether the peer has said more already: a C-CANCEL, most likely."""
        if self._start != self._end or (
            isinstance(self._socket, ssl.SSLSocket) and self._socket.pending()
        ):
            return True
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_READ)
            return bool(selector.select(0))

    def release(self) -> None:
        """End the association in order, and close the connection."""
        try:
            self._send_all([_PDU.pack(_RELEASE_RQ, 4) + bytes(4)])
            self.patience = min(self.patience, _LAST_WORDS_S)
            until = time.monotonic() + self.patience
            self.stop = lambda: time.monotonic() > until
            while True:  # answers that crossed our farewell
                self._next_fragment()
                self._skip()
        except (Aborted, Released, Misspoken, Stopped, TimeoutError):
            pass  # either way it is over
        finally:
            self.close()

    def answer_release(self) -> None:
        """Agree to the end the peer asked for, and close the connection."""
        try:
            self._send_all([_PDU.pack(_RELEASE_RP, 4) + bytes(4)])
        except (Aborted, TimeoutError):
            pass
        finally:
            self.close()

    def abort(self) -> None:
        """Cut the association off; PS3.8 9.3.8 with the service user as its source."""
        try:
            self._socket.settimeout(1.0)
            self._socket.sendall(_PDU.pack(_ABORT, 4) + bytes(4))
        except OSError:
            pass
        finally:
            self.close()

    def close(self) -> None:
        """Let go of the connection."""
        with contextlib.suppress(OSError):  # it may be gone already
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _read(self, write: Write, *, command: bool, bound: int = 0) -> int:
        """All fragments of one part of a message; returns its presentation context."""
        size, context = 0, -1
        while True:
            fragment = self._fragment or self._next_fragment()
            if fragment.command is not command or context not in (-1, fragment.context):
                raise Misspoken
            context, size = fragment.context, size + fragment.left
            if bound and size > bound:
                raise Misspoken
            self._pour(fragment.left, write)
            if fragment.last:
                return context

    def _pour(self, left: int, write: Write) -> None:
        """Hand on what is left of a fragment, in the pieces in which it comes."""
        self._fragment = None
        self._pdu_left -= left
        while left:
            if self._start == self._end:
                self._fill()
            taken = min(left, self._end - self._start)
            write(self._buffer[self._start : self._start + taken])
            self._start += taken
            left -= taken

    def _skip(self) -> None:
        fragment = self._fragment
        if fragment is not None:
            self._pour(fragment.left, len)

    def _next_fragment(self) -> _Fragment:
        while not self._pdu_left:
            self._next_pdu()
        if self._pdu_left < _ITEM.size:
            raise Misspoken
        length, context, control = _ITEM.unpack_from(self._take(_ITEM.size))
        left = length - 2
        self._pdu_left -= _ITEM.size
        if not 0 <= left <= self._pdu_left:
            raise Misspoken
        self._fragment = _Fragment(
            context, bool(control & _COMMAND), bool(control & _LAST), left
        )
        return self._fragment

    def _next_pdu(self) -> None:
        kind, length = _PDU.unpack_from(self._take(_PDU.size))
        if kind == _P_DATA:
            if not _ITEM.size <= length <= LONGEST_PDU:
                raise Misspoken
            self._pdu_left = length
        elif kind in (_RELEASE_RQ, _RELEASE_RP):
            self._take(min(length, 4))
            raise Released
        else:
            raise Aborted if kind == _ABORT else Misspoken

    def _take(self, size: int) -> memoryview:
        """The next `size` bytes, few of them; valid until more is read."""
        if self._end - self._start < size and self._start:
            kept = bytes(self._buffer[self._start : self._end])
            self._buffer[: len(kept)] = kept
            self._start, self._end = 0, len(kept)
        while self._end - self._start < size:
            self._fill()
        self._start += size
        return self._buffer[self._start - size : self._start]

    def _fill(self) -> None:
        """Read what there is, at least one byte; bytes not yet used stay."""
        if self._start == self._end:
            self._start = self._end = 0
        if _ACKNOWLEDGE_AT_ONCE is not None:
            self._socket.setsockopt(socket.IPPROTO_TCP, _ACKNOWLEDGE_AT_ONCE, 1)
        got = self._patiently(lambda: self._socket.recv_into(self._buffer[self._end :]))
        if not got:
            raise Aborted
        self._end += got

    def _send_all(self, parts: Iterable[bytes | memoryview]) -> None:
        left = memoryview(b"".join(parts))
        while left:
            left = left[self._patiently(lambda rest=left: self._socket.send(rest)) :]  # type: ignore[misc] # bound now

    def _patiently(self, attempt: Callable[[], int]) -> int:
        until = time.monotonic() + self.patience
        self._look()
        while True:
            try:
                return attempt()
            except TimeoutError:
                if self.stop():
                    raise Stopped from None
                if time.monotonic() > until:
                    if not self.waits_on():
                        raise
                    until = time.monotonic() + self.patience
            except OSError as cause:
                raise Aborted from cause

    def _look(self) -> None:
        """Ask `stop` now and then, also of a peer that never falls silent."""
        now = time.monotonic()
        if now < self._look_at:
            return
        self._look_at = now + _LOOK_S
        if not self.stop():
            self._leave_at = math.inf
        elif self._leave_at == math.inf:
            self._leave_at = now + _COURTESY_S
        elif now > self._leave_at:
            raise Stopped

    @staticmethod
    def _framed(
        context: int, control: int, piece: bytes | memoryview
    ) -> Iterator[bytes | memoryview]:
        yield _PDU.pack(_P_DATA, len(piece) + _ITEM.size)
        yield _ITEM.pack(len(piece) + 2, context, control)
        yield piece


def _even_pieces(
    data: Iterable[bytes | memoryview], size: int
) -> "Iterator[bytes | memoryview]":
    """The data in pieces of `size`, which is even; the last one is even, too."""
    held = bytearray()
    for part in data:
        view = memoryview(part)
        while view:
            if not held and len(view) >= size:
                yield view[:size]
                view = view[size:]
                continue
            taken = min(size - len(held), len(view))
            held += view[:taken]
            view = view[taken:]
            if len(held) == size:
                yield bytes(held)
                held.clear()
    if held:
        yield bytes(held) + bytes(len(held) % 2)
