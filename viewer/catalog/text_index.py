"""Find studies by parts of words, in any script.

Two full-text tables over the same four folded columns: one of trigrams, for words of
three characters and more, and one of single characters and pairs, because the
trigram index finds nothing for shorter words (山田). Neither keeps the text itself;
`study_text` does, since both must be told what to forget.
"""

import string
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, TextClause, delete, insert, select, text

from viewer.catalog.schema import study_text
from viewer.core.folding import folded, words

COLUMNS = ("name", "patient_id", "accession", "other")


def _quoted(sql: str) -> str:
    return "'" + sql.replace("'", "''") + "'"


_NAMES = ", ".join(COLUMNS)
_TRIGRAMS = "trigram case_sensitive 1"
_PAIRS = f"ascii tokenchars {_quoted(string.punctuation)}"  # only blanks part tokens

CREATE = (
    f"CREATE VIRTUAL TABLE study_trigrams USING fts5({_NAMES}, content='', "
    f"tokenize={_quoted(_TRIGRAMS)})",
    f"CREATE VIRTUAL TABLE study_pairs USING fts5({_NAMES}, content='', "
    f"detail=column, prefix='1', tokenize={_quoted(_PAIRS)})",
)


@dataclass(frozen=True, slots=True)
class Findable:
    """The folded text of one study, column by column."""

    name: str = ""
    patient_id: str = ""
    accession: str = ""
    other: str = ""

    @classmethod
    def of(
        cls, name: str, patient_id: str, accession: str, other: Iterable[str]
    ) -> "Findable":
        """Fold what the study says."""
        rest = " ".join(dict.fromkeys(folded(text) for text in other))
        return cls(folded(name), folded(patient_id), folded(accession), rest)

    @property
    def values(self) -> tuple[str, str, str, str]:
        """In the order of `COLUMNS`."""
        return (self.name, self.patient_id, self.accession, self.other)


def index(connection: Connection, studies: Mapping[int, Findable]) -> None:
    """Make the studies findable by exactly this text, whatever they had before."""
    present = _present(connection, list(studies))
    changed = {key: new for key, new in studies.items() if present.get(key) != new}
    _forget(connection, {key: present[key] for key in changed if key in present})
    if not changed:
        return
    rows = [
        {"study": key, **dict(zip(COLUMNS, new.values, strict=True))}
        for key, new in changed.items()
    ]
    connection.execute(insert(study_text), rows)
    connection.execute(_ADD_TRIGRAMS, rows)
    connection.execute(_ADD_PAIRS, [_in_pairs(row) for row in rows])


def forget(connection: Connection, studies: Sequence[int]) -> None:
    """Make the studies impossible to find."""
    _forget(connection, _present(connection, studies))


def _present(connection: Connection, studies: Sequence[int]) -> dict[int, Findable]:
    rows = connection.execute(
        select(study_text).where(study_text.c.study.in_(studies))
    ).all()
    return {row.study: Findable(*row[1:]) for row in rows}


def _forget(connection: Connection, present: Mapping[int, Findable]) -> None:
    if not present:
        return
    rows = [
        {"study": key, **dict(zip(COLUMNS, old.values, strict=True))}
        for key, old in present.items()
    ]
    connection.execute(_DROP_TRIGRAMS, rows)
    connection.execute(_DROP_PAIRS, [_in_pairs(row) for row in rows])
    connection.execute(delete(study_text).where(study_text.c.study.in_(list(present))))


_BINDS = ", ".join(f":{name}" for name in COLUMNS)


def _statement(table: str, *, drop: bool) -> TextClause:
    columns = f"rowid, {_NAMES}"
    values = f":study, {_BINDS}"
    if drop:  # how FTS5 without content is told to forget
        columns, values = f"{table}, {columns}", f"'delete', {values}"
    return text(f"INSERT INTO {table}({columns}) VALUES ({values})")  # noqa: S608 - our own names


_ADD_TRIGRAMS = _statement("study_trigrams", drop=False)
_ADD_PAIRS = _statement("study_pairs", drop=False)
_DROP_TRIGRAMS = _statement("study_trigrams", drop=True)
_DROP_PAIRS = _statement("study_pairs", drop=True)


def _in_pairs(row: dict[str, object]) -> dict[str, object]:
    return {
        key: value if key == "study" else to_pairs(str(value))
        for key, value in row.items()
    }


def to_pairs(folded_text: str) -> str:
    """Every pair of neighbouring characters of every word, and its last character.

    A single character is then the beginning of a pair, or a last one.
    """
    pairs = dict.fromkeys(
        word[start : start + 2]
        for word in folded_text.split()
        for start in range(len(word))
    )
    return " ".join(pairs)


@dataclass(frozen=True, slots=True)
class Match:
    """A question to the text index: expressions that must all hold; empty if none.

    Attributes
    ----------
    trigrams, pairs : str
        FTS5 expressions; empty where nothing is asked of that table.
    terms : tuple of (column, word)
        What has to be found where; an empty column stands for any.
    """

    trigrams: str = ""
    pairs: str = ""
    terms: tuple[tuple[str, str], ...] = ()


def to_match(questions: Mapping[str, str]) -> Match:
    """Build the question from what the user typed for each column; "" is any."""
    terms = tuple(
        (column, word) for column, typed in questions.items() for word in words(typed)
    )
    long = [_phrase(column, word) for column, word in terms if len(word) >= 3]
    short = [_pair(column, word) for column, word in terms if len(word) < 3]
    return Match(" AND ".join(long), " AND ".join(short), terms)


def _phrase(column: str, word: str) -> str:
    quoted = '"' + word.replace('"', '""') + '"'
    return f"{{{column}}}: {quoted}" if column else quoted


def _pair(column: str, word: str) -> str:
    return _phrase(column, word) + ("*" if len(word) == 1 else "")
