"""Answer a question to the catalog: how many studies match, and one page of them."""

import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, func, select

from viewer.catalog import rows
from viewer.catalog.expecting import MISSING
from viewer.catalog.orders import ListOrders
from viewer.catalog.question import Answer, Question
from viewer.catalog.schema import catalog, conflict, study
from viewer.core.listing import StudyPage, StudyQuery, StudySummary

_REMEMBERED = 4  # questions; a window asks one and scrolls

_CONFLICTS = (
    select(func.count())
    .where(conflict.c.against_study == study.c.study_uid)
    .scalar_subquery()
    .label("conflicts")
)

SUMMARY = select(study, _CONFLICTS, MISSING)
"""What `rows.to_summary` reads."""


class Search:
    """Answers questions and remembers the last ones, until the catalog changes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: OrderedDict[tuple[int, StudyQuery], Answer] = OrderedDict()
        self._orders = ListOrders()

    def page(
        self, connection: Connection, query: StudyQuery, keep: Collection[str] = ()
    ) -> StudyPage:
        """How many studies match, and the page of them that was asked for.

        Parameters
        ----------
        connection : Connection
        query : StudyQuery
        keep : collection of str
            UIDs of studies whose places in the list are wanted too.
        """
        revision: int = connection.execute(select(catalog.c.revision)).scalar_one()
        asked = Question(connection, query, self._orders, revision)
        key = (revision, replace(query, limit=None, offset=0, count_to=None))
        with self._lock:
            answer = self._answers.get(key)
        if answer is None or not (answer.complete or query.count_to):
            answer = asked.counted(query.count_to)
        ids = asked.page(answer)
        places = asked.places(answer, keep) if keep else {}
        self._remember(key, answer)
        found = _summaries(connection, [*ids, *places])
        items = tuple(found[one] for one in ids)
        kept = tuple((place, found[one]) for one, place in places.items())
        return StudyPage(answer.total, items, answer.complete, kept)

    def _remember(self, key: tuple[int, StudyQuery], answer: Answer) -> None:
        with self._lock:
            self._answers[key] = answer
            self._answers.move_to_end(key)
            while len(self._answers) > _REMEMBERED:
                self._answers.popitem(last=False)


def _summaries(
    connection: Connection, ids: Sequence[int]
) -> Mapping[int, StudySummary]:
    found: dict[int, StudySummary] = {}
    for start in range(0, len(ids), 10_000):  # SQLite bounds what one question holds
        part = SUMMARY.where(study.c.id.in_(ids[start : start + 10_000]))
        for row in connection.execute(part).mappings():
            found[row["id"]] = rows.to_summary(row)
    return found
