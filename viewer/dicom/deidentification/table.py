"""What PS3.15 Table E.1-1 says of each attribute, under a set of options."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from viewer.core.deidentification import Option
from viewer.core.resources import resource

FOLDER: Final = "deidentification"

OPTION_NAMES: Final = {
    Option.CLEAN_PIXELS: "Clean Pixel Data",
    Option.CLEAN_GRAPHICS: "Clean Graphics",
    Option.CLEAN_STRUCTURED_CONTENT: "Clean Structured Content",
    Option.CLEAN_DESCRIPTORS: "Clean Descriptors",
    Option.RETAIN_FULL_DATES: "Retain Longitudinal Temporal Information Full Dates",
    Option.RETAIN_MODIFIED_DATES: (
        "Retain Longitudinal Temporal Information Modified Dates"
    ),
    Option.RETAIN_PATIENT_CHARACTERISTICS: "Retain Patient Characteristics",
    Option.RETAIN_DEVICE_IDENTITY: "Retain Device Identity",
    Option.RETAIN_INSTITUTION_IDENTITY: "Retain Institution Identity",
    Option.RETAIN_UIDS: "Retain UIDs",
    Option.RETAIN_SAFE_PRIVATE: "Retain Safe Private",
}
"""What the standard calls them; PS3.15 E.3."""

_PRECEDENCE: Final = (
    Option.RETAIN_MODIFIED_DATES,
    Option.RETAIN_FULL_DATES,
    Option.RETAIN_UIDS,
    Option.RETAIN_PATIENT_CHARACTERISTICS,
    Option.RETAIN_DEVICE_IDENTITY,
    Option.RETAIN_INSTITUTION_IDENTITY,
    Option.CLEAN_STRUCTURED_CONTENT,
    Option.CLEAN_GRAPHICS,
    Option.CLEAN_DESCRIPTORS,
    Option.RETAIN_SAFE_PRIVATE,
)
"""Which option decides where a row knows several; dates move rather than stay."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table.

    Attributes
    ----------
    tag : str
        Eight hexadecimal digits in capitals, or a pattern: ``50xxxxxx``.
    name : str
    basic : str
        Action of the Basic Profile: ``X``, ``X/Z/D`` and so on; PS3.15 E.2.
    options : dict
        Action that an option puts in its place.
    """

    tag: str
    name: str
    basic: str
    options: dict[Option, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """What is done with an attribute, and what decided that.

    Attributes
    ----------
    action : str
        As in the table, still to be resolved where it is compound.
    basic : str
        What holds where cleaning leaves nothing.
    option : Option or None
        Which option decided; None is the Basic Profile.
    why : str
        For the user.
    """

    action: str
    basic: str
    option: Option | None
    why: str


@dataclass(frozen=True, slots=True)
class Table:
    """The whole table.

    Attributes
    ----------
    edition : str
    rows : tuple of Row
    """

    edition: str
    rows: tuple[Row, ...]


@lru_cache(maxsize=1)
def table() -> Table:
    """The table as it comes with the program; PS3.15 E.1-1."""
    raw = json.loads(resource(f"{FOLDER}/attributes.json").read_text("utf-8"))
    rows = tuple(
        Row(tag, name, basic, {Option(key): action for key, action in options.items()})
        for tag, name, basic, options in raw["rows"]
    )
    return Table(raw["edition"], rows)


@lru_cache(maxsize=64)
def rules(options: frozenset[Option]) -> dict[int, Rule]:
    """The rule of every attribute that has a row of its own, by tag."""
    return {
        int(row.tag, 16): rule_of(row, options)
        for row in table().rows
        if row.tag.isalnum() and "x" not in row.tag and not row.tag.startswith("GGGG")
    }


def rule_of(row: Row, options: frozenset[Option]) -> Rule:
    """What a row says under these options."""
    for option in _PRECEDENCE:
        if option in options and option in row.options:
            why = f"{OPTION_NAMES[option]}: {row.options[option]} (PS3.15 E.1-1)"
            return Rule(row.options[option], row.basic, option, why)
    return Rule(
        row.basic, row.basic, None, f"Basic Profile: {row.basic} (PS3.15 E.1-1)"
    )
