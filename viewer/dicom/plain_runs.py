"""Runs of attributes that come with the same lengths in file after file.

Cutting them one by one takes longer than anything else that is done with a header. A
run that was met before is taken in one go if every tag, representation and length in
it is the same again; where a length has changed, the run is broken up there.
"""

from collections.abc import Sequence
from struct import Struct
from typing import Final, NamedTuple

_SHORTEST: Final = 4  # attributes; shorter ones gain nothing
_MOST_RUNS: Final = 2048
_HEAD: Final = 8

Cut = tuple[int, int, int]
"""Tag, position of an attribute and its end."""


class Run(NamedTuple):
    """Attributes that follow one another.

    Attributes
    ----------
    size : int
        Bytes from the first to the end of the last.
    tags : tuple of int
        Ascending.
    heads : tuple of bytes
        Tag, representation and length of each, as written.
    values : Struct
        Takes what follows each tag.
    lengths : Struct
        Takes the heads.
    """

    size: int
    tags: tuple[int, ...]
    heads: tuple[bytes, ...]
    values: Struct
    lengths: Struct

    @classmethod
    def of(cls, data: bytes, cuts: Sequence[Cut], long: Sequence[bool]) -> "Run":
        """The run of some neighbouring attributes of `data`.

        Parameters
        ----------
        long : sequence of bool
            Whether the length of each takes 32 bits.
        """
        heads = [_HEAD + 4 * is_long for is_long in long]
        sizes = [end - position for _, position, end in cuts]
        lengths = Struct(
            "".join(f"{h}s{s - h}x" for h, s in zip(heads, sizes, strict=True))
        )
        values = Struct("".join(f"4x{size - 4}s" for size in sizes))
        begin = cuts[0][1]
        tags = tuple(tag for tag, _, _ in cuts)
        found = lengths.unpack_from(data, begin)
        return cls(sum(sizes), tags, found, values, lengths)


class Runs:
    """The runs that were met, by the head of their first attribute."""

    def __init__(self) -> None:
        self._runs: dict[bytes, Run] = {}
        self._loose: set[int] = set()

    def match(
        self, data: bytes, position: int, last: int, values: dict[int, bytes]
    ) -> tuple[int, int] | None:
        """Take the run that lies at `position`, if one does.

        Parameters
        ----------
        last : int
            The tag before.
        values : dict
            Receives what follows each tag.

        Returns
        -------
        tuple of int or None
            Where the run ends, and its last tag.
        """
        run = self._runs.get(data[position : position + _HEAD])
        if run is None or run.tags[0] <= last or position + run.size > len(data):
            return None
        heads = run.lengths.unpack_from(data, position)
        if heads != run.heads:
            pairs = zip(run.tags, heads, run.heads, strict=True)
            self._loose.add(next(tag for tag, here, there in pairs if here != there))
            del self._runs[run.heads[0][:_HEAD]]
            return None
        values.update(
            zip(run.tags, run.values.unpack_from(data, position), strict=True)
        )
        return position + run.size, run.tags[-1]

    def learn(self, data: bytes, cuts: Sequence[Cut], long: Sequence[bool]) -> None:
        """Remember attributes that were cut one by one, where they are neighbours."""
        loose = self._loose
        if all(tag in loose for tag, _, _ in cuts):  # as mostly, after the first files
            return
        if len(self._runs) >= _MOST_RUNS:
            self._runs.clear()
            self._loose.clear()
        start = 0
        for index in range(1, len(cuts) + 1):
            ends = index == len(cuts) or cuts[index][1] != cuts[index - 1][2]
            if cuts[index - 1][0] in loose:
                self._keep(data, cuts[start : index - 1], long[start : index - 1])
                start = index
            elif ends:
                self._keep(data, cuts[start:index], long[start:index])
                start = index

    def _keep(self, data: bytes, cuts: Sequence[Cut], long: Sequence[bool]) -> None:
        if len(cuts) >= _SHORTEST:
            run = Run.of(data, cuts, long)
            self._runs[run.heads[0][:_HEAD]] = run
