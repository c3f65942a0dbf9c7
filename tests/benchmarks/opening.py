"""From the double click to the first picture, beside its bytes read and drawn."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.benchmarks.phantoms import study_uid, write_mammogram, write_series
from tests.benchmarks.race import Race
from tests.benchmarks.scale import Scale
from tests.benchmarks.stage import Blit, stage


def races(scale: Scale, folder: Path) -> Iterator[Race]:
    """Open a CT study and a mammogram that are in the catalog but not in memory."""
    slices = write_series(folder / "ct", scale.slices, scale.side, study=1)
    mammogram = write_mammogram(folder / "mg", scale.mammogram, study=2)
    with stage(folder / "data") as played:
        played.take_in(folder / "ct")
        played.take_in(folder / "mg")
        first = played.open(study_uid(1))
        blit = Blit((first.width(), first.height()))
        for name, study, path in (
            (f"First picture, CT of {scale.slices} slices", 1, slices[0]),
            ("First picture, mammogram", 2, mammogram),
        ):
            yield Race(
                name,
                partial(played.open, study_uid(study)),
                partial(_read_and_drawn, path, blit),
                "its bytes read, one blit",
                before=played.forget,
            )
        blit.close()


def _read_and_drawn(path: Path, blit: Blit) -> None:
    path.read_bytes()
    blit.repaint()
