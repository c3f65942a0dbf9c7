"""Where values of the source are still found in a written file."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import starmap
from operator import attrgetter
from typing import Final, NamedTuple

from viewer.core.byte_search import LEAST, Needles
from viewer.core.deidentification import Option
from viewer.core.folding import folded
from viewer.core.telltale import Kind, Telltale, forms, words
from viewer.dicom.attributes import Attributes
from viewer.dicom.deidentification.hits import (
    DIGITS,
    Bytes,
    Hit,
    Leaf,
    Survivor,
    is_whole_uid,
    stands_alone,
    unexplained,
)
from viewer.dicom.deidentification.source_values import leaves
from viewer.dicom.deidentification.terms import is_body_part, uncommon
from viewer.dicom.element import Element

_OURS: Final = (
    "anonymous anonymized lightbox 99lightbox 19000101 19000101000000 urn:anonymized "
    "basic application confidentiality profile clean pixel data graphics structured "
    "content descriptors retain longitudinal temporal information full dates modified "
    "patient characteristics device identity uids safe private institution option "
    "removed unmodified unknown"
)
"""What every export says, so that it tells of nobody."""

_ANON: Final = "anonymous"
_CODE_MEANING: Final = 0x00080104
_TEXTS: Final = frozenset({"AE", "LO", "LT", "PN", "SH", "ST", "UC", "UN", "UR", "UT"})
_NUMERIC: Final = frozenset({"DS", "IS", "TM", "AS"})
_DATED: Final = frozenset({"DA", "DT"})
_VARIED: Final = 4  # different bytes; areas of one grey spell what repeats itself
_PIECE: Final = 32 << 20
_LONGEST_FORM: Final = 4096  # bytes
_MOST_WORDS: Final = 6
_LONGEST_TEXT: Final = 1 << 16
_WIDE: Final = "\u2e80"


class _Spot(NamedTuple):
    start: int
    end: int
    leaf: Leaf


def _spots(data_set: Attributes) -> Iterator[_Spot]:
    for leaf in starmap(Leaf, leaves(data_set)):
        start = leaf.element.offset
        yield _Spot(start, start + leaf.element.length, leaf)


@dataclass(frozen=True)
class Sought:
    """What is looked for in every file of an export.

    Attributes
    ----------
    values : frozenset of Telltale
    options : frozenset of Option
    """

    values: frozenset[Telltale]
    options: frozenset[Option]

    @cached_property
    def kinds(self) -> dict[bytes, Kind]:
        """Of each form in bytes."""
        return {
            form: value.kind
            for value in self.values
            for form in forms(value)
            if not _is_ours(form) and len(form) <= _LONGEST_FORM
        }

    @cached_property
    def needles(self) -> Needles:
        """All forms of `LEAST` bytes and more."""
        return Needles(self.kinds)

    @cached_property
    def words(self) -> dict[str, Kind]:
        """What is sought in decoded text, folded."""
        return {
            word: value.kind
            for value in self.values
            for word in words(value)
            if word not in _OURS.split()
        }

    @cached_property
    def _wide(self) -> tuple[str, ...]:
        return tuple(word for word in self.words if word[0] >= _WIDE)

    def in_name(self, name: str) -> bool:
        """Whether the name of a file or folder tells of somebody."""
        raw = name.encode("utf-8", "surrogateescape")
        tells = next(self.needles.found_in(raw), None) is not None
        return tells or any(True for _ in self._in_text(re.sub(r"[/_.\-]", " ", name)))

    def in_plain(self, content: Bytes) -> Iterator[Survivor]:
        """Every place in a file that is no object: an account, a directory."""
        for start, form in self._hits(content):
            if self._counts(content, start, form, None):
                yield Survivor(self.kinds[form], f"byte {start}", form)

    def in_bytes(
        self,
        content: Bytes,
        data_set: Attributes,
        packed: bytes = b"",
        explained: Callable[[Hit], bool] = unexplained,
    ) -> Iterator[Survivor]:
        """Every place in a file where one of the values is.

        Parameters
        ----------
        content : bytes
            All of the file.
        data_set : Attributes
            With what comes after the pixels.
        packed : bytes
            The data set, where the file has it compressed.
        explained : callable
            Whether a value is there by right, and tells of nobody.
        """
        for hit in self._in_data_set(packed or content, data_set, whole=bool(packed)):
            if not explained(hit):
                yield Survivor(hit.kind, hit.place, hit.form)
        if packed:
            for start, form in self._hits(content):
                yield Survivor(self.kinds[form], f"byte {start}", form)
        for hit in self._in_texts(data_set):
            if not explained(hit):
                yield Survivor(hit.kind, hit.place, hit.form)

    def _in_data_set(
        self, content: Bytes, data_set: Attributes, *, whole: bool
    ) -> Iterator[Hit]:
        """What lies in the bytes of attributes, among the pixels and around them."""
        spots = sorted(_spots(data_set), key=attrgetter("start"))
        starts = [spot.start for spot in spots]
        for start, form in self._hits(content):
            if not whole and starts and start < starts[0]:
                continue  # file meta information, which is compared byte by byte
            index = bisect_right(starts, start) - 1
            spot = spots[index] if index >= 0 and start < spots[index].end else None
            if self._counts(content, start, form, spot):
                yield Hit(self.kinds[form], form, start, spot.leaf if spot else None)

    def _hits(self, content: Bytes) -> Iterator[tuple[int, bytes]]:
        """As `Needles.found_in`, a piece at a time: files may be larger than memory."""
        for base in range(0, len(content), _PIECE):
            piece = content[base : base + _PIECE + _LONGEST_FORM]
            for start, form in self.needles.found_in(piece):
                if start < _PIECE:
                    yield base + start, form

    def _counts(
        self, content: Bytes, start: int, form: bytes, spot: _Spot | None
    ) -> bool:
        """Whether a hit is one, and not some of the digits of another number."""
        if self.kinds[form] is Kind.UID:
            return is_whole_uid(content, start, form)
        if spot is None:
            return len(set(form)) >= _VARIED and stands_alone(content, start, form)
        return self._counts_as_value(content, start, form, spot)

    def _counts_as_value(
        self, content: Bytes, start: int, form: bytes, spot: _Spot
    ) -> bool:
        """The same within an attribute: its VR says what digits and words can be."""
        element = spot.leaf.element
        vr = element.vr
        if vr == "UI" or _is_term(form.decode("latin_1"), element):
            return False
        if not DIGITS.fullmatch(form):
            return True
        if vr in _DATED:
            return start == spot.start and not self._moves_dates
        if vr in _NUMERIC:
            return form in content[spot.start : spot.end].strip(b" \0").split(b"\\")
        return stands_alone(content, start, form)

    @property
    def _moves_dates(self) -> bool:
        """Whether a date that moved can meet another one of the source."""
        dated = {Option.RETAIN_MODIFIED_DATES, Option.RETAIN_FULL_DATES}
        return not dated.isdisjoint(self.options)

    def _in_texts(self, data_set: Attributes) -> Iterator[Hit]:
        for item, element in leaves(data_set):
            if element.vr not in _TEXTS or element.length > _LONGEST_TEXT:
                continue
            leaf = Leaf(item, element)
            text = item.decoded(element.tag)
            for word in self._in_text(text):
                if not _is_term(word, element):
                    yield Hit(self.words[word], word.encode(), -1, leaf)
            bare = re.sub(r"[\W_]+", "", text).encode()
            if len(bare) >= LEAST and bare.isdigit() and bare in self.kinds:
                yield Hit(self.kinds[bare], bare, -1, leaf)

    def _in_text(self, text: str) -> Iterator[str]:
        """The sought words in a text: whole ones, or parts of one without blanks."""
        whole = folded(text.replace("\\", " "))
        parts = re.findall(r"[^\s;:()/]+", whole)
        for start in range(len(parts)):
            for end in range(start + 1, min(start + _MOST_WORDS, len(parts)) + 1):
                phrase = " ".join(parts[start:end])
                if phrase in self.words:
                    yield phrase
        if whole > _WIDE or any(letter >= _WIDE for letter in whole):
            yield from (word for word in self._wide if word in whole)


def sought(values: Iterable[Telltale], options: frozenset[Option]) -> Sought:
    """What to look for in an export with these options."""
    searched = set(values)
    if Option.RETAIN_UIDS in options:
        searched = {value for value in searched if value.kind is not Kind.UID}
    return Sought(frozenset(searched), options)


def _is_ours(form: bytes) -> bool:
    """Whether every export may say it: ``X^Anon`` lies in one pseudonym of 32."""
    text = form.decode("latin_1")
    head, _, tail = text.partition("^")
    return text in _OURS or (len(head) < 2 and tail != "" and _ANON.startswith(tail))


def _is_term(word: str, element: Element) -> bool:
    """Whether a word is the standard's where it stands, even if somebody is called so.

    A part of the body is one in every text; in codes so is every word of everybody's.
    """
    if is_body_part(word):
        return True
    coded = element.vr == "CS" or element.tag == _CODE_MEANING
    return coded and not uncommon(word.upper())
