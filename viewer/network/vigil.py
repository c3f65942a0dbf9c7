"""Whether a peer that says nothing still works on what it was asked for.

An archive that fetches tapes, or sends a large object, need not say so on the
association that asked (PS3.4 C.4.2.3 leaves pending responses to it); one that hangs
says as little.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from viewer.core.errors import Cancelled
from viewer.core.peers import Peer
from viewer.network.associations import Timeouts
from viewer.network.connecting import Cancel
from viewer.network.echo import echo
from viewer.network.faults import Fault, PeerFault

LOOKS: Final = 4
"""How often we look for signs of life before a peer has been silent for too long."""

_LONGEST_S: Final = 600.0
"""A peer may be fetching tapes, and has nothing to send meanwhile."""

_GREETING_S: Final = 15.0
_GONE: Final = {Fault.UNKNOWN_HOST, Fault.REFUSED, Fault.UNREACHABLE, Fault.SILENT}


class Vigil:
    """Asked again and again while a peer is silent; see `Wire.waits_on`.

    Something that comes another way is a sign of life. Without any for as long as a
    peer may be silent it is greeted by C-ECHO: if it answers, and be it a no, it is
    waited for a while longer, but not for ever.

    Parameters
    ----------
    peer : Peer
    timeouts : Timeouts
    came : callable
        Whether anything has come since it was asked last.
    secret : str
    cancel : callable
    """

    def __init__(
        self,
        peer: Peer,
        timeouts: Timeouts,
        came: Callable[[], bool],
        *,
        secret: str,
        cancel: Cancel,
    ) -> None:
        self._peer, self._secret = peer, secret
        self._came, self._cancel = came, cancel
        self._silence = timeouts.silence
        self._timeouts = replace(timeouts, silence=_GREETING_S)
        self._greet_at = self._leave_at = 0.0
        self.heard()

    def heard(self) -> None:
        """The peer has shown that it works."""
        now = time.monotonic()
        self._greet_at, self._leave_at = now + self._silence, now + _LONGEST_S

    def __call__(self) -> bool:
        """Whether to wait on."""
        if self._came():
            self.heard()
        now = time.monotonic()
        if now < self._greet_at:
            return True
        if now > self._leave_at or not self._answers():
            return False
        self._greet_at = time.monotonic() + self._silence
        return True

    def _answers(self) -> bool:
        try:
            echo(
                self._peer,
                secret=self._secret,
                cancel=self._cancel,
                timeouts=self._timeouts,
            )
        except PeerFault as fault:
            return fault.fault not in _GONE
        except Cancelled:  # who waits sees that, too
            return True
        return True
