"""pynetdicom without a race of its own: who waits for an answer gets it.

Its reactor stands at a checkpoint while somebody sends and waits. Let go after one
message, it may still believe itself to stand there when the next begins: then it takes
the answer away, and the sender waits in vain. On a busy machine that is one message of
three hundred.
"""

import threading

from pynetdicom.association import Association
from typing_extensions import override


class _Checkpoint(threading.Event):
    """Nobody passes who was let go and called back before he went."""

    @override
    def wait(self, timeout: float | None = None) -> bool:
        while super().wait(timeout):
            if self.is_set():
                return True
        return False


def steady() -> None:
    """Have it so for every association; call it where pynetdicom sends messages."""
    made = Association.__init__
    if made.__module__ == __name__:
        return

    def make(self: Association, *words: object, **named: object) -> None:
        made(self, *words, **named)  # type: ignore[arg-type] # as they came
        self._reactor_checkpoint = _Checkpoint()
        self._reactor_checkpoint.set()

    Association.__init__ = make  # type: ignore[method-assign] # its own race
