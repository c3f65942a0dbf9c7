"""How many frames are decoded in one go, so that nobody waits for long.

A request to a worker costs as much as decoding a small frame, so several go together;
but what runs cannot be overtaken, so they never take long.
"""

from viewer.core.image import PixelFormat

AHEAD_S = 0.025  # another worker is free for the hand meanwhile
AT_REST_S = 0.05
_BRIEF_S = 0.01  # a hand that comes meanwhile may wait so long
_BYTES = 4 << 20  # twice as many bring nothing, and each worker keeps room for them
_MOST = 16
_MEMORY = 0.5  # how much the past counts


class FramePace:
    """What frames of each transfer syntax have cost lately."""

    def __init__(self) -> None:
        self._seconds_per_byte: dict[str, float] = {}

    def together(self, pixels: PixelFormat, size: int, seconds: float = AHEAD_S) -> int:
        """Frames of `size` bytes that take so long; one until a first was seen."""
        cost = self._seconds_per_byte.get(pixels.transfer_syntax_uid)
        if cost is None:
            return 1
        within = min(seconds / max(cost * size, 1e-6), _BYTES / max(size, 1), _MOST)
        return max(int(within), 1)

    def is_brief(self, pixels: PixelFormat, size: int) -> bool:
        """Whether a hand that comes meanwhile hardly waits for what goes together."""
        cost = self._seconds_per_byte.get(pixels.transfer_syntax_uid)
        return cost is not None and cost * max(size, _BYTES) <= _BRIEF_S

    def note(self, pixels: PixelFormat, size: int, seconds: float) -> None:
        """Learn that `size` bytes took so long."""
        cost = seconds / max(size, 1)
        uid = pixels.transfer_syntax_uid
        before = self._seconds_per_byte.get(uid, cost)
        self._seconds_per_byte[uid] = _MEMORY * before + (1 - _MEMORY) * cost
