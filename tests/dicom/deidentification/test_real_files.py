"""Files of real machines: they leave whole, say the same of space, and name nobody."""

import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pydicom

from viewer.core.deidentification import (
    PROFILES,
    Policy,
    Recipe,
    Withheld,
    Written,
)
from viewer.core.errors import ViewerError
from viewer.core.review import Review, Verdict
from viewer.dicom.deidentification.engine import deidentify
from viewer.dicom.deidentification.identifying import identifying
from viewer.dicom.deidentification.legality import is_legal
from viewer.dicom.deidentification.tree import (
    Item,
    entries,
    items_of,
    raw_of,
    tree_of,
    vr_of,
)
from viewer.dicom.part10 import open_dicom
from viewer.dicom.text import CharacterSet

KEY = bytes(range(32))
EVERYTHING_OUT = Policy("out", "Out", "Nothing but the image.")
RESEARCH = Policy("research", "Research", "As it is offered.", PROFILES[0].options)
PLACE = (
    *(0x00180050, 0x00180088, 0x00181164, 0x00200032, 0x00200037, 0x00201041),
    *(0x00280008, 0x00280010, 0x00280011, 0x00280030, 0x00280034, 0x00280A02),
    *(0x00281050, 0x00281051, 0x00281052, 0x00281053, 0x00209218, 0x3004000E),
)
"""What millimetres and values are made of."""

HOLDERS = (0x52009229, 0x52009230, 0x00289110, 0x00209113, 0x00209116, 0x00289145)
"""Functional groups, where multi-frame objects have it."""

TERMS = frozenset({"perfusion", "headneck", "pancreas", "removed", "patient"})
"""Terms and markers of the standard that files for tests have for a name."""

BUNDLED = Path(pydicom.__file__).parent / "data" / "test_files"


def bundled() -> list[Path]:
    """The files that come with pydicom."""
    return sorted(path for path in BUNDLED.rglob("*") if path.is_file())


def cleaned(path: Path, policy: Policy) -> tuple[bytes, Written | Withheld]:
    """What the engine makes of a file that somebody has looked at."""
    out = io.BytesIO()
    outcome = deidentify(path, Recipe(policy, KEY, reviewed(path)), out)
    return out.getvalue(), outcome


def reviewed(path: Path) -> Review | None:
    try:
        with open_dicom(path) as opened:
            size = (opened.data_set.integer(tag) for tag in (0x00280011, 0x00280010))
            columns, rows = (one or 0 for one in size)
    except ViewerError:
        return None
    return Review(columns, rows, (), Verdict.REVIEWED) if columns and rows else None


def tree(path: Path) -> Item:
    with open_dicom(path) as opened:
        return tree_of(opened)


def measures(item: Item) -> Iterator[tuple[int, str, bytes]]:
    """What is said of space, at top level and in functional groups."""
    for tag in PLACE:
        value = raw_of(item, tag)
        if value:
            yield tag, vr_of(tag), value
    for element in entries(item):
        if int(element.tag) in HOLDERS:
            for inner in items_of(element):
                yield from measures(inner)


def failed(path: Path, folder: Path, policy: Policy) -> str:
    """What is wrong with a file that left; empty if nothing is."""
    content, outcome = cleaned(path, policy)
    if isinstance(outcome, Withheld):
        return ""
    target = folder / "cleaned.dcm"
    target.write_bytes(content)
    before, after = tree(path), tree(target)
    told, left = list(measures(before)), list(measures(after))
    lost = {one for one in told if not is_legal(*one, CharacterSet())}
    if [one for one in told if one not in lost] != [one for one in left if one[2]]:
        return "it says something else of space"
    long = (word for word in identifying(before).words if len(word) > 6)
    lower = content.lower()
    if any(word.encode() in lower for word in long if word not in TERMS):
        return "it names somebody"
    return ""


def test_bundled_files_leave_whole_and_name_nobody(tmp_path: Path) -> None:
    wrong = {path.name: failed(path, tmp_path, RESEARCH) for path in bundled()}
    assert {name: why for name, why in wrong.items() if why} == {}


def test_real_files_leave_whole_and_name_nobody(
    real_data: Path, tmp_path: Path
) -> None:
    files = some_of_each_folder(real_data)
    wrong = {str(path): failed(path, tmp_path, EVERYTHING_OUT) for path in files}
    assert {name: why for name, why in wrong.items() if why} == {}


def some_of_each_folder(folder: Path) -> Iterator[Path]:
    """Six files of each folder: slices of a series differ in little."""
    seen: Counter[Path] = Counter()
    for path in sorted(folder.rglob("*")):
        seen[path.parent] += path.is_file()
        if path.is_file() and (seen[path.parent] <= 6 or path.stat().st_size < 1 << 17):
            yield path
