"""One question to the catalog, and the plans by which it is answered.

No plan is quick for every question. What matches few studies is
collected from the index that gives the fewest, and sorted; the order is remembered
for the next pages. What matches many is found by walking the index of the sort column
and looking at each study until the page is full. What lies between is walked to as
well, but past a set of all matches, since looking at a study costs ten times what
looking into a set does. No walk goes far where it looks: where it leads through too
many that do not match, everything is collected once.

A page is counted off in the index of the sort column where that alone says
what is listed: half a million steps take a frame of the screen, and nothing has to be
remembered that a change of the catalog would make wrong. Where more is asked, the
order of the whole list is taken and what does not match is left out, which is quicker
than to sort what matches many.
"""

from array import array
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    func,
    intersect,
    literal_column,
    select,
)

from viewer.catalog.conditions import conditions, dates_asked, in_trash
from viewer.catalog.orders import ListOrders, all_of, places_in, those_of
from viewer.catalog.ranking import before
from viewer.catalog.schema import SORT_COLUMNS, study
from viewer.core.listing import StudyQuery

FEW = 1_500  # matches that are quicker to collect and sort than to walk to
_WALK = 10_000  # studies that one page may have to be looked for among
_WALK_PAST_SET = 60_000  # the same where a set of all matches is at hand
_NEAR = 5_000  # studies down the list, to which a page is walked to
_MANY = 50_000  # matches from which on sorting them takes longer than the whole list
_SINGLY = 20  # studies whose places in a list are found one by one
_SAMPLE = 600  # studies that an early answer looks at where two conditions are wide
_SCARCE = 30  # of these met, below which a walk would lead too far
_WIDE = 50_000  # studies of a condition from which on it is not counted further
_CHEAP = 10  # times cheaper is a key from an index than a look at one study's text

Yes = ColumnElement[bool]


@dataclass(slots=True)
class Answer:
    """What is known of a question at one revision of the catalog.

    `total` counts all that match, or at least so many while it is not `complete`.
    """

    total: int
    complete: bool
    order: "array[int] | None" = None


class Question:
    """One question on its way to an answer."""

    def __init__(
        self,
        connection: Connection,
        query: StudyQuery,
        orders: ListOrders,
        revision: int,
    ) -> None:
        self._connection = connection
        self._query = query
        self._orders, self._revision = orders, revision
        self._conditions = [] if query.trashed else conditions(query)
        self._indexed = [one for one in self._conditions if one.indexed]
        dated = query.date_from is not None or query.date_to is not None
        by_date = query.sort == "study_date"
        # Whether the index of the sort column alone says what is listed.
        self._plain = not (query.trashed or self._indexed or (dated and not by_date))
        self._counted: dict[int, list[int]] = {}
        self._scarce = False  # matches are, among what each condition gives

    def counted(self, most: int | None) -> Answer:
        """How many match; counting may stop at `most`."""
        if most is None or self._query.trashed:
            return Answer(self._count(self._ids()), complete=True)
        if sum(one.words for one in self._conditions) > 1:
            most = min(most, FEW)  # to count what several share costs ten times more
        counts = self._counts(most)
        if min(counts) <= min(FEW, most):
            order = self._collected(self._met(counts, most))
            return Answer(len(order), complete=True, order=order)
        if min(counts) <= most:
            return Answer(self._count(self._met(counts, most)), complete=True)
        if len(counts) == 1:
            return Answer(most, complete=False)
        total = self._count(self._met(counts, most, first=_SAMPLE))
        # A walk along a span of dates is short, however few there are beside it.
        self._scarce = total < _SCARCE and all(c.indexed for c in self._conditions)
        return Answer(total, complete=False)

    def page(self, answer: Answer) -> Sequence[int]:
        """The ids of the page; `answer` learns what is found out on the way."""
        offset, limit = self._query.offset, self._query.limit
        last = None if limit is None else offset + limit
        if answer.complete:
            last = answer.total if last is None else min(last, answer.total)
        if last is not None and offset >= last:
            return ()
        if answer.order is None and self._plain and limit is not None:
            return self._counted_off(answer)
        near = last is not None and last <= _NEAR
        few = answer.complete and answer.total <= FEW
        none_seen = self._scarce and answer.total == 0
        walks = near and not few and not none_seen and not self._query.trashed
        if answer.order is None and walks:
            past_set = self._scarce or (answer.complete and answer.total <= _MANY)
            ids = self._walked_past_set() if past_set else self._walked()
            if last is not None and len(ids) == last - offset:
                answer.total = max(answer.total, last)
                return ids
        return self._order(answer, near=near)[offset:last]

    def places(self, answer: Answer, uids: Collection[str]) -> dict[int, int]:
        """The ids of those of `uids` that are listed, and the place of each."""
        if self._query.trashed:
            wanted = list(in_trash(self._query))
        else:
            met = (c.met_one_by_one(study.c.id) for c in self._indexed)
            wanted = [*self._listed, *met]
        columns = SORT_COLUMNS[self._query.sort]
        asked = select(study.c.id, *columns).where(study.c.study_uid.in_(uids), *wanted)
        found = {row[0]: (*row[1:], row[0]) for row in self._connection.execute(asked)}
        if answer.order is None and len(found) <= _SINGLY:
            counted = {one: self._place(values) for one, values in found.items()}
            places = {one: n for one, n in counted.items() if n is not None}
            if len(places) == len(found):
                return places
        return places_in(self._order(answer, near=False), found)

    def _place(self, values: Sequence[object]) -> int | None:
        """How many studies stand before one; None where that takes long to count."""
        if self._query.trashed:
            return None
        earlier = list(before(self._query, SORT_COLUMNS[self._query.sort], values))
        if not self._plain and self._met_by(earlier, (), _WALK) > _WALK:
            return None
        met = (c.met_one_by_one(study.c.id) for c in self._indexed)
        return self._met_by(earlier, (*dates_asked(self._query, study), *met))

    def _met_by(
        self,
        parts: Sequence[Sequence[Yes]],
        conditions: Sequence[Yes],
        most: int | None = None,
    ) -> int:
        """How many listed studies of all parts meet the conditions.

        Of each part no more are counted than one beyond `most`.
        """
        listed = select(study.c.id).where(study.c.trashed.is_(None), *conditions)
        last = None if most is None else most + 1
        return sum(self._count(listed.where(*part).limit(last)) for part in parts)

    @property
    def _listed(self) -> tuple[Yes, ...]:
        """Not in the trash, and of these dates: asked of the study's own columns."""
        return study.c.trashed.is_(None), *dates_asked(self._query, study)

    def _counted_off(self, answer: Answer) -> Sequence[int]:
        """The page, where every step of the sort column's index is listed."""
        offset, listed = self._query.offset, select(study.c.id).where(*self._listed)
        if answer.complete and offset > answer.total // 2:
            return self._counted_back(listed, answer.total)
        ids = self._page_of(self._sorted(listed))
        if len(ids) == self._query.limit:
            answer.total = max(answer.total, offset + len(ids))
        elif not answer.complete:
            answer.total, answer.complete = self._count(self._ids()), True
        return ids

    def _counted_back(self, listed: Select[int], total: int) -> Sequence[int]:
        """The same where the end of the list is nearer."""
        last = min(self._query.offset + (self._query.limit or 0), total)
        first, *rest = SORT_COLUMNS[self._query.sort]
        if self._query.descending:
            turned = listed.order_by(first, *rest, study.c.id)
        else:
            latest = (one.desc() for one in (*rest, study.c.id))
            turned = listed.order_by(first.desc().nulls_first(), *latest)
        page = turned.limit(last - self._query.offset).offset(total - last)
        return self._connection.scalars(page).all()[::-1]

    def _order(self, answer: Answer, *, near: bool) -> "array[int]":
        """Every match, sorted; `answer` remembers it."""
        if answer.order is not None:
            return answer.order
        if answer.complete or near or self._query.trashed:
            many = answer.complete and answer.total > _MANY
        else:
            many = min(self._counts(_WIDE)) > _MANY
        if many and not self._query.trashed:
            answer.order = self._left_of_all()
        else:
            answer.order = self._collected(self._ids())
        answer.total, answer.complete = len(answer.order), True
        return answer.order

    def _left_of_all(self) -> "array[int]":
        """The same, by leaving out of the whole list what does not match."""
        query = self._query
        listed = self._sorted(select(study.c.id).where(study.c.trashed.is_(None)))
        order = self._orders.order(
            (self._revision, query.sort, query.descending),
            lambda: all_of(self._connection, listed),
        )
        dated = len(self._listed) > 1
        for one in self._conditions:
            if one.indexed or dated:
                order = those_of(order, all_of(self._connection, one.ids))
        return order

    def _walked(self) -> Sequence[int]:
        """The page, or what of it the first part of the sort column's index gives."""
        met_first = self._first_of_all(_WALK).subquery()
        return self._page_of(
            select(met_first.c.id).where(
                *(one.met_one_by_one(met_first.c.id) for one in self._indexed)
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
        # Dates are said again: the walk may be theirs.
        walk = self._sorted(select(study.c.id).where(*self._listed))
        return walk.limit(count + self._query.offset)

    def _page_of(self, met: Select[int]) -> Sequence[int]:
        # SQLite runs through an inner select as it is sorted, and stops at the limit.
        limit = -1 if self._query.limit is None else self._query.limit
        page = met.limit(limit).offset(self._query.offset)
        return self._connection.scalars(page).all()

    def _collected(self, ids: Select[int]) -> "array[int]":
        """All of `ids`, sorted."""
        if self._indexed:
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
        if min(counts) <= _WIDE or len(self._indexed) == 1:
            return self._met(counts, _WIDE)
        # Each index gives its studies in the order of their keys: SQLite merges them.
        every = intersect(*(one.ids for one in self._indexed))
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
