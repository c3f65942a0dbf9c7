"""A connection to a peer: TCP, then TLS where it is wanted, in bounded time."""

import errno
import selectors
import socket
import ssl
import time
from collections.abc import Callable
from typing import Final

from viewer.core.errors import Cancelled
from viewer.core.peers import Peer
from viewer.network.faults import Fault, PeerFault
from viewer.network.tls import client_context, handshake_fault

_SLICE_S: Final = 0.1  # so often we look whether we should stop
_UNDER_WAY: Final = {0, errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EALREADY}

_KEPT_ALIVE: Final = (("TCP_KEEPIDLE", 30), ("TCP_KEEPINTVL", 10), ("TCP_KEEPCNT", 4))
"""Seconds, seconds, and probes without an answer; by themselves systems wait hours."""

Cancel = Callable[[], bool]


class Deadline:
    """A moment by which something must be done, or it is called off before."""

    def __init__(self, seconds: float, cancel: Cancel) -> None:
        self._end = time.monotonic() + seconds
        self._cancel = cancel

    def share(self, others: int) -> "Deadline":
        """A deadline that leaves as much time for each of `others`."""
        left = max(self._end - time.monotonic(), 0.0)
        return Deadline(left / (others + 1), self._cancel)

    def slice(self) -> float:
        """How long to wait before the next look, in seconds.

        Raises
        ------
        Cancelled
        TimeoutError
            If the moment has come.
        """
        if self._cancel():
            raise Cancelled
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return min(left, _SLICE_S)


def connect(peer: Peer, deadline: Deadline) -> socket.socket:
    """A connection to `peer` that sends at once what it is given (no Nagle).

    Raises
    ------
    PeerFault, Cancelled
    EnvironmentFailure
        If files for TLS cannot be used.
    """
    context = client_context(peer.tls) if peer.tls is not None else None
    connection = _reach(peer, deadline)
    try:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _keep_alive(connection)
        if context is None:
            return connection
        return _encrypted(connection, context, peer, deadline)
    except BaseException:
        connection.close()
        raise


def receive(connection: socket.socket, size: int, deadline: Deadline) -> bytes:
    """The next `size` bytes, or fewer if the peer closes before.

    Raises
    ------
    TimeoutError, Cancelled, OSError
    """
    got = bytearray()
    while len(got) < size:
        connection.settimeout(deadline.slice())
        try:
            part = connection.recv(size - len(got))
        except TimeoutError:
            continue
        if not part:
            break
        got += part
    return bytes(got)


def transmit(connection: socket.socket, raw: bytes, deadline: Deadline) -> None:
    """Send all of `raw`.

    Raises
    ------
    TimeoutError, Cancelled, OSError
    """
    left = memoryview(raw)
    while left:
        connection.settimeout(deadline.slice())
        try:
            left = left[connection.send(left) :]
        except TimeoutError:
            continue


def _reach(peer: Peer, deadline: Deadline) -> socket.socket:
    try:
        places = socket.getaddrinfo(peer.host, peer.port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as cause:
        raise PeerFault(Fault.UNKNOWN_HOST, peer) from cause
    failure: OSError = OSError(errno.EHOSTUNREACH, "")
    for others, place in zip(reversed(range(len(places))), places, strict=True):
        family, kind, protocol, _, address = place
        connection = socket.socket(family, kind, protocol)
        try:
            _dial(connection, address, deadline.share(others))
        except OSError as cause:
            connection.close()
            failure = cause
        except BaseException:
            connection.close()
            raise
        else:
            return connection
    raise _unreached(peer, failure) from failure


def _dial(connection: socket.socket, address: object, deadline: Deadline) -> None:
    """Connect without ever waiting longer than a slice."""
    connection.setblocking(False)  # noqa: FBT003 - the standard library's
    begun = connection.connect_ex(address)  # type: ignore[arg-type] # of getaddrinfo
    if begun not in _UNDER_WAY:
        raise OSError(begun, "")
    with selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_WRITE)
        while not selector.select(deadline.slice()):
            pass
    failed = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if failed == errno.ETIMEDOUT:
        raise TimeoutError
    if failed:
        raise OSError(failed, "")


def _keep_alive(connection: socket.socket) -> None:
    """Have the system notice a peer whose computer or network is gone."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEPT_ALIVE:
        option = getattr(socket, name, None)
        if option is not None:
            connection.setsockopt(socket.IPPROTO_TCP, option, value)


def _unreached(peer: Peer, failure: OSError) -> PeerFault:
    refused = failure.errno in (errno.ECONNREFUSED, errno.ECONNRESET)
    return PeerFault(Fault.REFUSED if refused else Fault.UNREACHABLE, peer)


def _encrypted(
    connection: socket.socket, context: ssl.SSLContext, peer: Peer, deadline: Deadline
) -> ssl.SSLSocket:
    encrypted = context.wrap_socket(
        connection, server_hostname=peer.host, do_handshake_on_connect=False
    )
    try:
        while True:
            encrypted.settimeout(deadline.slice())
            try:
                encrypted.do_handshake()
            except TimeoutError:
                continue
            return encrypted
    except TimeoutError as cause:
        encrypted.close()
        raise PeerFault(Fault.SILENT, peer) from cause
    except OSError as cause:
        encrypted.close()
        raise handshake_fault(cause, peer) from cause
    except BaseException:
        encrypted.close()
        raise
