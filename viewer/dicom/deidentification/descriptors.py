"""Descriptions without people: what Clean Descriptors leaves; PS3.15 E.3.5."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import Final

from viewer.core.folding import folded
from viewer.dicom.deidentification.identifying import Identifying
from viewer.dicom.deidentification.words import is_everybodys, is_measure, is_title
from viewer.dicom.text import CharacterSet

_LONGEST: Final = 4096
"""Characters; a longer text is a report, and goes as a whole."""

_TOKEN: Final = re.compile(
    r"(?<![^\W_])\d+(?:[.,/:\-]\d+)+(?![^\W_])"  # a date, a decimal, a UID
    r"|\d{1,3}[.,]\d{1,3}[^\W\d_]+"
    r"|[^\W_]+"
)
_KEPT_BETWEEN: Final = re.compile(r"[ _\-/+.,;:*()&%<>=]{1,3}")


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int

    @property
    def is_number(self) -> bool:
        return not any(c.isalpha() for c in self.text)

    def measures(self, after: "_Token") -> bool:
        """Whether it is a number and `after` its unit, side by side."""
        near = after.start - self.end <= 1
        return near and self.is_number and is_measure(self.text, after.text)


def cleaned(text: str, known: Identifying) -> str:
    """What may stay of one value of a description; empty if nothing.

    Words of our list stay, with the signs between them; so do numbers with a unit, and
    numbers of one or two digits behind a word that stays. No word that is part of a
    name in this object stays, whatever it means, and nothing behind a title.

    Parameters
    ----------
    text : str
        One value, decoded.
    known : Identifying
        What the object says of people.
    """
    if len(text) > _LONGEST:
        return ""
    composed = unicodedata.normalize("NFC", text)
    lines = (_line(line, known) for line in re.split(r"[\r\n\f]+", composed))
    left = " ".join(line for line in lines if line)
    return "" if known.found_in(left) or _spelled(left, known) else left


def is_clean(text: str, known: Identifying) -> bool:
    """Whether nothing of a value would have to go."""
    return re.findall(r"\w+", text) == re.findall(r"\w+", cleaned(text, known))


def cleaned_value(
    value: bytes, vr: str, character_set: CharacterSet, known: Identifying
) -> bytes:
    """An attribute's value as it may stay; empty if nothing of it does.

    Parameters
    ----------
    value : bytes
        As it lies in the data set, with all of its values.
    vr : str
        ``LT``, ``ST`` and ``UT`` have one value, in which a backslash is a letter.
    character_set : CharacterSet
        Of the data set, in which the answer is written, too.
    known : Identifying
    """
    text = character_set.decode(value)[0]
    single = vr in ("LT", "ST", "UT")
    left = (cleaned(one, known) for one in ([text] if single else text.split("\\")))
    return encoded("\\".join(one for one in left if one), character_set)


def encoded(text: str, character_set: CharacterSet) -> bytes:
    """A cleaned text in the character set of its data set, or else without accents."""
    try:
        written = text.encode(character_set.codecs[0])
    except UnicodeEncodeError:
        written = b""
    if character_set.decode(written)[0] == text:
        return written
    return folded(text).encode("ascii", "ignore")


def _line(line: str, known: Identifying) -> str:
    """The tokens that stay, joined as they were where they lie side by side."""
    left, last_end, kept_before = "", 0, False
    for token, stays in _judged(_tokens(line), line, known):
        if stays:
            between = line[last_end : token.start]
            if not kept_before or not _KEPT_BETWEEN.fullmatch(between):
                between = " "
            left += (between if left else "") + token.text
        last_end, kept_before = token.end, stays
    return left


def _tokens(line: str) -> list[_Token]:
    return [_Token(m[0], m.start(), m.end()) for m in _TOKEN.finditer(line)]


def _judged(
    tokens: list[_Token], line: str, known: Identifying
) -> Iterator[tuple[_Token, bool]]:
    """Each token, and whether it stays."""
    stays, before = False, None
    for token, after in zip_longest(tokens, tokens[1:]):
        if is_title(token.text, line[token.end : token.end + 1]):
            return
        if token.is_number:
            stays = _number_stays(token, before, after, kept_before=stays)
        elif before is not None and before.measures(token):
            pass  # a unit stays where its number does
        else:
            stays = is_everybodys(token.text, known.words)
        yield token, stays
        before = token


def _number_stays(
    token: _Token, before: _Token | None, after: _Token | None, *, kept_before: bool
) -> bool:
    """A number with its unit, or a short one that belongs to a word; never two."""
    if after is not None and token.measures(after):
        return True
    alone = not any(one is not None and one.is_number for one in (before, after))
    digits = token.text.isascii() and token.text.isdigit()
    return alone and kept_before and digits and len(token.text) <= 2


def _spelled(left: str, known: Identifying) -> bool:
    """Whether what is left spells out somebody's number or place without its signs."""
    bare = _bare(left)
    return any(
        len(_bare(value)) > 3 and _bare(value) in bare for value in known.phrases
    )


@lru_cache(maxsize=4096)  # the same few of a whole series
def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", folded(text))
