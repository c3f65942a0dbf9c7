"""A canary for every row of Table E.1-1, at the top and nested 1, 3 and 10 deep."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pydicom.datadict import dictionary_VR

from tests.canaries.around import below
from tests.canaries.cage import file, image, merged
from tests.canaries.planting import Fate, Planting
from tests.canaries.tree import Branch, Leaf, Node, chain
from tests.dicom.written_files import BIG, DEFLATED, EXPLICIT, IMPLICIT
from viewer.core.deidentification import Option
from viewer.core.resources import resource

DEPTHS: Final = {
    EXPLICIT: (0, 1, 3, 10),
    IMPLICIT: (0, 3),
    BIG: (3,),
    DEFLATED: (1,),
}
_CODE_MEANING: Final = 0x00080104  # left by every export
_AROUND: Final = (0x0000, 0x0002)  # groups that never begin a data set
_WHOLE: Final = (0xFFFCFFFC, 0x00420011)  # padding and documents have their families
_REFERENCED: Final = 0x00081155
_KEPT_REFERENCES: Final = (0x00081111,)  # many objects must have it, with new UIDs
_TIMES: Final = Option.RETAIN_MODIFIED_DATES


@dataclass(frozen=True, slots=True)
class Row:
    """One attribute of Table E.1-1.

    Attributes
    ----------
    tag : int
    name, vr, action : str
    options : dict
        What an option does instead.
    """

    tag: int
    name: str
    vr: str
    action: str
    options: dict[Option, str]

    @property
    def fate(self) -> Fate:
        """Under which options a value of it survives: K keeps, C cleans."""
        kept = {option for option, action in self.options.items() if action == "K"}
        if self.vr == "TM" and _TIMES in self.options:  # dates move by whole days
            kept.add(_TIMES)
        why = _DOUBTFUL.get(self.vr) or _STRICTER.get(self.tag >> 16)
        if why and kept:
            return Fate(maybe_by=frozenset(kept), reason=why)
        return Fate(frozenset(kept))


_DOUBTFUL: Final = {
    "AS": "two ages where one belongs",
    "US": "six numbers where one belongs",
    "CS": "a term that the attribute does not define",
    "SQ": "what lies in a kept sequence is judged by itself",
    "OB": "bytes that nobody can judge",
    "DS": "a number beyond its bounds",
}
_STRICTER: Final = {
    0x0004: "directories are written anew",
    0x0400: "signatures and former values hold for the original alone",
}


def rows() -> Iterator[Row]:
    """The rows of the table that name one attribute."""
    table = json.loads(resource("deidentification/attributes.json").read_text())
    for number, name, action, options in table["rows"]:
        try:
            tag = int(number, 16)
        except ValueError:
            continue  # 50XX, 60XX, odd groups have families of their own
        chosen = {Option(option): how for option, how in options.items()}
        yield Row(tag, name, _vr(tag, name), action, chosen)


def plant_rows(planting: Planting) -> None:
    """One image for each encoding."""
    every = tuple(rows())
    for number, (syntax, depths) in enumerate(DEPTHS.items()):
        items: list[tuple[Node, ...]] = []
        top: tuple[Node, ...] = ()
        for depth in depths:
            planted = tuple(_nodes(planting, every, depth))
            if depth:
                (_, *deeper) = below(depth)
                items.append(chain(deeper, planted))
            else:
                top = planted
        sequence = Branch(below(1)[0], tuple(items))
        nodes = merged(image(60 + number), top, [sequence])
        planting.file(f"rows/{number}.dcm", file(nodes, syntax))


def _nodes(planting: Planting, every: tuple[Row, ...], depth: int) -> Iterator[Node]:
    for row in every:
        if row.tag >> 16 in _AROUND or (depth == 0 and row.tag in _WHOLE):
            continue
        place = f"({row.tag >> 16:04X},{row.tag & 0xFFFF:04X}) {row.name}"
        where = f"{place} at depth {depth}"
        if row.action == "X/Z/U*" or row.tag in _KEPT_REFERENCES:
            inside = str(planting.value("UI", "row", f"{where}, within", row.fate))
            yield Branch(row.tag, ((Leaf(_REFERENCED, "UI", inside),),))
        elif row.vr == "SQ":
            inside = planting.text("row", f"{where}, within", row.fate)
            yield Branch(row.tag, ((Leaf(_CODE_MEANING, "LO", inside),),))
        else:
            yield Leaf(row.tag, row.vr, planting.value(row.vr, "row", where, row.fate))


def _vr(tag: int, name: str) -> str:
    try:
        return dictionary_VR(tag).split(" ")[0]
    except KeyError:
        if name.endswith("Sequence"):
            return "SQ"
        return "DT" if name.endswith("DateTime") else "LO"
