"""All canaries, the files they sit in, and which of them survived an export."""

from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from tests.canaries.around import plant_around, plant_unknown
from tests.canaries.objects import plant_objects
from tests.canaries.pictures import plant_pictures
from tests.canaries.planting import Canary, Planting
from tests.canaries.rows import plant_rows
from tests.canaries.streams import plant_streams
from tests.canaries.texts import plant_texts
from viewer.core.deidentification import Option

_BEGINNING = 6  # bytes, the shortest canary


@cache
def flock() -> Planting:
    """Every canary with its file; the same in every run."""
    planting = Planting()
    for plant in (
        plant_rows,
        plant_around,
        plant_unknown,
        plant_texts,
        plant_pictures,
        plant_streams,
        plant_objects,
    ):
        plant(planting)
    return planting


def release(folder: Path) -> tuple[Path, ...]:
    """Write the files into a folder, under the names they should have."""
    paths = []
    for planted in flock().files:
        path = folder / planted.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(planted.content)
        paths.append(path)
    return tuple(paths)


def survivors(contents: Iterable[bytes]) -> set[Canary]:
    """The canaries that occur in any of these."""
    found: set[Canary] = set()
    for content in contents:
        beginnings = {
            content[start : start + _BEGINNING]
            for start in range(len(content) - _BEGINNING + 1)
        }
        found |= {
            canary
            for canary in flock().canaries
            if not beginnings.isdisjoint(canary.beginnings)
            and canary.survives_in(content)
        }
    return found


def table(alive: set[Canary], option: Option | None) -> list[tuple[str, int, int, int]]:
    """By family: how many were planted, how many must survive, how many did."""
    planted = Counter(canary.family for canary in flock().canaries)
    kept = Counter(
        canary.family for canary in flock().canaries if option in canary.fate.kept_by
    )
    living = Counter(canary.family for canary in alive)
    return [
        (family, planted[family], kept[family], living[family]) for family in planted
    ]
