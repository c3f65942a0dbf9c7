"""Long lists of studies in order, as arrays: what matches many is not sorted anew.

SQLite gives a whole list in one text. A row for each of a million studies takes five
times as long, and the interpreter from the window all the while.
"""

import threading
from array import array
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Select, func, select

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ids = npt.NDArray[np.int64]

_REMEMBERED = 2  # a list and the same list turned round


class ListOrders:
    """The order of every listed study, by one column or another.

    Any thread may ask; who wants what another is collecting waits for it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[Hashable, array[int]] = OrderedDict()

    def order(self, key: Hashable, collect: "Callable[[], array[int]]") -> "array[int]":
        """What is known by `key`, or else what `collect` gives."""
        with self._lock:
            found = self._known.pop(key, None)
            self._known[key] = found = collect() if found is None else found
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
            return found


def all_of(connection: Connection, ids: Select[int]) -> "array[int]":
    """Every id that `ids` gives, in its order."""
    import numpy as np  # noqa: PLC0415 - few lists are so long

    # The limit keeps SQLite from dropping the order of an inner select.
    inner = ids.limit(-1).subquery()
    told = select(func.group_concat(inner.c.id))
    text: str | None = connection.execute(told).scalar_one()
    found = array("q")
    if text:
        found.frombytes(np.fromstring(text, np.int64, sep=",").tobytes())
    return found


def those_of(order: "array[int]", ids: "array[int]") -> "array[int]":
    """The members of `order` that are among `ids`."""
    cells, among = _among(order, ids)
    found = array("q")
    found.frombytes(cells[among].tobytes())
    return found


def places_in(order: "array[int]", ids: Collection[int]) -> dict[int, int]:
    """At which place of `order` each of `ids` stands, if it does."""
    import numpy as np  # noqa: PLC0415 - as above

    _, among = _among(order, array("q", ids))
    return {order[place]: place for place in np.flatnonzero(among).tolist()}


def _among(
    order: "array[int]", ids: "array[int]"
) -> "tuple[Ids, npt.NDArray[np.bool_]]":
    """The order as an array, and which of its members are among `ids`."""
    import numpy as np  # noqa: PLC0415 - as above

    cells, wanted = np.frombuffer(order, np.int64), np.frombuffer(ids, np.int64)
    met = np.zeros(max(cells.max(initial=0), wanted.max(initial=0)) + 1, np.bool_)
    met[wanted] = True
    return cells, met[cells]
