"""Names of nobody, written into pictures in the ways machines write."""

from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

Mask = npt.NDArray[np.float32]
"""``(rows, columns)``, how much of each pixel a letter covers, 0 to 1."""

NAMES: Final = (
    "MUSTERMANN^ERIKA",
    "Kowalska, Zofia",
    "O'Brien Patrick",
    "ID 4711-0815",
    "12.03.1956",
    "GARCIA LOPEZ M",
    "Yilmaz, Ayse",
    "St. Mary Hospital",
    "Accession A98213",
    "Dr. Schmidt",
)

_DEJAVU: Final = Path("/usr/share/fonts/truetype/dejavu")
_HERSHEY: Final = {
    "plotter": cv2.FONT_HERSHEY_SIMPLEX,
    "plotter duplex": cv2.FONT_HERSHEY_DUPLEX,
    "plotter serif": cv2.FONT_HERSHEY_COMPLEX,
    "plotter italic": cv2.FONT_HERSHEY_SIMPLEX | cv2.FONT_ITALIC,
}


def fonts() -> tuple[str, ...]:
    """What letters this machine can write."""
    found = tuple(sorted(file.stem for file in _DEJAVU.glob("DejaVuSans*.ttf")))[:4]
    return ("outline", "terminal", *_HERSHEY, *found)


def lettering(text: str, font: str, height: int) -> Mask:
    """The text on a piece of its own size; `height` is that of a line, in pixels."""
    if font in _HERSHEY:
        return _plotted(text, _HERSHEY[font], height)
    if font == "terminal":
        return _printed(text, ImageFont.load_default_imagefont())
    if font == "outline":
        return _printed(text, ImageFont.load_default(height))
    return _printed(text, ImageFont.truetype(_DEJAVU / f"{font}.ttf", height))


def _plotted(text: str, face: int, height: int) -> Mask:
    scale, thickness = height / 30, 1 if height < 20 else 2
    (width, above), below = cv2.getTextSize(text, face, scale, thickness)
    canvas = np.zeros((above + below + 6, width + 6), np.uint8)
    place = (3, above + 3)
    cv2.putText(canvas, text, place, face, scale, 255, thickness, cv2.LINE_AA)
    return canvas.astype(np.float32) / np.float32(255)


def _printed(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> Mask:
    _, _, right, bottom = font.getbbox(text)
    canvas = Image.new("L", (int(right) + 4, int(bottom) + 4))
    ImageDraw.Draw(canvas).text((2, 2), text, fill=255, font=font)
    return np.asarray(canvas, np.float32) / np.float32(255)


def places(
    shapes: list[tuple[int, int]], rows: int, columns: int, dice: np.random.Generator
) -> list[tuple[int, int]]:
    """A place for each piece, its upper left pixel, none over another."""
    taken = np.zeros((rows, columns), bool)
    found = []
    for height, width in shapes:
        for _ in range(500):
            row = int(dice.integers(0, rows - height))
            column = int(dice.integers(0, columns - width))
            around = slice(max(row - 4, 0), row + height + 4)
            beside = slice(max(column - 4, 0), column + width + 4)
            if not taken[around, beside].any():
                break
        else:
            raise AssertionError("the picture is too small for its names")
        taken[row : row + height, column : column + width] = True
        found.append((row, column))
    return found
