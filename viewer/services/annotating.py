"""Corner texts, letters and rulers on a picture, drawn without a window."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from viewer.core.corners import Corners
from viewer.core.orientation import SideLetters
from viewer.core.ruler import Rectangle, Ruler
from viewer.services.drawn_measures import DrawnMeasures

Picture = npt.NDArray[np.uint8]
Color = tuple[int, int, int]

_TEXT: Color = (232, 235, 239)
_WARNING: Color = (255, 176, 32)
_OUTLINE: Color = (0, 0, 0)
_SIZE, _LINE, _MARGIN = 13, 17, 8
_TICK = 6


@dataclass(frozen=True, slots=True)
class Annotations:
    """What is drawn on a picture."""

    corners: Corners
    letters: SideLetters
    rulers: tuple[Ruler | None, Ruler | None] = (None, None)
    measures: DrawnMeasures | None = None


def annotated(pixels: Picture, notes: Annotations) -> Picture:
    """A colour copy of `pixels` with `notes` drawn on it."""
    picture = Image.fromarray(pixels).convert("RGB")
    draw, font = ImageDraw.Draw(picture), text_font()
    if notes.measures is not None:
        notes.measures.draw(draw, picture.size, font)
    pen = _Pen(draw, picture.size, font)
    pen.write_corners(notes.corners)
    pen.write_letters(notes.letters)
    bottom, left = notes.rulers
    if bottom is not None:
        pen.draw_bottom_ruler(bottom)
    if left is not None:
        pen.draw_left_ruler(left)
    return np.asarray(picture)


def text_font(size: int = _SIZE) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """What texts on pictures are written in; `size` in pixels."""
    try:
        return ImageFont.truetype("DejaVuSans.ttf", size)
    except OSError:  # not installed here
        return ImageFont.load_default(size)


class _Pen:
    """Draws in light grey with a dark outline, legible on black and on white."""

    def __init__(
        self,
        draw: ImageDraw.ImageDraw,
        size: tuple[int, int],
        font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
    ) -> None:
        self._draw, self._font = draw, font
        self._width, self._height = size

    def write_corners(self, corners: Corners) -> None:
        right, bottom = self._width - _MARGIN, self._height - _MARGIN
        self._write_lines(corners.top_left, _MARGIN, _MARGIN, "l")
        self._write_lines(corners.top_right, right, _MARGIN, "r")
        height = _LINE * len(corners.bottom_left)
        self._write_lines(corners.bottom_left, _MARGIN, bottom - height, "l")
        height += _LINE * len(corners.marks)
        self._write_lines(corners.marks, _MARGIN, bottom - height, "l", _WARNING)
        height = _LINE * len(corners.bottom_right)
        self._write_lines(corners.bottom_right, right, bottom - height, "r")

    def write_letters(self, letters: SideLetters) -> None:
        middle, center = self._width // 2, self._height // 2
        self._write(letters.left, _MARGIN + 2 * _TICK, center, "lm")
        self._write(letters.right, self._width - _MARGIN, center, "rm")
        self._write(letters.top, middle, _MARGIN, "mt")
        self._write(letters.bottom, middle, self._height - 4 * _MARGIN, "mb")

    def draw_bottom_ruler(self, ruler: Ruler) -> None:
        left, _, right, bottom = self._ground(ruler)
        start, y = (left + right - ruler.pixels) / 2, bottom - _MARGIN
        self._line([(start, y), (start + ruler.pixels, y)])
        for division in range(ruler.divisions + 1):
            x = start + ruler.pixels * division / ruler.divisions
            self._line([(x, y), (x, y - _tick(division, ruler))])
        self._write(ruler.caption, start + ruler.pixels / 2, y - _TICK - 2, "mb")

    def draw_left_ruler(self, ruler: Ruler) -> None:
        left, top, _, bottom = self._ground(ruler)
        start, x = (top + bottom - ruler.pixels) / 2, left + _MARGIN / 2
        self._line([(x, start), (x, start + ruler.pixels)])
        for division in range(ruler.divisions + 1):
            y = start + ruler.pixels * division / ruler.divisions
            self._line([(x, y), (x + _tick(division, ruler), y)])

    def _ground(self, ruler: Ruler) -> Rectangle:
        """The part of the picture that a ruler lies in."""
        return ruler.ground or (0.0, 0.0, float(self._width), float(self._height))

    def _write_lines(
        self,
        lines: tuple[str, ...],
        x: float,
        y: float,
        side: str,
        color: Color = _TEXT,
    ) -> None:
        for place, line in enumerate(lines):
            self._write(line, x, y + _LINE * place, side + "a", color)

    def _write(
        self, text: str, x: float, y: float, anchor: str, color: Color = _TEXT
    ) -> None:
        # the library cannot lay out a line that holds the end of a paragraph
        line = "".join(letter if letter.isprintable() else " " for letter in text)
        self._draw.text(
            (x, y),
            line,
            color,
            self._font,
            anchor,
            stroke_width=1,
            stroke_fill=_OUTLINE,
        )

    def _line(self, points: list[tuple[float, float]]) -> None:
        self._draw.line(points, _OUTLINE, 3)
        self._draw.line(points, _TEXT, 1)


def _tick(division: int, ruler: Ruler) -> int:
    """The ends are marked more strongly."""
    return _TICK if division in (0, ruler.divisions) else _TICK // 2
