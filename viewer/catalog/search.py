"""Answer a question to the catalog: an exact total, and one page of it.

Two plans, because neither is quick for every question. What matches few studies is
collected and sorted. What matches many is found by walking the index of the sort
column and looking at each study until the page is full.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    ScalarSelect,
    Select,
    and_,
    column,
    exists,
    func,
    literal,
    or_,
    select,
    table,
    text,
)

from viewer.catalog import rows
from viewer.catalog.schema import SORT_COLUMNS, conflict, facet, series, study
from viewer.catalog.schema import study_text as words_of
from viewer.catalog.text_index import COLUMNS, Match, to_match
from viewer.core.listing import FilterValues, StudyPage, StudyQuery, StudySummary

FEW = 5_000  # matches that are quicker to sort than to meet on a walk

_CONFLICTS = (
    select(func.count())
    .where(conflict.c.against_study == study.c.study_uid)
    .scalar_subquery()
    .label("conflicts")
)

SUMMARY = select(study, _CONFLICTS)
"""What `rows.to_summary` reads."""

_TRIGRAMS = table("study_trigrams", column("rowid"))
_PAIRS = table("study_pairs", column("rowid"))


def search(connection: Connection, query: StudyQuery) -> StudyPage:
    """The studies that match, counted exactly, and the page that was asked for."""
    total = _total(connection, query)
    if not total or query.limit == 0 or query.offset >= total:
        return StudyPage(total, ())
    keys = _page(query, walk=total > FEW).limit(
        -1 if query.limit is None else query.limit
    )
    ids = connection.scalars(keys.offset(query.offset)).all()
    return StudyPage(total, _summaries(connection, ids))


def filters(connection: Connection) -> FilterValues:
    """Every value that a filter can offer, sorted."""
    of = {
        kind: tuple(_values(connection, kind))
        for kind in ("modality", "institution", "body_part", "tag")
    }
    statuses = _steps(connection, study.c.status, study.c.trashed.is_(None))
    return FilterValues(
        of["modality"], tuple(statuses), of["institution"], of["body_part"], of["tag"]
    )


def _values(connection: Connection, kind: str) -> Iterator[str]:
    return _steps(connection, facet.c.value, facet.c.kind == kind)


def _steps(
    connection: Connection, values: Column[str], where: ColumnElement[bool]
) -> Iterator[str]:
    """The different values of an indexed column, one jump in the index for each.

    DISTINCT would read the whole index.
    """
    smallest = select(func.min(values)).where(where)
    value: str | None = connection.scalar(smallest)
    while value is not None:
        yield value
        value = connection.scalar(smallest.where(values > value))


def _summaries(connection: Connection, ids: Sequence[int]) -> tuple[StudySummary, ...]:
    found: dict[int, StudySummary] = {}
    for start in range(0, len(ids), 10_000):  # SQLite bounds what one question holds
        part = SUMMARY.where(study.c.id.in_(ids[start : start + 10_000]))
        for row in connection.execute(part).mappings():
            found[row["id"]] = rows.to_summary(row)
    return tuple(found[key] for key in ids)


def _total(connection: Connection, query: StudyQuery) -> int:
    match = _match(query)
    plain = list(_plain(query))
    if len(plain) == 1 and not query.trashed and not _chips(query):
        # The text index knows nothing of the trash, so it can count alone.
        if match.trigrams and not match.pairs:
            return _count(connection, _trigram_ids(match))
        if match.pairs and not match.trigrams:
            return _count(connection, _pair_ids(match))
    return _count(connection, select(study.c.id).where(*_where(query, walk=False)))


def _count(connection: Connection, ids: Select[int]) -> int:
    counted = ids.with_only_columns(func.count(), maintain_column_froms=True)
    total: int = connection.execute(counted).scalar_one()
    return total


def _page(query: StudyQuery, *, walk: bool) -> Select[int]:
    order = SORT_COLUMNS[query.sort]
    if query.descending:
        # NULL is the least of all for SQLite, so it comes last by itself.
        by = [*(c.desc() for c in order), study.c.id.desc()]
    else:
        by = [*(c.asc().nulls_last() for c in order), study.c.id.asc()]
    return select(study.c.id).where(*_where(query, walk=walk)).order_by(*by)


def _where(query: StudyQuery, *, walk: bool) -> Iterator[ColumnElement[bool]]:
    yield from _plain(query)
    for kind, chosen in _chips(query):
        yield _has(kind, chosen, walk=walk)
    match = _match(query)
    if query.trashed:
        yield from _found_in_trash(match)
    elif walk:
        yield from _found_on_walk(match)
    else:
        if match.trigrams:
            yield study.c.id.in_(_trigram_ids(match))
        if match.pairs:
            yield study.c.id.in_(_pair_ids(match))


def _plain(query: StudyQuery) -> Iterator[ColumnElement[bool]]:
    """What the study's own columns answer; the first is the place."""
    c = study.c
    yield c.trashed.is_not(None) if query.trashed else c.trashed.is_(None)
    if query.statuses:
        yield c.status.in_(query.statuses)
    if query.date_from is not None:
        yield c.study_date >= query.date_from.isoformat()
    if query.date_to is not None:
        yield c.study_date <= query.date_to.isoformat()


def _chips(query: StudyQuery) -> list[tuple[str, tuple[str, ...]]]:
    asked = (
        ("modality", query.modalities),
        ("institution", query.institutions),
        ("tag", query.tags),
    )
    return [(kind, chosen) for kind, chosen in asked if chosen]


def _has(kind: str, chosen: tuple[str, ...], *, walk: bool) -> ColumnElement[bool]:
    of = and_(facet.c.kind == kind, facet.c.value.in_(chosen))
    if walk:
        return exists().where(of, facet.c.study == study.c.id)
    return study.c.id.in_(select(facet.c.study).where(of))


def _match(query: StudyQuery) -> Match:
    return to_match(
        {
            "": query.text,
            "name": query.patient,
            "patient_id": query.patient_id,
            "accession": query.accession,
        }
    )


def _trigram_ids(match: Match) -> Select[int]:
    asked = text("study_trigrams MATCH :long").bindparams(long=match.trigrams)
    return select(_TRIGRAMS.c.rowid).where(asked)


def _pair_ids(match: Match) -> Select[int]:
    asked = text("study_pairs MATCH :short").bindparams(short=match.pairs)
    return select(_PAIRS.c.rowid).where(asked)


def _found_on_walk(match: Match) -> Iterator[ColumnElement[bool]]:
    if match.terms:
        found = (
            or_(
                *(
                    func.instr(words_of.c[name], word) > 0
                    for name in ([where] if where else COLUMNS)
                )
            )
            for where, word in match.terms
        )
        yield exists().where(words_of.c.study == study.c.id, *found)


def _found_in_trash(match: Match) -> Iterator[ColumnElement[bool]]:
    """The text index has forgotten the trash, which is small: fold it as we go."""
    descriptions = (
        select(func.group_concat(series.c.description, " "))
        .where(series.c.study == study.c.id)
        .scalar_subquery()
    )
    c = study.c
    texts = {
        "name": c.patient_name,
        "patient_id": c.patient_id,
        "accession": c.accession_number,
        "other": _spoken(c.description)
        + _spoken(c.institution)
        + _spoken(descriptions),
    }
    for where, word in match.terms:
        yield or_(
            *(
                func.instr(func.folded(texts[name]), word) > 0
                for name in ([where] if where else COLUMNS)
            )
        )


def _spoken(value: Column[str | None] | ScalarSelect[str]) -> ColumnElement[str]:
    return func.coalesce(value, "") + literal(" ")
