"""Answer a question to the catalog: how many studies match, and one page of them.

Three plans, because none is quick for every question. What matches few studies is
collected from the index that gives the fewest, and sorted; the order is remembered
for the next pages. What matches many is found by walking the index of the sort column
and looking at each study until the page is full. What lies between is walked to as
well, but past a set of all matches, since looking at a study costs ten times what
looking into a set does. No walk goes far: where it leads through too many that do not
match, and for pages far down, everything is collected once.
"""

import threading
from array import array
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Select, func, intersect, literal_column, select

from viewer.catalog import rows
from viewer.catalog.conditions import conditions, dates_asked, in_trash
from viewer.catalog.expecting import MISSING
from viewer.catalog.schema import SORT_COLUMNS, catalog, conflict, study
from viewer.core.listing import StudyPage, StudyQuery, StudySummary

FEW = 1_500  # matches that are quicker to collect and sort than to walk to
_WALK = 10_000  # studies that one page may have to be looked for among
_WALK_PAST_SET = 60_000  # the same where a set of all matches is at hand
_NEAR = 5_000  # studies down the list, to which a page is walked to
_SAMPLE = 600  # studies that an early answer looks at where two conditions are wide
_SCARCE = 30  # of these met, below which a walk would lead too far
_WIDE = 50_000  # studies of a condition from which on it is not counted further
_CHEAP = 10  # times cheaper is a key from an index than a look at one study's text
_REMEMBERED = 4  # questions; a window asks one and scrolls

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
    """What is known of a question at one revision of the catalog.

    `total` counts all that match, or at least so many while it is not `complete`.
    """

    total: int
    complete: bool
    order: "array[int] | None" = None


class Search:
    """Answers questions and remembers the last ones, until the catalog changes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: OrderedDict[tuple[int, StudyQuery], _Answer] = OrderedDict()

    def page(self, connection: Connection, query: StudyQuery) -> StudyPage:
        """How many studies match, and the page of them that was asked for."""
        revision: int = connection.execute(select(catalog.c.revision)).scalar_one()
        asked = _Question(connection, query)
        key = (revision, replace(query, limit=None, offset=0, count_to=None))
        with self._lock:
            answer = self._answers.get(key)
        if answer is None or not (answer.complete or query.count_to):
            answer = asked.counted(query.count_to)
        ids = asked.page(answer)
        self._remember(key, answer)
        return StudyPage(answer.total, _summaries(connection, ids), answer.complete)

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
        self._counted: dict[int, list[int]] = {}
        self._scarce = False  # matches are, among what each condition gives

    def counted(self, most: int | None) -> _Answer:
        """How many match; counting may stop at `most`."""
        if most is None or self._query.trashed:
            return _Answer(self._count(self._ids()), complete=True)
        if sum(one.words for one in self._conditions) > 1:
            most = min(most, FEW)  # to count what several share costs ten times more
        counts = self._counts(most)
        if min(counts) <= min(FEW, most):
            order = self._collected(self._met(counts, most))
            return _Answer(len(order), complete=True, order=order)
        if min(counts) <= most:
            return _Answer(self._count(self._met(counts, most)), complete=True)
        if len(counts) == 1:
            return _Answer(most, complete=False)
        total = self._count(self._met(counts, most, first=_SAMPLE))
        # A walk along a span of dates is short, however few there are beside it.
        self._scarce = total < _SCARCE and all(c.indexed for c in self._conditions)
        return _Answer(total, complete=False)

    def page(self, answer: _Answer) -> Sequence[int]:
        """The ids of the page; `answer` learns what is found out on the way."""
        offset, limit = self._query.offset, self._query.limit
        last = None if limit is None else offset + limit
        if answer.complete:
            last = answer.total if last is None else min(last, answer.total)
        if last is not None and offset >= last:
            return ()
        near = last is not None and last <= _NEAR
        few = answer.complete and answer.total <= FEW
        none_seen = self._scarce and answer.total == 0
        walks = near and not few and not none_seen and not self._query.trashed
        if answer.order is None and walks:
            past_set = answer.complete or self._scarce
            ids = self._walked_past_set() if past_set else self._walked()
            if last is not None and len(ids) == last - offset:
                answer.total = max(answer.total, last)
                return ids
        if answer.order is None:
            answer.order = self._collected(self._ids())
            answer.total, answer.complete = len(answer.order), True
        return answer.order[offset:last]

    def _walked(self) -> Sequence[int]:
        """The page, or what of it the first part of the sort column's index gives."""
        met_first = self._first_of_all(_WALK).subquery()
        return self._page_of(
            select(met_first.c.id).where(
                *(
                    one.met_one_by_one(met_first.c.id)
                    for one in self._conditions
                    if one.indexed
                )
            )
        )

    def _walked_past_set(self) -> Sequence[int]:
        """The same, where collecting every match costs less than looking at many."""
        met_first = self._first_of_all(_WALK_PAST_SET).subquery()
        found = self._ids().subquery()
        # The sum keeps SQLite from asking the index of the matches key by key.
        met = (met_first.c.id + 0).in_(select(found.c.id))
        return self._page_of(select(met_first.c.id).where(met))

    def _first_of_all(self, count: int) -> Select[int]:
        """The first `count` studies of the list, were nothing asked but dates."""
        listed = study.c.trashed.is_(None)
        dates = dates_asked(self._query, study)  # said again: the walk may be theirs
        walk = self._sorted(select(study.c.id).where(listed, *dates))
        return walk.limit(count + self._query.offset)

    def _page_of(self, met: Select[int]) -> Sequence[int]:
        # SQLite runs through an inner select as it is sorted, and stops at the limit.
        limit = -1 if self._query.limit is None else self._query.limit
        page = met.limit(limit).offset(self._query.offset)
        return self._connection.scalars(page).all()

    def _collected(self, ids: Select[int]) -> "array[int]":
        """All of `ids`, sorted."""
        if any(one.indexed for one in self._conditions):
            ids = select(study.c.id).where(study.c.id.in_(ids))
        return array("q", self._connection.scalars(self._sorted(ids)))

    def _counts(self, most: int) -> list[int]:
        """How many studies meet each condition; `most` + 1 stands for more."""
        if most not in self._counted:
            self._counted[most] = [
                self._count(one.ids.limit(most + 1)) for one in self._conditions
            ]
        return self._counted[most]

    def _ids(self) -> Select[int]:
        """Every match: the index that gives the fewest leads, the others are asked."""
        if self._query.trashed:
            return select(study.c.id).where(*in_trash(self._query))
        if len(self._conditions) == 1:
            return self._conditions[0].ids
        counts = self._counts(_WIDE)
        indexed = [one for one in self._conditions if one.indexed]
        if min(counts) <= _WIDE or len(indexed) == 1:
            return self._met(counts, _WIDE)
        # Each index gives its studies in the order of their keys: SQLite merges them.
        every = intersect(*(one.ids for one in indexed))
        met = every.order_by(literal_column("1")).subquery()
        others = (one.met_one_by_one for one in self._conditions if not one.indexed)
        return select(met.c.id).where(*(met_by(met.c.id) for met_by in others))

    def _met(
        self, counts: Sequence[int], most: int, first: int | None = None
    ) -> Select[int]:
        """What meets all conditions, of the `first` studies that meet the narrowest.

        `counts` are those of `_counts(most)`.
        """
        fewest = min(counts)
        leader = self._conditions[counts.index(fewest)]
        if len(self._conditions) == 1:
            return leader.ids
        found = (leader.ids if first is None else leader.ids.limit(first)).subquery()
        met = (
            (c.met_by if n <= min(most, _CHEAP * fewest) else c.met_one_by_one)(
                found.c.id
            )
            for c, n in zip(self._conditions, counts, strict=True)
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
