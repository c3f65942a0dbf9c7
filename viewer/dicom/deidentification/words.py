"""Which words of a description are everybody's: anatomy, technique, findings."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from viewer.core.folding import folded
from viewer.core.resources import resource

WORDS_FILE: Final = "deidentification/words.txt"

_TITLES_AS_WRITTEN: Final = frozenset({"Mr", "Ms", "MR.", "M."})
"""MR is a modality, and MS a disease, unless written like this."""

_DIMENSIONS: Final = frozenset({"2d", "3d", "4d", "5d"})
_CODES: Final = re.compile(
    r"[ctls]\d{1,2}"  # a vertebra, and T1, T2
    r"|t[12](?:w|wi|se|tse|fs|ir|rho|map|star|flair|gre)"
    r"|b\d{1,4}"  # diffusion weighting
    r"|(?:b|br|bl|bv|bf|d|h|hr|hc|hp|hv|i|j|u|sa|tr|ur|fc)\d{2}[a-z]?"  # kernels
    r"|[lr]|g[123]?"
)
_SIDE: Final = r"(?:\d{1,3}|1024|2048|4096)"
_MATRIX: Final = re.compile(rf"{_SIDE}x{_SIDE}(?:x{_SIDE})?")
_MEASURE: Final = re.compile(r"(\d{1,4}(?:[.,]\d{1,3})?)([^\W\d_]+[23]?)")
_NUMBER: Final = re.compile(r"\d{4}(?=ms|mas|mbq)|\d{1,3}(?:[.,]\d{1,3})?")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_RUNS: Final = re.compile(r"\d+|\D+")


@dataclass(frozen=True, slots=True)
class WordList:
    """The words of our list, folded.

    Attributes
    ----------
    words : frozenset of str
        These stay.
    units : frozenset of str
        These stay behind a number.
    titles : frozenset of str
        A name, a number or a place may follow.
    """

    words: frozenset[str]
    units: frozenset[str]
    titles: frozenset[str]


@lru_cache(maxsize=1)
def word_list() -> WordList:
    """The list as it comes with the program."""
    found: dict[str, list[str]] = {}
    section: list[str] = []
    for line in resource(WORDS_FILE).read_text("utf-8").splitlines():
        if line.startswith("["):
            section = found.setdefault(line.strip("[]"), [])
        elif not line.startswith("#"):
            section += folded(line).split()
    return WordList(**{name: frozenset(words) for name, words in found.items()})


def is_title(token: str, after: str) -> bool:
    """Whether what follows a word may name somebody; `after` is the next character."""
    if not _TITLES_AS_WRITTEN.isdisjoint({token, token + after}):
        return True
    return folded(token) in word_list().titles


def is_measure(number: str, unit: str) -> bool:
    """Whether a number and a word are together what an instrument shows: ``5 mm``."""
    unit = folded(unit)
    if unit not in word_list().units or not number.isascii():
        return False
    found = _NUMBER.match(number + unit)
    return found is not None and found[0] == number


def is_everybodys(token: str, names: frozenset[str]) -> bool:
    """Whether a word, or one joined with numbers, tells of no person.

    Parameters
    ----------
    token : str
        Letters and digits; no bare number.
    names : frozenset of str
        Parts of names, folded, that are never allowed here.
    """
    if any(c > "\u024f" and c != "μ" for c in token):
        return False
    plain = folded(token)
    if plain in names:
        return False
    if plain in word_list().words or plain in _DIMENSIONS:
        return True
    if _CODES.fullmatch(plain) or _MATRIX.fullmatch(plain):
        return True
    measure = _MEASURE.fullmatch(plain)
    if measure is not None and is_measure(measure[1], measure[2]):
        return True
    return _is_joined(token, names)


def _is_joined(token: str, names: frozenset[str]) -> bool:
    """``HeadRoutine``, ``ax3d``: words of the list, and short numbers."""
    runs = _RUNS.findall(token)
    parts = [folded(part) for run in runs[:4] for part in _CAMEL.split(run)]
    if len(runs) > 4 or len(parts) < 2:
        return False
    short = [len(part) <= 2 for part in parts if part.isdigit()]
    words = [part for part in parts if not part.isdigit() and part != "d"]
    known = (_is_word(word) and word not in names for word in words)
    return bool(words) and all(short) and all(known)


def _is_word(part: str) -> bool:
    """Whether a part is long enough to be meant, where it is joined with others."""
    return len(part) > 1 and part in word_list().words
