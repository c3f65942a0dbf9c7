"""One page of a contact sheet: small pictures in rows, each with two lines below."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from viewer.services.annotating import text_font

DPI: Final = 150
COLUMNS: Final = 4
ROWS: Final = 5
SIDE: Final = 264

_SIZE: Final = (1240, 1754)  # A4 upright
_MARGIN: Final = 60
_TOP: Final = 132
_CELL: Final = (286, 312)
_TITLE_TEXT: Final = 26
_SMALL_TEXT: Final = 16
_LINE: Final = 21
_BLACK: Final = (0, 0, 0)
_GREY: Final = (96, 96, 96)
_WHITE: Final = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A small picture and what stands below it.

    Attributes
    ----------
    pixels : numpy.ndarray
        ``(SIDE, SIDE)`` grey or ``(SIDE, SIDE, 3)`` red, green, blue.
    lines : tuple of str
        The series, the image.
    """

    pixels: npt.NDArray[np.uint8]
    lines: tuple[str, str]


def page(
    title: tuple[str, str], number: int, thumbnails: tuple[Thumbnail, ...]
) -> Image.Image:
    """A page, in colour only if one of its pictures is.

    Parameters
    ----------
    title : tuple of str
        Two lines.
    number : int
        Of the page.
    thumbnails : tuple of Thumbnail
        At most ``COLUMNS * ROWS``, in rows.
    """
    made = Image.new("RGB", _SIZE, _WHITE)
    draw = ImageDraw.Draw(made)
    width = _SIZE[0] - 2 * _MARGIN
    _write(draw, (_MARGIN, _MARGIN), title[0], _TITLE_TEXT, width)
    _write(draw, (_MARGIN, _MARGIN + 40), title[1], _SMALL_TEXT, width, _GREY)
    foot = f"Page {number} · small pictures, not for diagnosis"
    place = (_MARGIN, _SIZE[1] - _MARGIN // 2 - _LINE)
    _write(draw, place, foot, _SMALL_TEXT, width, _GREY)
    for at, one in enumerate(thumbnails):
        row, column = divmod(at, COLUMNS)
        x, y = _MARGIN + column * _CELL[0], _TOP + row * _CELL[1]
        made.paste(Image.fromarray(one.pixels).convert("RGB"), (x, y))
        _write(draw, (x, y + SIDE + 3), one.lines[0], _SMALL_TEXT, SIDE)
        place = (x, y + SIDE + 3 + _LINE)
        _write(draw, place, one.lines[1], _SMALL_TEXT, SIDE, _GREY)
    is_coloured = any(one.pixels.ndim == 3 for one in thumbnails)
    return made if is_coloured else made.convert("L")


def _write(  # noqa: PLR0913, PLR0917 - what a line of text has
    draw: ImageDraw.ImageDraw,
    place: tuple[int, int],
    text: str,
    size: int,
    width: int,
    color: tuple[int, int, int] = _BLACK,
) -> None:
    """Write one line, cut where it would leave its column."""
    # the library cannot lay out a line that holds the end of a paragraph
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    font = text_font(size)
    kept = line[: width // 2]  # a description may be long
    while kept and draw.textlength(kept + "…" * (kept != line), font) > width:
        kept = kept[:-1]
    draw.text(place, kept + "…" * (kept != line), color, font)
