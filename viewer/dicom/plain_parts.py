"""What was made of attributes before, given again for equal attributes.

Most of what the files of a series say is the same in all of them. Whatever makes a
value of a header is watched while it does: the answer holds for every file in which
what it asked for is written in the same bytes, absent attributes included. Nobody
has to say, and nobody can get wrong, what an answer depends on.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO, Final, TypeVar, cast

from typing_extensions import override

from viewer.dicom import tag as tags
from viewer.dicom.attributes import Attributes
from viewer.dicom.element import Element
from viewer.dicom.elements import Cutter
from viewer.dicom.part10 import OpenFile
from viewer.dicom.plain_cut import PlainCut

ValueT = TypeVar("ValueT")
_Tags = tuple[int, ...]
_Values = tuple[bytes | None, ...]

_ALWAYS: Final = (
    tags.TRANSFER_SYNTAX_UID,
    tags.SPECIFIC_CHARACTER_SET,
    tags.PIXEL_DATA,
)
"""What an answer may depend on without asking the attributes for it."""

_BEYOND: Final = 1 << 62  # no file is so long
_MOST_SHAPES: Final = 64  # different sets of attributes asked for
_MOST_ANSWERS: Final = 512  # for each of them


class WatchedElements(Mapping[int, Element]):
    """The attributes of a file, which remember what they were asked for."""

    def __init__(self, cut: PlainCut, source: "PlainSource") -> None:
        self._cut, self._source = cut, source
        self.asked = dict.fromkeys(_ALWAYS)

    @override
    def __getitem__(self, tag: int) -> Element:
        self.asked[tag] = None
        if tag == tags.PIXEL_DATA and self._cut.pixels is not None:
            return self._cut.pixels
        vr, value, encoding = self._cut.value(tag)
        return Element(tag, vr, self._source.offset(value), len(value), encoding)

    @override
    def __contains__(self, tag: object) -> bool:
        if isinstance(tag, int):
            self.asked[tag] = None
        return tag in self._cut.values

    @override
    def __iter__(self) -> Iterator[int]:
        # An answer made of all attributes would hold for this file only.
        raise LookupError("attributes are asked for one by one here")

    @override
    def __len__(self) -> int:
        return len(self._cut.values)


class PlainSource:
    """A file, and the values that were cut out of it at offsets beyond its end."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self.size = size
        self._values = bytearray()

    def offset(self, value: bytes) -> int:
        """Where `value` can be read."""
        self._values += value
        return _BEYOND + len(self._values) - len(value)

    def read(self, offset: int, length: int) -> bytes:
        """Bytes from `offset`; fewer than `length` only at the end."""
        if offset >= _BEYOND:
            start = offset - _BEYOND
            return bytes(self._values[start : start + length])
        self._file.seek(offset)
        return self._file.read(length)


class Memory:
    """The answers, and the attributes they hold for."""

    def __init__(self) -> None:
        self._answers: dict[
            Callable[..., object], dict[_Tags, dict[_Values, tuple[object]]]
        ] = {}

    def of(
        self, make: Callable[[OpenFile], ValueT], cut: PlainCut, file: BinaryIO
    ) -> ValueT:
        """What `make` makes of the file; it may ask for nothing but attributes."""
        answers = self._answers.setdefault(make, {})
        get = cut.values.get
        for asked, found in answers.items():
            answer = found.get(tuple(map(get, asked)))
            if answer is not None:
                return cast("ValueT", answer[0])
        opened, elements = watched(cut, file)
        value = make(opened)
        asked = tuple(elements.asked)
        if len(answers) >= _MOST_SHAPES:
            answers.clear()
        found = answers.setdefault(asked, {})
        if len(found) >= _MOST_ANSWERS:
            found.clear()
        found[tuple(map(get, asked))] = (value,)
        return value


def watched(cut: PlainCut, file: BinaryIO) -> tuple[OpenFile, WatchedElements]:
    """The file as whoever makes values of it wants it, and who watches."""
    source, notes = PlainSource(file, cut.size), dict[str, None]()
    elements, cutter = WatchedElements(cut, source), Cutter(source, notes)
    data_set = Attributes(elements, cutter, notes).with_character_set()
    meta = Attributes(elements, cutter, notes)
    uid, encoding = cut.transfer_syntax_uid, cut.encoding
    return OpenFile(file, meta, data_set, uid, encoding, cut.pixels), elements
