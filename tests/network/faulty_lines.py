"""A line between us and a peer that breaks where it is told, the first times only."""

import contextlib
import select
import socket
import struct
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto


class End(Enum):
    """How a connection ends."""

    RESET = auto()
    CLOSED = auto()
    STUCK = auto()  # nothing comes through for a while, then it is reset


@dataclass(frozen=True)
class Break:
    """Where a connection ends.

    Attributes
    ----------
    to_us : bool
        Whether bytes on their way to us are counted, or those to the peer.
    after : int
        So many of them come through.
    end : End
    """

    to_us: bool
    after: int
    end: End


@dataclass(slots=True)
class Line:
    """A line, and how often it broke."""

    port: int
    broken: int = 0


_STUCK_S = 0.3
_PATIENCE_S = 60.0


@contextlib.contextmanager
def faulty_line(port: int, breaks: Sequence[Break]) -> Iterator[Line]:
    """A way to another port; the n-th connection ends at the n-th break."""
    closing, relays = threading.Event(), list[threading.Thread]()

    def attend(server: socket.socket) -> None:
        todo = list(breaks)
        while not closing.is_set():
            with contextlib.suppress(TimeoutError):
                caller, _ = server.accept()
                here = todo.pop(0) if todo else None
                relays.append(threading.Thread(target=relay, args=(caller, here)))
                relays[-1].start()

    def relay(caller: socket.socket, here: Break | None) -> None:
        with caller, socket.create_connection(("127.0.0.1", port)) as peer:
            for end in (caller, peer):
                end.settimeout(_PATIENCE_S)
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with contextlib.suppress(OSError):
                if _carry(caller, peer, here, closing) and here is not None:
                    line.broken += 1
                    _break(caller, peer, here.end)

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        line = Line(server.getsockname()[1])
        attending = threading.Thread(target=attend, args=(server,))
        attending.start()
        try:
            yield line
        finally:
            closing.set()
            for thread in (attending, *relays):
                thread.join(_PATIENCE_S)
                assert not thread.is_alive()


def _carry(
    caller: socket.socket,
    peer: socket.socket,
    here: Break | None,
    closing: threading.Event,
) -> bool:
    """Whether it is time to break."""
    counted = None if here is None else peer if here.to_us else caller
    left = here.after if here is not None else -1
    while left:
        ready, _, _ = select.select([caller, peer], [], [], 0.05)
        if not ready and closing.is_set():
            return False
        for source in ready:
            part = source.recv(left if source is counted else 1 << 16)
            if not part:
                return False
            (peer if source is caller else caller).sendall(part)
            left -= len(part) if source is counted else 0
            if not left:
                break
    return True


def _break(caller: socket.socket, peer: socket.socket, how: End) -> None:
    if how is End.STUCK:
        time.sleep(_STUCK_S)
    if how is not End.CLOSED:
        for end in (caller, peer):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
