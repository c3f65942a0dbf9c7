"""What of a transfer is still to be asked for, and in which order."""

import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from viewer.core.remote import RemoteInstance
from viewer.network.identifier import MOST_NAMED
from viewer.network.ways import Portion

_FIRST = 8
"""Instances of the first request of a series: something is to be seen at once."""

_FEW = 8
"""A stream may bring one image again for so many that are missing."""


def to_portions(
    offered: Iterable[RemoteInstance],
    held: Collection[str],
    size: int = MOST_NAMED,
    *,
    streamed: bool = False,
) -> list[Portion]:
    """Requests for what is `offered` and not `held`.

    The first images of every series come before the rest of any. A short series of
    which nothing is here is asked for as a whole; everything else by name, `size` at
    most at a time. Where series are `streamed`, every one is asked for as a whole of
    which nearly nothing is here, a long one after its first image.
    """
    by_series: dict[tuple[str, str], list[RemoteInstance]] = {}
    for one in offered:
        by_series.setdefault((one.study_uid, one.series_uid), []).append(one)
    firsts: list[Portion] = []
    others: list[Portion] = []
    for every in by_series.values():
        wanted = [one for one in every if one.sop_instance_uid not in held]
        wanted.sort(key=lambda one: (one.number is None, one.number or 0))
        if streamed and size > 1 and _nearly_all(len(wanted), len(every)):
            is_long = len(wanted) > size
            firsts += _cut(wanted[:is_long], 1, whole=False)
            (others if is_long else firsts).extend(_cut(wanted, size, whole=True))
            continue
        whole = len(wanted) == len(every) and len(wanted) <= size and size > 1
        for at, portion in enumerate(_cut(wanted, size, whole=whole)):
            (others if at else firsts).append(portion)
    return firsts + others


def _cut(
    wanted: Sequence[RemoteInstance], size: int, *, whole: bool
) -> Iterable[Portion]:
    start, first = 0, min(_FIRST, size)
    while start < len(wanted):
        length = len(wanted) if whole else (size if start else first)
        part = tuple(wanted[start : start + length])
        yield Portion(part[0].study_uid, part[0].series_uid, part, whole)
        start += length


class Portions:
    """Portions that several connections share out among themselves.

    Parameters
    ----------
    portions : iterable of Portion
    first : callable
        UIDs of the series that go first by now, the most wanted one first.
    has_come : callable
        Whether an instance is here by now: it is not asked for again.
    streamed : bool
        Whether series are; see `to_portions`.
    """

    def __init__(
        self,
        portions: Iterable[Portion],
        first: Callable[[], Sequence[str]],
        has_come: Callable[[str], bool],
        *,
        streamed: bool = False,
    ) -> None:
        self._waiting = list(portions)
        self._first, self._has_come = first, has_come
        self._streamed = streamed
        self._gives_way = False  # a stream was told to, and has not done so yet
        self._lock = threading.Lock()

    def take(self, classes: Collection[str] | None) -> Portion | None:
        """The next one whose classes are all among these; None if there is none.

        `classes` is None where any will do.
        """
        first = list(self._first())
        while True:
            with self._lock:
                fitting = [one for one in self._waiting if _fits(one, classes)]
                if not fitting:
                    return None
                chosen = min(fitting, key=lambda one: _rank(one, first))
                self._waiting.remove(chosen)
                self._gives_way = False
            left = self._narrowed(chosen)
            if left.instances:
                return self._shortened(left)

    def overtakes(self, streaming: Portion) -> bool:
        """Whether a series waits that goes before this one, which should give way.

        Only one is told so at a time.
        """
        first = list(self._first())
        if not first:
            return False
        own = _rank(streaming, first)
        with self._lock:
            if not self._gives_way:
                self._gives_way = any(_rank(one, first) < own for one in self._waiting)
                return self._gives_way
        return False

    def put_back(self, portion: Portion) -> None:
        """It was not fetched after all, or not all of it."""
        with self._lock:
            self._waiting.insert(0, portion)

    def left(self) -> tuple[Portion, ...]:
        """What nobody has taken."""
        with self._lock:
            return tuple(self._waiting)

    def _narrowed(self, portion: Portion) -> Portion:
        instances = tuple(
            one for one in portion.instances if not self._has_come(one.sop_instance_uid)
        )
        if len(instances) == len(portion.instances):
            return portion
        nearly = self._streamed and _nearly_all(len(instances), len(portion.instances))
        return replace(portion, instances=instances, whole=portion.whole and nearly)

    def _shortened(self, portion: Portion) -> Portion:
        """Not more than is asked for by name; the rest of a stream waits for others."""
        if portion.whole or len(portion.instances) <= MOST_NAMED:
            return portion
        rest = replace(portion, instances=portion.instances[MOST_NAMED:])
        self.put_back(rest)
        return replace(portion, instances=portion.instances[:MOST_NAMED])


def _nearly_all(wanted: int, every: int) -> bool:
    return wanted > 1 and wanted + wanted // _FEW >= every


def _rank(portion: Portion, first: Sequence[str]) -> int:
    series = portion.series_uid
    return first.index(series) if series in first else len(first)


def _fits(portion: Portion, classes: Collection[str] | None) -> bool:
    return classes is None or all(
        one.sop_class_uid in classes for one in portion.instances
    )
