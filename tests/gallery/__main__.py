"""`make gallery`: every file of a folder as a picture, or with the reason for none.

make gallery                the folder in LIGHTBOX_TEST_DATA, with the files' names
make gallery FOLDER=…       another folder, with numbers instead of names
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.gallery.index import index, summary
from tests.gallery.sheet import PLACES, sheet
from tests.gallery.tile import Tile, tiles_of
from viewer.services.sources import find_files


def main(argv: Sequence[str]) -> int:
    """Draw what `argv` names; return the exit status."""
    parser = argparse.ArgumentParser(prog="make gallery", description=__doc__)
    parser.add_argument("--folder", type=Path, help="names of its files are not told")
    parser.add_argument("--out", type=Path, default=Path("artefacts/gallery"))
    asked = parser.parse_args(argv)
    test_data = os.environ.get("LIGHTBOX_TEST_DATA", "")
    folder = asked.folder or (Path(test_data) if test_data else None)
    if folder is None or not folder.is_dir():
        parser.error("give --folder, or name a folder in LIGHTBOX_TEST_DATA")
    with tempfile.TemporaryDirectory(prefix="lightbox-gallery-") as workspace:
        found = find_files([folder], password=None, workspace=Path(workspace))
        paths = [file.path for file in found if file.error is None]
        tiles = list(tiles_of(paths))
    names = _names(tiles, folder, told=asked.folder is None)
    write(asked.out, tiles, names)
    sys.stderr.write(f"{summary(tiles)}: {asked.out / 'index.html'}\n")
    return 0


def write(out: Path, tiles: Sequence[Tile], names: Sequence[str]) -> None:
    """The sheets and the page that leads through them; older ones go away."""
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("sheet-*.png"):
        old.unlink()
    pages: list[str] = []
    for start in range(0, len(tiles), PLACES):
        pages.append(f"sheet-{len(pages) + 1:03}.png")
        group = slice(start, start + PLACES)
        sheet(tiles[group], names[group]).save(out / pages[-1])
    (out / "index.html").write_text(index(pages, tiles, names), "utf-8")


def _names(tiles: Sequence[Tile], folder: Path, *, told: bool) -> list[str]:
    """What each tile is called: names of files may hold names of people."""
    if told:
        return [str(tile.path.relative_to(folder)) for tile in tiles]
    files = list(dict.fromkeys(tile.path for tile in tiles))
    numbers = {path: number for number, path in enumerate(files, start=1)}
    return [f"file {numbers[tile.path]}" for tile in tiles]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
