"""Where values of the source are still found in a written file."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from mmap import mmap
from typing import Final, NamedTuple

from viewer.core.byte_search import LEAST, Needles
from viewer.core.deidentification import Option
from viewer.core.folding import folded
from viewer.core.telltale import Kind, Telltale, forms, words
from viewer.dicom.attributes import Attributes
from viewer.dicom.deidentification.source_values import leaves
from viewer.dicom.deidentification.terms import is_body_part, uncommon
from viewer.dicom.element import Element

Bytes = bytes | mmap
_OURS: Final = (
    "anonymous anonymized lightbox 99lightbox 19000101 19000101000000 urn:anonymized "
    "basic application confidentiality profile clean pixel data graphics structured "
    "content descriptors retain longitudinal temporal information full dates modified "
    "patient characteristics device identity uids safe private institution option "
    "removed unmodified"
)
"""What every export says, so that it tells of nobody."""

_CODE_MEANING: Final = 0x00080104
_TEXTS: Final = frozenset({"AE", "LO", "LT", "PN", "SH", "ST", "UC", "UN", "UR", "UT"})
_NUMERIC: Final = frozenset({"DS", "IS", "TM", "AS"})
_DATED: Final = frozenset({"DA", "DT"})
_DIGITS: Final = re.compile(rb"[0-9]+(?:[-./ ][0-9]+)*")
_TOUCHING: Final = 2  # bytes of a tag or a length that look like digits
_VARIED: Final = 4  # different bytes; areas of one grey spell what repeats itself
_PIECE: Final = 32 << 20
_LONGEST_FORM: Final = 4096  # bytes
_MOST_WORDS: Final = 6
_LONGEST_TEXT: Final = 1 << 16
_WIDE: Final = "\u2e80"


class Survivor(NamedTuple):
    """A value that is still there.

    Attributes
    ----------
    kind : Kind
    place : str
        ``(0008,0090)``, or where else in the file.
    form : bytes
        How it is written; never shown to anybody.
    """

    kind: Kind
    place: str
    form: bytes


class _Spot(NamedTuple):
    start: int
    end: int
    element: Element


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
            if form.decode("latin_1") not in _OURS and len(form) <= _LONGEST_FORM
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
        self, content: Bytes, data_set: Attributes, packed: bytes = b""
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
        """
        spots = sorted(
            _Spot(element.offset, element.offset + element.length, element)
            for _, element in leaves(data_set)
        )
        starts = [spot.start for spot in spots]
        searched = packed or content
        for start, form in self._hits(searched):
            if not packed and starts and start < starts[0]:
                continue  # file meta information, which is compared byte by byte
            index = bisect_right(starts, start) - 1
            spot = spots[index] if index >= 0 and start < spots[index].end else None
            kind = self.kinds[form]
            if self._counts(searched, start, form, spot):
                place = _path(spot.element.tag) if spot else f"byte {start}"
                yield Survivor(kind, place, form)
        if packed:
            for start, form in self._hits(content):
                yield Survivor(self.kinds[form], f"byte {start}", form)
        yield from self._in_texts(data_set)

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
            return _is_whole_uid(content, start, form)
        if spot is None:
            return len(set(form)) >= _VARIED and _stands_alone(content, start, form)
        return self._counts_as_value(content, start, form, spot)

    def _counts_as_value(
        self, content: Bytes, start: int, form: bytes, spot: _Spot
    ) -> bool:
        """The same within an attribute: its VR says what digits and words can be."""
        vr = spot.element.vr
        if vr == "UI" or _is_term(form.decode("latin_1"), spot.element):
            return False
        if not _DIGITS.fullmatch(form):
            return True
        if vr in _DATED:
            return start == spot.start and not self._moves_dates
        if vr in _NUMERIC:
            return form in content[spot.start : spot.end].strip(b" \0").split(b"\\")
        return _stands_alone(content, start, form)

    @property
    def _moves_dates(self) -> bool:
        """Whether a date that moved can meet another one of the source."""
        dated = {Option.RETAIN_MODIFIED_DATES, Option.RETAIN_FULL_DATES}
        return not dated.isdisjoint(self.options)

    def _in_texts(self, data_set: Attributes) -> Iterator[Survivor]:
        for item, element in leaves(data_set):
            if element.vr not in _TEXTS or element.length > _LONGEST_TEXT:
                continue
            text = item.decoded(element.tag)
            for word in self._in_text(text):
                if not _is_term(word, element):
                    yield Survivor(self.words[word], _path(element.tag), word.encode())
            bare = re.sub(r"[\W_]+", "", text).encode()
            if len(bare) >= LEAST and bare.isdigit() and bare in self.kinds:
                yield Survivor(self.kinds[bare], _path(element.tag), bare)

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


def _is_term(word: str, element: Element) -> bool:
    """Whether a word is the standard's where it stands, even if somebody is called so.

    A part of the body is one in every text; in codes so is every word of everybody's.
    """
    if is_body_part(word):
        return True
    coded = element.vr == "CS" or element.tag == _CODE_MEANING
    return coded and not uncommon(word.upper())


def _is_whole_uid(content: Bytes, start: int, form: bytes) -> bool:
    """Whether no digit before or behind makes it another UID."""
    before, behind = content[start - 1 : start], content[start + len(form) :][:1]
    return not (before.isdigit() or before == b".") and not behind.isdigit()


def _stands_alone(content: Bytes, start: int, form: bytes) -> bool:
    """Whether it is not just some of the digits of a longer number."""
    if not _DIGITS.fullmatch(form):
        return True
    length, end = len(form) + _TOUCHING, start + len(form)
    while end < len(content) and content[end : end + 1].isdigit():
        end += 1
    while start and content[start - 1 : start].isdigit():
        start -= 1
    return end - start <= length


def _path(tag: int) -> str:
    return f"({tag >> 16:04X},{tag & 0xFFFF:04X})"
