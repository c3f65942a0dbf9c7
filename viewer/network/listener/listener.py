"""Waits at a port, and talks to whoever calls, each on a thread of its own."""

import errno
import logging
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from typing import Self

from viewer.core.errors import EnvironmentFailure
from viewer.network.listener.guest import Guest
from viewer.network.listener.offers import Offer, Service
from viewer.network.listener.policy import Bounds, Policy, server_context

_log = logging.getLogger(__name__)

_LOOK_S = 0.25  # between two looks whether we should stop
_BREATH_S = 0.05  # when the machine has no more connections to give
_FRESH_S = 0.2  # who called just now is not cut off for others
_FAREWELL_S = 10.0


class Listener:
    """Listens for the length of a block.

    Parameters
    ----------
    policy : Policy
    services : iterable of Service

    Attributes
    ----------
    port : int
        Where, once the block has begun.
    """

    def __init__(self, policy: Policy, services: Iterable[Service]) -> None:
        self._policy = policy
        self._offer = Offer(services)
        self._tls = server_context(policy.tls) if policy.tls is not None else None
        self._guests: list[Guest] = []
        self._change = threading.Lock()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._wait, name="listener", daemon=True)
        self.port = policy.port

    def __enter__(self) -> Self:
        """Begin to listen.

        Raises
        ------
        EnvironmentFailure
            If the port is taken, or not ours to use.
        """
        self._socket = _bound(self._policy)
        import viewer.network.listener.conversation  # noqa: F401, PLC0415 - see there

        self._socket.settimeout(_LOOK_S)
        self.port = self._socket.getsockname()[1]
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take no more calls, let each object under way end, and hang up."""
        self._closing.set()
        self._thread.join()
        self._socket.close()
        until = time.monotonic() + _FAREWELL_S
        for guest in self._all():
            guest.join(max(until - time.monotonic(), 0))
        for guest in self._all():
            guest.cut_off()
            guest.join()

    def _all(self) -> list[Guest]:
        with self._change:
            return list(self._guests)

    def _present(self) -> list[Guest]:
        return [guest for guest in self._all() if not guest.leaving]

    def _wait(self) -> None:
        while not self._closing.is_set():
            try:
                connection, address = self._socket.accept()
            except TimeoutError:
                continue
            except OSError as error:  # no more files, most likely
                _log.warning("no connection: %s", errno.errorcode.get(error.errno or 0))
                self._make_room(self._present())
                time.sleep(_BREATH_S)
                continue
            self._welcome(connection, address[0].removeprefix("::ffff:"))

    def _welcome(self, connection: socket.socket, address: str) -> None:
        bounds, present = self._policy.bounds, self._present()
        neighbours = [guest for guest in present if guest.address == address]
        crowded = _crowd(bounds, present, neighbours)
        if crowded and not self._make_room(crowded):
            connection.close()
            return
        if self._tls is not None:
            try:
                connection = self._tls.wrap_socket(
                    connection, server_side=True, do_handshake_on_connect=False
                )
            except (OSError, ssl.SSLError):
                connection.close()
                return
        guest = Guest(connection, address)
        thread = threading.Thread(
            target=self._talk, args=(guest,), name="association", daemon=True
        )
        guest.thread = thread
        with self._change:
            self._guests.append(guest)
        try:
            thread.start()
        except RuntimeError:  # the machine has no more of them
            self._forget(guest)
            connection.close()

    def _make_room(self, crowd: list[Guest]) -> bool:
        """Cut off whoever has said nothing for the longest time; false if nobody."""
        silent = min(crowd, key=lambda guest: guest.heard, default=None)
        if silent is None or time.monotonic() - silent.heard < _FRESH_S:
            return False
        silent.cut_off()
        return True

    def _talk(self, guest: Guest) -> None:
        from viewer.network.listener.conversation import (  # noqa: PLC0415 - see there
            Conversation,
        )

        try:
            Conversation(guest, self._policy, self._offer, self._closing.is_set).run()
        finally:
            self._forget(guest)

    def _forget(self, guest: Guest) -> None:
        with self._change:
            self._guests.remove(guest)


def _crowd(
    bounds: Bounds, present: list[Guest], neighbours: list[Guest]
) -> list[Guest]:
    """Those of whom one must go before another may come."""
    if len(neighbours) >= bounds.from_one_address:
        return neighbours
    return present if len(present) >= bounds.connections else []


def _bound(policy: Policy) -> socket.socket:
    try:
        if policy.host or not socket.has_dualstack_ipv6():
            return socket.create_server((policy.host, policy.port), backlog=128)
        return socket.create_server(
            ("", policy.port),
            family=socket.AF_INET6,
            backlog=128,
            dualstack_ipv6=True,
        )
    except (OSError, OverflowError) as cause:
        taken = getattr(cause, "errno", None) == errno.EADDRINUSE
        raise EnvironmentFailure(
            f"Port {policy.port} is taken by another program."
            if taken
            else f"Lightbox may not listen at port {policy.port}.",
            hint="Is another Lightbox listening? Otherwise choose another port."
            if taken
            else "Choose a port above 1023, and an address of this machine.",
        ) from cause
