"""Make the tables of an anonymized export from published copies of the standard.

    python packaging/deidentification_table.py ATTRIBUTES ADDED SAFE_PRIVATE HIGHDICOM

Where each comes from is told by `resources/deidentification/PROVENANCE.md`.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from pydicom.datadict import dictionary_VR, tag_for_keyword

OUT: Final = Path(__file__).parents[1] / "resources" / "deidentification"

_OPTIONS: Final = {
    "rtnUIDsOpt": "retain-uids",
    "rtnDevIdOpt": "retain-device-identity",
    "rtnInstIdOpt": "retain-institution-identity",
    "rtnPatCharsOpt": "retain-patient-characteristics",
    "rtnLongFullDatesOpt": "retain-full-dates",
    "rtnLongModifDatesOpt": "retain-modified-dates",
    "cleanDescOpt": "clean-descriptors",
    "cleanStructContOpt": "clean-structured-content",
    "cleanGraphOpt": "clean-graphics",
    "rtnSafePrivOpt": "retain-safe-private",
}

_DATES: Final = {"retain-full-dates": "K", "retain-modified-dates": "C"}
_TEXT: Final = {"clean-descriptors": "C"}
_DEVICE: Final = {"retain-device-identity": "K"}
_PERSON: Final = {"retain-patient-characteristics": "K"}

_ADDED_OPTIONS: Final[dict[str, dict[str, str]]] = {
    "00081301": _TEXT,
    "00081302": _TEXT,
    "00081303": _TEXT,
    "00081304": _TEXT,
    "00100016": _TEXT,
    "00100042": {"retain-patient-characteristics": "C", **_TEXT},
    "00100043": _PERSON,
    "00100045": _TEXT,
    "00100046": _PERSON,
    "00100047": _PERSON,
    "00102161": _PERSON,
    "00102162": _PERSON,
    "00181010": _DEVICE,
    "00181011": _DEVICE,
    "003a0020": _TEXT,
    "003a0203": _TEXT,
    "003a020c": _TEXT,
    "00400556": _TEXT,
    "0040a034": _DATES,
    "0040a035": _DATES,
    "0040b020": {"clean-structured-content": "C"},
    "0040b034": _DATES,
    "0040b036": _DATES,
    "0040b03b": _TEXT,
    "0040b03f": _TEXT,
    "00700006": _TEXT,
    "300a0054": {"retain-uids": "K"},
}
"""Option columns of the rows added after 2024b, read in Table E.1-1 of 2026d."""

_STRENGTH: Final = {"3": 0, "2C": 1, "2": 2, "1C": 3, "1": 4}


def attributes(table: list[dict[str, str]], added: list[dict[str, str]]) -> list[Any]:
    """Rows of Table E.1-1: tag or pattern, name, action, actions by option."""
    rows = []
    for row in [*table, *added]:
        options = {name: row[key] for key, name in _OPTIONS.items() if key in row}
        options |= _ADDED_OPTIONS.get(row["id"], {}) if row in added else {}
        name = row["name"].partition("\n")[0]
        tag = row["id"].partition("-")[0].upper().replace("X", "x")
        rows.append([tag, name, row["basicProfile"], dict(sorted(options.items()))])
    return sorted(rows)


def safe_private(table: list[dict[str, str]]) -> list[Any]:
    """Rows of Table E.3.10-1: creator, group, element in its block, VR."""
    found = set()
    for row in table:
        group, _, element = row["Data Element"].strip("()").lower().partition(",")
        creator, vr = row["Private Creator"].strip(), row["VR"].strip()
        if vr and element.startswith("xx"):
            found.add((creator, group, element[2:], vr))
    return [list(row) for row in sorted(found)]


def types(folder: Path) -> dict[str, Any]:
    """What each object must have: its modules, and which attributes those require."""
    iods, modules, attributes_of = (
        json.loads((folder / f"{name}.json").read_text("utf-8"))
        for name in ("sop_class_iod_map", "iod_module_map", "module_attribute_map")
    )
    top: dict[str, dict[str, str]] = {}
    nested: dict[str, dict[str, str]] = {}
    for module, rows in attributes_of.items():
        for row in rows:
            tag = tag_for_keyword(row["keyword"])
            if tag is None or row["type"] not in _STRENGTH or row["type"] == "3":
                continue
            if row["path"]:
                parent = tag_for_keyword(row["path"][-1])
                into = nested.setdefault(f"{parent:08X}", {}) if parent else {}
            else:
                into = top.setdefault(module, {})
            known = into.setdefault(f"{tag:08X}", row["type"])
            if _STRENGTH[known] < _STRENGTH[row["type"]]:
                into[f"{tag:08X}"] = row["type"]
    return {
        "classes": iods,
        "objects": {
            iod: sorted({one["key"] for one in rows if one["key"] in top})
            for iod, rows in modules.items()
        },
        "modules": {name: _by_type(found) for name, found in sorted(top.items())},
        "items": {name: _by_type(found) for name, found in sorted(nested.items())},
    }


def _by_type(found: dict[str, str]) -> dict[str, list[str]]:
    """Tags by the type they have; of sequences and of everything else alike."""
    kinds = sorted(set(found.values()))
    return {
        kind: sorted(t for t, one in found.items() if one == kind) for kind in kinds
    }


def unknown(rows: Iterable[list[Any]]) -> list[str]:
    """Tags of rows that the dictionary of this pydicom does not have."""
    missing = []
    for tag, *_ in rows:
        try:
            dictionary_VR(int(tag, 16))
        except ValueError:
            continue  # a pattern
        except KeyError:
            missing.append(tag)
    return missing


def _write(name: str, content: dict[str, Any]) -> None:
    lines = []
    for key, value in content.items():
        if isinstance(value, list):
            inner = ",\n".join(json.dumps(one, ensure_ascii=False) for one in value)
            lines.append(f"{json.dumps(key)}: [\n{inner}\n]")
        elif isinstance(value, dict):
            pairs = (f"{json.dumps(k)}: {json.dumps(v)}" for k, v in value.items())
            lines.append(f"{json.dumps(key)}: {{\n" + ",\n".join(pairs) + "\n}")
        else:
            lines.append(f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    (OUT / name).write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


def main(table: str, added: str, private: str, folder: str) -> None:
    """Write the tables."""
    sources = [
        json.loads(Path(one).read_text("utf-8")) for one in (table, added, private)
    ]
    rows = attributes(sources[0], sources[1]["rows"])
    _write(
        "attributes.json",
        {
            "table": "PS3.15 Table E.1-1",
            "edition": "2024b, with the rows added up to 2026c",
            "rows": rows,
        },
    )
    _write(
        "safe_private.json",
        {
            "table": "PS3.15 Table E.3.10-1",
            "edition": sources[2]["edition"],
            "rows": safe_private(sources[2]["rows"]),
        },
    )
    _write("object_types.json", types(Path(folder)))
    parts = json.loads((Path(folder) / "anatomic_regions.json").read_text("utf-8"))
    _write("body_parts.json", {"table": "PS3.16 Table L-1", "terms": sorted(parts)})
    sys.stdout.write(f"{len(rows)} rows; unknown tags: {unknown(rows)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
