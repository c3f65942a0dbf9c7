"""Which studies stand before one of them in a list."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, false, or_

from viewer.catalog.schema import study
from viewer.core.listing import StudyQuery

Yes = ColumnElement[bool]


def before(
    query: StudyQuery, columns: Sequence[ColumnElement[Any]], values: Sequence[Any]
) -> Iterator[tuple[Yes, ...]]:
    """Conditions of the studies that stand before one, in parts that share none.

    Parameters
    ----------
    query : StudyQuery
    columns : sequence
        What the list is sorted by, without the key of the study, which decides last.
    values : sequence
        What the study has in them, and its key.

    Yields
    ------
    tuple
        What a part of them meets; an index of `columns` finds each.
    """
    same: tuple[Yes, ...] = ()
    # The sum keeps SQLite from looking through half of the studies by their keys.
    key = study.c.id + 0
    for number, (one, value) in enumerate(zip((*columns, key), values, strict=True)):
        # NULL is the least of all for SQLite; a list has it last in its first column.
        nulls_last = query.descending or number == 0
        yield *same, _earlier(one, value, query, nulls_last=nulls_last)
        same = (*same, one.is_not_distinct_from(value))


def _earlier(
    one: ColumnElement[Any], value: Any, query: StudyQuery, *, nulls_last: bool
) -> Yes:
    if value is None:
        return one.is_not(None) if nulls_last else false()
    less: Yes = one < value
    if query.descending:
        less = one > value
    return less if nulls_last else or_(less, one.is_(None))
