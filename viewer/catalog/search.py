"""Answer a question to the catalog: an exact total, and one page of it.

Two plans, because neither is quick for every question. What matches few studies is
collected from the index that gives the fewest, and sorted; the order is remembered
for the next pages. What matches many is found by walking the index of the sort column
and looking at each study until the page is full.
"""

import threading
from array import array
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Select, func, select

from viewer.catalog import rows
from viewer.catalog.conditions import conditions, dates_asked, in_trash
from viewer.catalog.expecting import MISSING
from viewer.catalog.schema import SORT_COLUMNS, catalog, conflict, study
from viewer.core.listing import StudyPage, StudyQuery, StudySummary

FEW = 5_000  # matches that are always quicker to collect and sort than to walk to
_CHEAP = 10  # times cheaper is a key from an index than a look at one study's text
_REMEMBERED = 8  # questions; a window asks one and scrolls

_CONFLICTS = (
    select(func.count())
    .where(conflict.c.against_study == study.c.study_uid)
    .scalar_subquery()
    .label("conflicts")
)

SUMMARY = select(study, _CONFLICTS, MISSING)
"""What `rows.to_summary` reads."""


@dataclass(slots=True)
class _Answer:
    """What is known of a question at one revision of the catalog."""

    total: int
    everything: int = 0
    order: "array[int] | None" = None


class Search:
    """Answers questions and remembers the last ones, until the catalog changes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: OrderedDict[tuple[int, StudyQuery], _Answer] = OrderedDict()

    def page(self, connection: Connection, query: StudyQuery) -> StudyPage:
        """The studies that match, counted exactly, and the page that was asked for."""
        revision: int = connection.execute(select(catalog.c.revision)).scalar_one()
        asked = _Question(connection, query)
        key = (revision, replace(query, limit=None, offset=0))
        with self._lock:
            answer = self._answers.get(key)
        if answer is None:
            answer = _Answer(asked.total(), asked.everything())
        total = answer.total
        last = total if query.limit is None else min(query.offset + query.limit, total)
        ids: Sequence[int] = ()
        if query.offset < last:
            if answer.order is None and asked.is_walked(answer, last):
                ids = asked.walked()
            else:
                answer.order = answer.order or asked.collected()
                ids = answer.order[query.offset : last]
        self._remember(key, answer)
        return StudyPage(total, _summaries(connection, ids))

    def _remember(self, key: tuple[int, StudyQuery], answer: _Answer) -> None:
        with self._lock:
            self._answers[key] = answer
            self._answers.move_to_end(key)
            while len(self._answers) > _REMEMBERED:
                self._answers.popitem(last=False)


class _Question:
    """One question on its way to an answer."""

    def __init__(self, connection: Connection, query: StudyQuery) -> None:
        self._connection = connection
        self._query = query
        self._conditions = [] if query.trashed else conditions(query)

    def total(self) -> int:
        """How many studies match."""
        return self._count(self._ids())

    def everything(self) -> int:
        """How many studies there are, with those in the trash."""
        return self._count(select(study.c.id))

    def is_walked(self, answer: _Answer, last: int) -> bool:
        """Whether the walk to the page's end is shorter than collecting everything."""
        if self._query.trashed or answer.total <= FEW:
            return False
        # Of the studies met on the walk, total / everything match.
        return last * answer.everything <= answer.total**2

    def walked(self) -> Sequence[int]:
        """The page, by walking the index of the sort column."""
        met = [c.met_one_by_one(study.c.id) for c in self._conditions]
        listed = study.c.trashed.is_(None)
        dates = dates_asked(self._query, study)  # said again: the walk may be theirs
        page = self._sorted(select(study.c.id).where(listed, *dates, *met))
        limit = -1 if self._query.limit is None else self._query.limit
        page = page.limit(limit).offset(self._query.offset)
        return self._connection.scalars(page).all()

    def collected(self) -> "array[int]":
        """All of them, sorted."""
        if self._query.trashed:
            ids = self._ids()
        else:
            ids = select(study.c.id).where(study.c.id.in_(self._ids()))
        return array("q", self._connection.scalars(self._sorted(ids)))

    def _ids(self) -> Select[int]:
        """Every match: the index that gives the fewest leads, the others are asked."""
        if self._query.trashed:
            return select(study.c.id).where(*in_trash(self._query))
        if len(self._conditions) == 1:
            return self._conditions[0].ids
        counts = [self._count(condition.ids) for condition in self._conditions]
        fewest = min(counts)
        leader = self._conditions[counts.index(fewest)]
        found = leader.ids.subquery()
        met = (
            (c.met_by if count < _CHEAP * fewest else c.met_one_by_one)(found.c.id)
            for c, count in zip(self._conditions, counts, strict=True)
            if c is not leader
        )
        return select(found.c.id).where(*met)

    def _count(self, ids: Select[int]) -> int:
        asked = select(func.count()).select_from(ids.subquery())
        total: int = self._connection.execute(asked).scalar_one()
        return total

    def _sorted(self, ids: Select[int]) -> Select[int]:
        order = SORT_COLUMNS[self._query.sort]
        if self._query.descending:
            # NULL is the least of all for SQLite, so it comes last by itself.
            return ids.order_by(*(c.desc() for c in order), study.c.id.desc())
        first, *rest = order
        return ids.order_by(first.asc().nulls_last(), *rest, study.c.id)


def _summaries(connection: Connection, ids: Sequence[int]) -> tuple[StudySummary, ...]:
    found: dict[int, StudySummary] = {}
    for start in range(0, len(ids), 10_000):  # SQLite bounds what one question holds
        part = SUMMARY.where(study.c.id.in_(ids[start : start + 10_000]))
        for row in connection.execute(part).mappings():
            found[row["id"]] = rows.to_summary(row)
    return tuple(found[key] for key in ids)
