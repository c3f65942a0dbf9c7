"""Contact sheets: many tiles on one page, each with what is known of it."""

from collections.abc import Sequence
from textwrap import wrap
from typing import Final

from PIL import Image as Pictures
from PIL import ImageDraw, ImageFont

from tests.gallery.tile import SIDE, Tile

_COLUMNS, _ROWS = 7, 5
PLACES: Final = _COLUMNS * _ROWS
_GAP, _LINE, _LINES = 8, 13, 5
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
_CELL = SIDE + _GAP, SIDE + _LINE * _LINES + _GAP
_LETTERS_OF_A_REASON = 34

_GROUND, _TEXT, _FAINT = (44, 48, 54), (232, 235, 239), (160, 168, 178)
_MARK, _LETTER = (255, 176, 32), (120, 220, 255)


def place_of(position: int) -> tuple[int, int]:
    """Left and top of the picture at `position` of a page, counted from 0."""
    row, column = divmod(position, _COLUMNS)
    return column * _CELL[0] + _GAP // 2, row * _CELL[1] + _GAP // 2


def sheet(tiles: Sequence[Tile], names: Sequence[str]) -> Pictures.Image:
    """One page with up to `PLACES` tiles, and a name below each."""
    size = _COLUMNS * _CELL[0], _ROWS * _CELL[1]
    page = Pictures.new("RGB", size, _GROUND)
    font = ImageFont.load_default(11)
    for position, (tile, name) in enumerate(zip(tiles, names, strict=True)):
        left, top = place_of(position)
        pen = ImageDraw.Draw(page)
        if tile.picture is not None:
            page.paste(Pictures.fromarray(tile.picture), (left, top))
            _write_letters(pen, tile, left, top, font)
        else:
            pen.rectangle((left, top, left + SIDE, top + SIDE), outline=_FAINT)
            words = "\n".join(wrap(tile.reason, _LETTERS_OF_A_REASON))
            pen.text((left + _GAP, top + _GAP), words, _MARK, font)
        lines = [(_tail(name, font), _TEXT)]
        lines += [(_start(fact, font), _FAINT) for fact in tile.facts]
        lines += [(_start(mark, font), _MARK) for mark in tile.marks]
        for number, (line, color) in enumerate(lines[:_LINES]):
            pen.text((left, top + SIDE + 2 + number * _LINE), line, color, font)
    return page


def _write_letters(
    pen: ImageDraw.ImageDraw,
    tile: Tile,
    left: int,
    top: int,
    font: Font,
) -> None:
    """Which way the patient lies, on the sides of the picture."""
    letters, half, edge = tile.letters, SIDE // 2, SIDE - 2
    for letter, x, y, anchor in (
        (letters.left, 2, half, "lm"),
        (letters.right, edge, half, "rm"),
        (letters.top, half, 2, "mt"),
        (letters.bottom, half, edge, "mb"),
    ):
        place = (left + x, top + y)
        pen.text(place, letter, _LETTER, font, anchor, stroke_width=1, stroke_fill=0)


def _start(line: str, font: Font) -> str:
    """As much of a line as there is room for."""
    while font.getlength(line) > SIDE:
        line = line[:-1]
    return line


def _tail(name: str, font: Font) -> str:
    """The end of a name, which tells files of one folder apart."""
    while font.getlength(name) > SIDE:
        name = f"…{name[2:]}"
    return name
