"""Ports of this computer: which are free, and at which somebody listens."""

import contextlib
import random
import socket

_NEVER_GIVEN = range(20_000, 32_000)
"""Below the ports that Linux gives to those who ask for any."""


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def free_ports(number: int = 2) -> list[int]:
    """Ports at which nobody listens, and which the system gives to nobody else.

    They stay a peer's own while it is dead.
    """
    with contextlib.ExitStack() as held:
        free: list[int] = []
        for port in random.sample(_NEVER_GIVEN, 100):
            tried = held.enter_context(socket.socket())
            with contextlib.suppress(OSError):
                tried.bind(("127.0.0.1", port))
                free.append(port)
            if len(free) == number:
                return free
        raise AssertionError("there are no ports left")
