"""The conformance statement: what the tables say the program does; PS3.15 Annex E.

Written by `make conformance` to `resources/deidentification/CONFORMANCE.md`, so that
it says what the program of this edition does and nothing else.
"""

import json
import sys
from collections.abc import Iterator
from typing import Final

from pydicom._dicom_dict import DicomDictionary

from viewer.core.deidentification import PROFILES, Option
from viewer.core.resources import resource
from viewer.core.withholding import Caution, Reason
from viewer.dicom.deidentification.beyond_table import rule_for
from viewer.dicom.deidentification.file_check import CODES, PROFILE
from viewer.dicom.deidentification.table import OPTION_NAMES, Row, rules, table

FILE: Final = "deidentification/CONFORMANCE.md"

_INTRODUCTION: Final = """\
# Conformance statement: anonymized export

Generated from the tables the program works with (`make conformance`); a test holds both
against each other. Lightbox is not a medical device.

Lightbox conforms as de-identifier to the **Basic Application Level Confidentiality
Profile** of DICOM PS3.15 Annex E with the options below.

- Attributes: Table E.1-1, {edition}, {count} rows.
- Safe private attributes: Table E.3.10-1, {safe_edition}, {safe_count} rows.

Clean Recognizable Visual Features is **not** claimed: images that can show a face go
with a caution, or are withheld by a setting.
"""

_ALWAYS: Final = """\
## What every export does

- A data set is built anew of what a rule lets through, at every depth, also within
  sequences written as UN. An attribute the dictionary does not know goes; so do private
  attributes, groups 0000, 0002, 0004, 0400 and FFFC, overlays and curves.
- A compound action (X/Z/D and so on) is decided by the type that the object's module
  gives the attribute: type 1 gets a value that says nothing, type 2 is emptied, type 3
  goes.
- A value that is not what its value representation allows goes, whatever its rule says:
  names hide in numbers and dates.
- A text, code string or number that stays is searched for what the same file says of
  people, and goes if it is there.
- UIDs become `2.25.…`; names, IDs, accession and study numbers become pseudonyms: all
  by HMAC-SHA256 under the project's key, equal in every run. UIDs of the standard stay.
- Preamble and file meta information are written new. Nothing follows the data set.
- Code streams lose all but the picture, spare bits are zero, boxes of the review are
  black in every frame. What was compressed with loss stays marked so.
- Ages over 89 years become 90 years.
- File and folder names are counters.
"""

_COLUMNS: Final = (
    (Option.RETAIN_UIDS, "UIDs"),
    (Option.RETAIN_DEVICE_IDENTITY, "Device"),
    (Option.RETAIN_INSTITUTION_IDENTITY, "Inst."),
    (Option.RETAIN_PATIENT_CHARACTERISTICS, "Pat."),
    (Option.RETAIN_FULL_DATES, "Full"),
    (Option.RETAIN_MODIFIED_DATES, "Mod."),
    (Option.CLEAN_DESCRIPTORS, "Desc."),
    (Option.CLEAN_STRUCTURED_CONTENT, "Struct."),
    (Option.CLEAN_GRAPHICS, "Graph."),
    (Option.RETAIN_SAFE_PRIVATE, "Priv."),
)


def statement() -> str:
    """The whole statement, in Markdown."""
    return "\n".join([_introduction(), *_parts()]) + "\n"


def _introduction() -> str:
    path = resource("deidentification/safe_private.json")
    safe = json.loads(path.read_text("utf-8"))
    return _INTRODUCTION.format(
        edition=table().edition,
        count=len(table().rows),
        safe_edition=safe["edition"],
        safe_count=len(safe["rows"]),
    )


def _parts() -> Iterator[str]:
    yield "## Options\n"
    yield "| option | name in PS3.15 | code (CID 7050) |\n|---|---|---|"
    yield f"| always | Basic Application Confidentiality Profile | {PROFILE} |"
    for option in Option:
        yield f"| `{option}` | {OPTION_NAMES[option]} | {CODES[option]} |"
    yield "\n## Profiles\n"
    yield "| profile | for | options |\n|---|---|---|"
    for one in PROFILES:
        chosen = ", ".join(option for option in Option if option in one.options)
        yield f"| `{one.name}` | {one.title}: {one.sentence} | {chosen or 'none'} |"
    yield f"\n{_ALWAYS}"
    yield "## What is withheld\n"
    yield from (f"- `{one}`: {one.sentence}" for one in Reason)
    yield "\nWhat goes with a caution:\n"
    yield from (f"- `{one}`: {one.sentence}" for one in Caution)
    yield "\n## Beyond the table\n"
    yield "The standard lets attributes without a row stay. Here:\n"
    yield from (f"- {why}" for why in _beyond())
    yield "\n## Table E.1-1 as it is carried out\n"
    yield "Action of the Basic Profile, and what an option puts in its place.\n"
    names = " | ".join(name for _, name in _COLUMNS)
    yield f"| tag | attribute | basic | {names} |"
    yield f"|---|---|---|{'---|' * len(_COLUMNS)}"
    yield from map(_row, table().rows)


def _row(row: Row) -> str:
    actions = " | ".join(row.options.get(option, "") for option, _ in _COLUMNS)
    tag = f"({row.tag[:4]},{row.tag[4:]})"
    return f"| {tag} | {row.name} | {row.basic} | {actions} |"


def _beyond() -> list[str]:
    """What the program does with attributes of the dictionary that have no row."""
    nothing = frozenset[Option]()
    without_row = DicomDictionary.keys() - rules(nothing).keys()
    found = {rule_for(tag, nothing) for tag in without_row}
    return sorted(
        {
            f"{rule.why.removeprefix('beyond the table: ')}: {rule.action}"
            for rule in found
            if rule.why.startswith("beyond")
        }
    )


if __name__ == "__main__":
    sys.stdout.write(statement())
