"""Drawings and what they measure on a picture, drawn without a window."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import ImageDraw, ImageFont

from viewer.core.annotation import Shape
from viewer.core.annotation_forms import handles, outline
from viewer.core.label_place import label_box, leader
from viewer.core.measurement import Measurement
from viewer.core.measurement_text import label_lines
from viewer.core.view import Point, Size, ViewTransform

Color = tuple[int, int, int]
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

_DRAWING: Color = (255, 213, 74)
_WARNING: Color = (255, 176, 32)
_OUTLINE: Color = (0, 0, 0)
_LINE, _EDGE = 2, 4  # widths, with the dark edge
_END = 2  # radius of the dots at the ends of lines
_CROSS, _CROSS_GAP = 8.0, 2.5
_ROW = 17  # from one line of words to the next


@dataclass(frozen=True, slots=True)
class DrawnMeasures:
    """What was drawn on an image, ready to be drawn on its picture.

    Attributes
    ----------
    measurements : sequence of Measurement
    transform : ViewTransform
        From the image to the picture.
    """

    measurements: Sequence[Measurement]
    transform: ViewTransform

    def draw(self, pen: ImageDraw.ImageDraw, size: Size, font: Font) -> None:
        """Draw all of them; a label that would lie outside comes inside."""
        for one in self.measurements:
            line = [self._at(point) for point in outline(one.annotation)]
            for color, width in ((_OUTLINE, _EDGE), (_DRAWING, _LINE)):
                if one.annotation.shape is Shape.PROBE:
                    _draw_cross(pen, line[0], color, width)
                else:
                    pen.line(line, color, width, joint="curve")
            if not one.annotation.shape.has_area:
                self._draw_ends(pen, one)
            self._write(pen, one, line, size, font)

    def _at(self, point: Point) -> Point:
        """Where a point of the image lies: Pillow counts from the pixel's centre."""
        x, y = self.transform.to_viewport(point)
        return x - 0.5, y - 0.5

    def _draw_ends(self, pen: ImageDraw.ImageDraw, one: Measurement) -> None:
        if one.annotation.shape is Shape.PROBE:
            return
        for x, y in map(self._at, handles(one.annotation)):
            box = (x - _END, y - _END, x + _END, y + _END)
            pen.ellipse(box, _DRAWING, _OUTLINE)

    def _write(
        self,
        pen: ImageDraw.ImageDraw,
        one: Measurement,
        line: Sequence[Point],
        size: Size,
        font: Font,
    ) -> None:
        words = label_lines(one)
        width = max(pen.textlength(text, font) for text in words)
        label = one.annotation.label
        moved_to = None if label is None else self._at(label)
        box = label_box((width, float(_ROW * len(words))), line, moved_to, size)
        led = None if moved_to is None else leader(box, line)
        if led is not None:
            pen.line(led, _DRAWING, 1)
        for row, text in enumerate(words):
            last = one.caution and row == len(words) - 1
            pen.text(
                (box[0], box[1] + row * _ROW),
                text,
                _WARNING if last else _DRAWING,
                font,
                stroke_width=1,
                stroke_fill=_OUTLINE,
            )


def _draw_cross(pen: ImageDraw.ImageDraw, at: Point, color: Color, width: int) -> None:
    (x, y) = at
    for across, down in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        start = (x + across * _CROSS_GAP, y + down * _CROSS_GAP)
        pen.line((start, (x + across * _CROSS, y + down * _CROSS)), color, width)
