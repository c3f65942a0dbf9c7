"""What peers are asked for a query of the studies page, and what of it they know.

Peers match letter by letter, each in a way of its own (PS3.4 C.2.2.2): some ignore
case, some accents, some whole attributes. So more is asked than was meant, and what
comes is compared here as the catalog compares.
"""

import fnmatch
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import permutations, product
from typing import Final

from viewer.core.folding import folded
from viewer.core.identity import SeriesUID, StudyUID
from viewer.core.listing import StudyQuery
from viewer.core.remote import Level, RemoteStudy

WILD: Final = re.compile(r"[*?]")
_SEPARATORS: Final = re.compile(r"[\s,^=\\]+")
_ANY: Final = "\0"  # between the words of a name; becomes an asterisk nobody typed
_LONGEST: Final = 60  # characters of a pattern; PN and LO hold 64
_ORDERED: Final = 3  # words of a name asked for in every order
_FEW: Final = 2  # ASCII letters that are worth asking for without the others


@dataclass(frozen=True, slots=True)
class Question:
    """One C-FIND or QIDO-RS request. Empty fields ask for everything.

    Attributes
    ----------
    level : Level
    patient_name, patient_id, accession, description : str
        With ``*`` for any characters and ``?`` for one.
    modality : str
        One; of the study's modalities at the study level, of the series below.
    date_from, date_to : date or None
        Study date, both inclusive.
    study_uid, series_uid : str
        Where to look, below the study level.
    """

    level: Level = Level.STUDY
    patient_name: str = ""
    patient_id: str = ""
    accession: str = ""
    description: str = ""
    modality: str = ""
    date_from: date | None = None
    date_to: date | None = None
    study_uid: StudyUID | None = None
    series_uid: SeriesUID | None = None


Ways = tuple[Question, ...]
"""Ways to write one question (small letters, capitals); the first as it was typed.

A peer that ignores case answers all of them alike; see `other_ways_are_alike`.
"""


def questions(query: StudyQuery) -> tuple[Ways, ...]:
    """What to ask a peer so that nothing is missing among its answers.

    Status, tags and order are the catalog's own and are not asked for.
    """
    modalities = tuple(dict.fromkeys(query.modalities)) or ("",)
    first, last = query.date_from, query.date_to
    return tuple(
        tuple(
            replace(way, modality=modality, date_from=first, date_to=last)
            for way in ways
        )
        for modality in modalities
        for ways in _worded(query)
    )


def is_meant(query: StudyQuery, study: RemoteStudy) -> bool:
    """Whether a peer's study is one the query asks for, as far as the peer tells.

    Modality and institution are not held against a study whose peer does not tell.
    """
    modalities = set(study.modalities or query.modalities)
    return (
        _lies_between(study.study_date, query.date_from, query.date_to)
        and not (query.modalities and modalities.isdisjoint(query.modalities))
        and (not query.institutions or study.institution in ("", *query.institutions))
        and _texts_are_meant(query, study)
    )


def other_ways_are_alike(question: Question, study: RemoteStudy) -> bool:
    """Whether this answer proves that the peer would answer other letters alike.

    It does if what it tells differs from all that was asked, in its letters' case alone
    or altogether: then the peer ignores case, or the attribute.
    """
    asked = [
        (pattern, told)
        for pattern, told in (
            (question.patient_name, study.patient_name),
            (question.patient_id, study.patient_id),
            (question.accession, study.accession_number),
            (question.description, study.description),
        )
        if pattern.upper() != pattern.lower()
    ]
    return bool(asked) and all(_is_loose(pattern, told) for pattern, told in asked)


def _is_loose(asked: str, told: str) -> bool:
    pattern = _literal(asked)
    if fnmatch.fnmatchcase(told, pattern):
        return False
    return fnmatch.fnmatchcase(told.casefold(), pattern.casefold()) or (
        not fnmatch.fnmatchcase(folded(told), _literal(folded(asked)))
    )


def _lies_between(day: date | None, first: date | None, last: date | None) -> bool:
    if day is None:
        return first is None and last is None
    return (first is None or first <= day) and (last is None or day <= last)


def _texts_are_meant(query: StudyQuery, study: RemoteStudy) -> bool:
    if not (query.text or query.patient or query.patient_id or query.accession):
        return True
    name, number = folded(study.patient_name), folded(study.patient_id)
    accession = folded(study.accession_number)
    everything = (
        name,
        f"{number} {folded(study.issuer)}",
        accession,
        f"{folded(study.description)} {folded(study.institution)}",
    )
    return (
        all(any(_holds(t, w) for t in everything) for w in folded(query.text).split())
        and has_words(name, query.patient)
        and has_words(number, query.patient_id)
        and has_words(accession, query.accession)
    )


def has_words(told: str, typed: str) -> bool:
    """Whether all words that were typed occur in what a peer tells."""
    text = folded(told)
    return all(_holds(text, word) for word in folded(typed).split())


def _holds(text: str, word: str) -> bool:
    if not WILD.search(word):
        return word in text
    pattern = _literal(word)
    return any(fnmatch.fnmatchcase(t, pattern) for t in (text, *text.split()))


def _literal(pattern: str) -> str:
    """The pattern with brackets that mean nothing; DICOM knows only ``*`` and ``?``."""
    return pattern.replace("[", "[[]")


def _worded(query: StudyQuery) -> Iterator[Ways]:
    """The text fields of each question, in each way to write them."""
    number, accession = query.patient_id.strip(), query.accession.strip()
    fixed = Question(patient_id=number, accession=accession)
    if query.patient.strip():
        for order in _orders(query.patient):
            yield _written(replace(fixed, patient_name=order))
    elif number or accession or not query.text.strip():
        yield _written(fixed)
    else:
        word = max(_SEPARATORS.split(query.text), key=len)
        yield _written(Question(patient_name=word))
        yield _written(Question(patient_id=word))
        yield _written(Question(accession=word))
        yield _written(Question(description=word))


def _orders(name: str) -> Iterator[str]:
    """The words of a name in every order in which its components may stand."""
    words = [word for word in _SEPARATORS.split(name) if word]
    if len(words) > _ORDERED:
        words = [max(words, key=len)]
    yield from dict.fromkeys(_ANY.join(order) for order in permutations(words))


def _written(typed: Question) -> Ways:
    """The same in other letters: numbers in capitals, words capitalised as well."""
    as_words: tuple[Callable[[str], str], ...] = (str, str.upper, _capitalised)
    as_numbers: tuple[Callable[[str], str], ...] = (str, str.upper)
    ways = (
        replace(
            typed,
            patient_name=_pattern(words(typed.patient_name)),
            patient_id=_pattern(number(typed.patient_id)),
            accession=_pattern(number(typed.accession)),
            description=_pattern(words(typed.description)),
        )
        for number, words in product(as_numbers, as_words)
    )
    return tuple(dict.fromkeys(ways))


def _pattern(text: str) -> str:
    """What finds `text` as a part, whatever accents it is written with there.

    Who writes ``*`` or ``?`` says by it where a part begins and ends.
    """
    if not text:
        return ""
    as_part = not WILD.search(text.replace(_ANY, ""))
    text = _SEPARATORS.sub("*", text.replace(_ANY, "*").strip())
    plain = re.sub(r"[^\x20-\x7e]", "*", text)
    if sum(c.isalnum() for c in plain) >= _FEW:
        text = plain
    pattern = f"*{text[:_LONGEST]}*" if as_part else text[:_LONGEST]
    return re.sub(r"\*+", "*", pattern)


def _capitalised(text: str) -> str:
    return re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize(), text)
