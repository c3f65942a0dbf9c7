"""Many needles sought in many bytes at once, as fast as memory can be read twice.

Three tables of pairs of bytes tell where a needle can begin at all; what is left is
compared. Letters of ASCII are compared small, on both sides.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

LEAST: Final = 6
"""Bytes of the shortest needle."""

_PAIRS: Final = 1 << 16

Flags = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


class Needles:
    """What is looked for; made once, asked for each file.

    Parameters
    ----------
    needles : iterable of bytes
        Of `LEAST` bytes at least, in small letters.
    """

    def __init__(self, needles: Iterable[bytes]) -> None:
        self._known: dict[bytes, dict[int, set[bytes]]] = {}
        self._tables = tuple(np.zeros(_PAIRS, np.bool_) for _ in range(LEAST // 2))
        self.count = 0
        for needle in set(needles):
            self._add(needle)

    def found_in(self, content: bytes) -> Iterator[tuple[int, bytes]]:
        """Where which needle begins, in order; the longest at each place."""
        if not self.count or len(content) < LEAST:
            return
        small = content.lower()
        for start in self._candidates(small):
            lengths = self._known.get(small[start : start + LEAST])
            for length in sorted(lengths or (), reverse=True):
                piece = small[start : start + length]
                if lengths and piece in lengths[length]:
                    yield start, piece
                    break

    def _add(self, needle: bytes) -> None:
        if len(needle) < LEAST:
            raise ValueError("a needle is too short")
        beginning = needle[:LEAST]
        lengths = self._known.setdefault(beginning, {})
        lengths.setdefault(len(needle), set()).add(needle)
        for table, pair in zip(
            self._tables, np.frombuffer(beginning, "<u2"), strict=True
        ):
            table[pair] = True
        self.count += 1

    def _candidates(self, small: bytes) -> list[int]:
        """Where the first six bytes look like those of a needle."""
        found = []
        for parity in (0, 1):
            count = (len(small) - parity) // 2
            pairs = np.frombuffer(small, "<u2", count, parity)
            at = np.flatnonzero(self._tables[0][pairs])
            for place, table in enumerate(self._tables[1:], 1):
                at = at[at + place < count]
                at = at[table[pairs[at + place]]]
            found.append(at * 2 + parity)
        starts: list[int] = np.sort(np.concatenate(found)).tolist()
        return starts
