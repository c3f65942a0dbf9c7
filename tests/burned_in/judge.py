"""A reader of text that knows nothing of what was proposed or burned."""

import re
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt
from pydicom import dcmread
from pydicom.pixels.processing import apply_color_lut
from pydicom.pixels.utils import pixel_array

Greys = npt.NDArray[np.uint8]

_TILE: Final = 304  # pixels; no picture of these tests is larger
_IN_A_ROW: Final = 3
_TWICE: Final = 2  # as large, for letters of nine pixels
_WORDS: Final = re.compile(r"[A-Za-z0-9]{3,}")


def words(text: str) -> set[str]:
    """Words and numbers of at least three signs, in small letters."""
    return {word.casefold() for word in _WORDS.findall(text)}


def as_seen(path: Path) -> Greys:
    """A file as pydicom shows it, in greys; of a film the brightest of each pixel."""
    ds = dcmread(path)
    values: npt.NDArray[Any] = pixel_array(ds).astype(np.float32)
    if ds.PhotometricInterpretation == "PALETTE COLOR":
        values = apply_color_lut(ds.pixel_array, ds).astype(np.float32)
    if ds.SamplesPerPixel == 3 or ds.PhotometricInterpretation == "PALETTE COLOR":
        values = values.max(axis=-1)
    if ds.PhotometricInterpretation == "MONOCHROME1":
        values = values.max() - values
    if values.ndim == 3:
        values = values.max(axis=0)
    scaled: Greys = (values * (255 / max(float(values.max()), 1))).astype(np.uint8)
    return scaled


class Reader:
    """Reads pictures, many on one sheet: so it is quick, and sees them in company."""

    def __init__(self) -> None:
        from rapidocr_onnxruntime import RapidOCR  # noqa: PLC0415 - an extra

        self._engine = RapidOCR()

    def words(self, pictures: list[Greys]) -> list[set[str]]:
        """What is read on each of them."""
        found: list[set[str]] = []
        each = _IN_A_ROW * 2
        for start in range(0, len(pictures), each):
            found += self._on_sheet(pictures[start : start + each])
        return found

    def _on_sheet(self, pictures: list[Greys]) -> list[set[str]]:
        sheet = np.zeros((2 * _TILE, _IN_A_ROW * _TILE), np.uint8)
        for place, picture in enumerate(pictures):
            row, column = (_TILE * n for n in divmod(place, _IN_A_ROW))
            height, width = picture.shape
            sheet[row : row + height, column : column + width] = picture
        size = (sheet.shape[1] * _TWICE, sheet.shape[0] * _TWICE)
        large = cv2.resize(sheet, size, interpolation=cv2.INTER_CUBIC)
        lines, _ = self._engine(cv2.cvtColor(large, cv2.COLOR_GRAY2BGR), use_cls=False)
        found: list[set[str]] = [set() for _ in pictures]
        for corners, text, _ in lines or ():
            column, row = np.mean(corners, axis=0) / (_TILE * _TWICE)
            place = int(row) * _IN_A_ROW + int(column)
            if place < len(found):
                found[place] |= words(text)
        return found
