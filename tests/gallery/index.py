"""The page that leads through a gallery, and says of each file what became of it."""

from collections import Counter
from collections.abc import Sequence
from html import escape

from tests.gallery.sheet import PLACES
from tests.gallery.tile import Tile

_HEAD = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Gallery</title>
<style>
body { background: #2c3036; color: #e8ebef; font: 14px sans-serif; margin: 2em }
img { display: block; max-width: 100% } td { padding: 0 1em 0 0 }
.reason { color: #ffb020 }
</style>
"""


def index(pages: Sequence[str], tiles: Sequence[Tile], names: Sequence[str]) -> str:
    """HTML: how much there is, why there is no picture, the pages, every tile.

    Parameters
    ----------
    pages : sequence of str
        File names of the sheets, in order.
    tiles : sequence of Tile
    names : sequence of str
        What may be told of where each tile comes from.
    """
    parts = [_HEAD, f"<h1>{summary(tiles)}</h1>", _reasons(tiles)]
    parts += [f'<img src="{page}" alt="{page}">' for page in pages]
    rows = [
        _row(tile, name, place // PLACES + 1)
        for place, (tile, name) in enumerate(zip(tiles, names, strict=True))
    ]
    parts += ["<table>", *rows, "</table></html>"]
    return "\n".join(parts) + "\n"


def summary(tiles: Sequence[Tile]) -> str:
    """One sentence with the figures."""
    files = len({tile.path for tile in tiles})
    shown = sum(not tile.reason for tile in tiles)
    without = len({tile.path for tile in tiles if tile.reason})
    return f"{files} files, {shown} pictures; {without} files without one"


def _reasons(tiles: Sequence[Tile]) -> str:
    counted = Counter(
        (tile.reason, tile.facts[0] if tile.facts else "")
        for tile in tiles
        if tile.reason
    )
    rows = [
        f'<tr><td>{times}<td class="reason">{escape(reason)}<td>{escape(kind)}'
        for (reason, kind), times in counted.most_common()
    ]
    return "\n".join(["<table>", *rows, "</table>"])


def _row(tile: Tile, name: str, page: int) -> str:
    said = " · ".join((*tile.facts, *tile.marks))
    reason = f'<td class="reason">{escape(tile.reason)}' if tile.reason else "<td>"
    return f"<tr><td>{page}<td>{escape(name)}<td>{escape(said)}{reason}"
