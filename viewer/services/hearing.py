"""An ear for what peers send us when we ask them to (C-MOVE)."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

from viewer.core.errors import EnvironmentFailure
from viewer.core.peers import Peer

if TYPE_CHECKING:
    from viewer.services.library import Library


class Ears:
    """Listens at the port a peer sends to, for as long as anybody waits for it.

    Where something listens at that port already it is taken for ours: the window, or
    `lightbox listen` on the same catalog. If it is not, nothing arrives, and that is
    told.
    """

    def __init__(self, library: "Library") -> None:
        self._library = library
        self._lock = threading.Lock()
        self._open: dict[int, contextlib.ExitStack] = {}
        self._waiting: dict[int, int] = {}

    @contextlib.contextmanager
    def __call__(self, peer: Peer) -> Iterator[None]:
        """Hear what `peer` sends, for the length of a block.

        Raises
        ------
        EnvironmentFailure
            If its port cannot be listened at.
        """
        port = peer.our_port
        with self._lock:
            if port not in self._open:
                self._open[port] = self._listen(peer)
            self._waiting[port] = self._waiting.get(port, 0) + 1
        try:
            yield
        finally:
            with self._lock:
                self._waiting[port] -= 1
                if not self._waiting[port]:
                    self._open.pop(port).close()

    def _listen(self, peer: Peer) -> contextlib.ExitStack:
        from viewer.services.listening import (  # noqa: PLC0415 - rarely needed
            Listening,
            ListenRequest,
        )

        own = contextlib.ExitStack()
        tls = peer.tls if peer.tls is not None and peer.tls.certificate else None
        request = ListenRequest(port=peer.our_port, titles=frozenset(), tls=tls)
        try:
            own.enter_context(Listening(self._library, request))
        except EnvironmentFailure:
            if not _answers(peer.our_port):
                raise
        return own


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1.0).close()
    except OSError:
        return False
    return True
