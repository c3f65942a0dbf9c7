"""What a question to the catalog asks of each index.

Every condition can give the studies that meet it, and say of one study whether it
does. Facets and text index hold nothing of the trash, so they need no look at the
study itself.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    FromClause,
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
    true,
)

from viewer.catalog.schema import facet, series, study, study_text
from viewer.catalog.text_index import COLUMNS, Match, to_match
from viewer.core.listing import StudyQuery

Key = ColumnElement[int]
Yes = ColumnElement[bool]

_TRIGRAMS = table("study_trigrams", column("rowid"))
_PAIRS = table("study_pairs", column("rowid"))


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that is asked of a study.

    Attributes
    ----------
    ids : Select
        The studies that meet it, each once.
    met_by : callable
        Whether the study of a key meets it; good for many keys.
    met_one_by_one : callable
        The same, good for few keys, or for a walk that may end soon.
    indexed : bool
        Whether an index beside the study answers; otherwise its own columns do.
    words : int
        How many words of a text must meet in it: each more makes counting dearer.
    """

    ids: Select[int]
    met_by: Callable[[Key], Yes]
    met_one_by_one: Callable[[Key], Yes]
    indexed: bool = True
    words: int = 1


def conditions(query: StudyQuery) -> list[Condition]:
    """Everything `query` asks; at least that the study is not in the trash."""
    match = _match(query)
    asked = [*_chips(query), *_texts(match)]
    if query.date_from is not None or query.date_to is not None or not asked:
        asked.append(_listed(query))
    return asked


def in_trash(query: StudyQuery) -> Iterator[Yes]:
    """The same asked of the trash, which is small and in no index."""
    yield study.c.trashed.is_not(None)
    yield from dates_asked(query, study)
    if query.statuses:
        yield study.c.status.in_(query.statuses)
    if query.institutions:
        yield study.c.institution.in_(query.institutions)
    for names, listed, mark in (
        (query.modalities, study.c.modalities, "\\"),
        (query.tags, study.c.tags, "\n"),
    ):
        if names:
            all_of_it = literal(mark) + func.coalesce(listed, "") + literal(mark)
            yield or_(*(func.instr(all_of_it, f"{mark}{n}{mark}") > 0 for n in names))
    texts = _texts_of_trash()
    for where, word in _match(query).terms:
        asked = [where] if where else COLUMNS
        yield or_(*(func.instr(func.folded(texts[n]), word) > 0 for n in asked))


def _listed(query: StudyQuery) -> Condition:
    """Not in the trash, and of these dates."""
    dates = list(dates_asked(query, study))

    def met_by(key: Key) -> Yes:
        one = study.alias()
        return (
            exists().where(one.c.id == key, *dates_asked(query, one))
            if dates
            else true()
        )

    ids = select(study.c.id).where(study.c.trashed.is_(None), *dates)
    return Condition(ids, met_by, met_by, indexed=False)


def dates_asked(query: StudyQuery, of: FromClause) -> Iterator[Yes]:
    """That the study's date lies in the span; for its own columns."""
    if query.date_from is not None:
        yield of.c.study_date >= query.date_from.isoformat()
    if query.date_to is not None:
        yield of.c.study_date <= query.date_to.isoformat()


def _chips(query: StudyQuery) -> Iterator[Condition]:
    for kind, chosen in (
        ("modality", query.modalities),
        ("institution", query.institutions),
        ("status", query.statuses),
        ("tag", query.tags),
    ):
        if chosen:
            yield _chip(kind, tuple(dict.fromkeys(chosen)))


def _chip(kind: str, chosen: tuple[str, ...]) -> Condition:
    """One of these values; a study may have several of them."""
    asked = and_(facet.c.kind == kind, facet.c.value.in_(chosen))

    def met_by(key: Key) -> Yes:
        return exists().where(asked, facet.c.study == key)

    ids = select(facet.c.study.label("id")).where(asked)
    return Condition(ids if len(chosen) == 1 else ids.distinct(), met_by, met_by)


def _match(query: StudyQuery) -> Match:
    return to_match(
        {
            "": query.text,
            "name": query.patient,
            "patient_id": query.patient_id,
            "accession": query.accession,
        }
    )


def _texts(match: Match) -> Iterator[Condition]:
    """Words of three characters and more, and shorter ones, each from its index."""
    long = text("study_trigrams MATCH :long").bindparams(long=match.trigrams)
    short = text("study_pairs MATCH :short").bindparams(short=match.pairs)
    for index, asked, terms in (
        (_TRIGRAMS, long, [term for term in match.terms if len(term[1]) >= 3]),
        (_PAIRS, short, [term for term in match.terms if len(term[1]) < 3]),
    ):
        if terms:
            yield _words(select(index.c.rowid.label("id")).where(asked), terms)


def _words(ids: Select[int], terms: list[tuple[str, str]]) -> Condition:
    def met_by(key: Key) -> Yes:
        # Collected once. The sum keeps SQLite from asking the index key by key.
        return (key + 0).in_(ids)

    def met_one_by_one(key: Key) -> Yes:
        found = (
            or_(
                *(
                    func.instr(study_text.c[name], word) > 0
                    for name in ([where] if where else COLUMNS)
                )
            )
            for where, word in terms
        )
        return exists().where(study_text.c.study == key, *found)

    return Condition(ids, met_by, met_one_by_one, words=len(terms))


def _texts_of_trash() -> dict[str, ColumnElement[str]]:
    described = (
        select(func.group_concat(series.c.description, " "))
        .where(series.c.study == study.c.id)
        .scalar_subquery()
    )

    def said(*values: ColumnElement[str | None]) -> ColumnElement[str]:
        words: ColumnElement[str] = literal("")
        for value in values:
            words = words + func.coalesce(value, "") + literal(" ")
        return words

    c = study.c
    return {
        "name": said(c.patient_name),
        "patient_id": said(c.patient_id, c.issuer),
        "accession": said(c.accession_number),
        "other": said(c.description, c.institution, described),
    }
