"""DICOMDIRs that lead elsewhere, in circles, or nowhere; PS3.3 F, PS3.10 8.6."""

from pathlib import Path
from random import Random

from tests.dicom.written_files import (
    UNDEFINED,
    element,
    image_elements,
    item,
    meta,
    sequence_end,
)
from tests.hostile.family import Families

FAMILIES = Families()
INDEX_CLASS = "1.2.840.10008.1.3.10"
GOOD = meta() + image_elements()
_OFFSETS = (0x00041400, 0x00041420)


def _record(name: str, *offsets: int) -> bytes:
    links = b"".join(
        element(tag, "UL", float(offset))
        for tag, offset in zip(_OFFSETS, offsets, strict=False)
    )
    return item(
        links + element(0x00041430, "CS", "IMAGE") + element(0x00041500, "CS", name)
    )


def disc(folder: Path, *records: bytes) -> Path:
    """A DICOMDIR with these records, beside one good file."""
    (folder / "GOOD").write_bytes(GOOD)
    value = b"".join(records) + sequence_end()
    index = folder / "DICOMDIR"
    index.write_bytes(
        meta(sop_class=INDEX_CLASS)
        + element(0x00041200, "UL", 400.0)
        + element(0x00041220, "SQ", value, length=UNDEFINED)
    )
    return index


@FAMILIES.folder("a disc whose records follow each other in a circle")
def _circle(folder: Path, dice: Random) -> Path:
    records = [_record("GOOD", *dice.choices([0, 8, 376, 400], k=2)) for _ in range(9)]
    return disc(folder, *records)


@FAMILIES.folder("a disc that lists files of others")
def _elsewhere(folder: Path, dice: Random) -> Path:
    inner = folder / "disc"
    inner.mkdir()
    (folder / "SECRET").write_bytes(GOOD)
    names = ["..\\SECRET", "/etc/passwd", "..", ".", "../SECRET", f"{folder}/SECRET"]
    dice.shuffle(names)
    return disc(inner, *map(_record, names), _record("GOOD"))


@FAMILIES.folder("a disc that lists itself")
def _itself(folder: Path, dice: Random) -> Path:
    return disc(folder, *[_record("DICOMDIR")] * dice.randint(1, 99), _record("GOOD"))


@FAMILIES.folder("a disc of files that are not there")
def _missing(folder: Path, dice: Random) -> Path:
    names = [f"X{dice.randrange(10**6)}" for _ in range(dice.randint(1, 3000))]
    return disc(folder, *map(_record, names), _record("GOOD"))


@FAMILIES.folder("a disc of millions of records")
def _records(folder: Path, dice: Random) -> Path:
    return disc(folder, _record("GOOD") * dice.randint(100_000, 200_000))


@FAMILIES.folder("a folder of links in circles")
def _links(folder: Path, dice: Random) -> Path:
    (folder / "GOOD").write_bytes(GOOD)
    for number in range(dice.randint(1, 9)):
        (folder / f"again{number}").symlink_to(folder, target_is_directory=True)
        (folder / f"nowhere{number}").symlink_to(folder / f"nowhere{number}")
    return folder
