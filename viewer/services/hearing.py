"""An ear for what peers send us when we ask them to (C-MOVE)."""

import contextlib
import socket
import threading
from typing import TYPE_CHECKING, Self

from viewer.core.errors import EnvironmentFailure
from viewer.core.peers import Peer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from viewer.network.listener.policy import Allowed
    from viewer.services.library import Library


class Ears:
    """Listens at the ports peers send to, from the first wish to the end of a block.

    What peers send late arrives, too. Where something listens at a port already it is
    taken for ours: the window, or `lightbox listen` on the same catalog. If it is not,
    nothing arrives, and that is told.

    Parameters
    ----------
    library : Library
    allowed : sequence of Allowed
        Who may call; empty is everybody.
    """

    def __init__(self, library: "Library", allowed: "Sequence[Allowed]" = ()) -> None:
        self._library = library
        self._allowed = tuple(allowed)
        self._lock = threading.Lock()
        self._ports: set[int] = set()
        self._own = contextlib.ExitStack()

    def __enter__(self) -> Self:
        """Be ready."""
        return self

    def __exit__(self, *_: object) -> None:
        """Hear nothing any more."""
        self._own.close()

    def hear(self, peer: Peer) -> None:
        """Make sure that what `peer` sends us arrives.

        Raises
        ------
        EnvironmentFailure
            If its port cannot be listened at.
        """
        with self._lock:
            if peer.our_port not in self._ports:
                self._listen(peer)
                self._ports.add(peer.our_port)

    def _listen(self, peer: Peer) -> None:
        from viewer.services.listening import (  # noqa: PLC0415 - rarely needed
            Listening,
            ListenRequest,
        )

        tls = peer.tls if peer.tls is not None and peer.tls.certificate else None
        request = ListenRequest(
            port=peer.our_port, titles=frozenset(), allowed=self._allowed, tls=tls
        )
        try:
            self._own.enter_context(Listening(self._library, request))
        except EnvironmentFailure:
            if not _answers(peer.our_port):
                raise


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1.0).close()
    except OSError:
        return False
    return True
