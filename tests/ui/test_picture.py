"""A picture comes to the screen the same on every way, where it is to be painted."""

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter, QRegion
from PySide6.QtWidgets import QApplication

from tests.core.test_render import image_of
from viewer.core.grayscale import Window
from viewer.core.render import FramePainter
from viewer.core.view import View
from viewer.ui.viewport.picture import Ground, Picture

SIZE = (60, 40)
WINDOW = Window(500, 1000)
STORED = np.random.default_rng(3).integers(0, 1000, (20, 20)).astype(np.uint16)
WORDS, BYTES = QImage.Format.Format_RGB32, QImage.Format.Format_RGB888

Pixels = npt.NDArray[np.uint8]


def _frame() -> FramePainter:
    return FramePainter(STORED, image_of(STORED), 1, "MONOCHROME2")


def _laid(paper: QImage, region: QRegion, at: tuple[float, float] = (0, 0)) -> QImage:
    painter = QPainter(paper)
    painter.translate(*at)
    painter.setClipRegion(region)
    ratio = paper.devicePixelRatio()
    size = (round(SIZE[0] * ratio), round(SIZE[1] * ratio))
    ground = Ground(painter, region, size)
    Picture(hurries=False).lay_on(ground, _frame(), View(), WINDOW)
    painter.end()
    return paper


def _paper(kind: QImage.Format, ratio: float = 1.0) -> QImage:
    paper = QImage(round(80 * ratio), round(60 * ratio), kind)
    paper.setDevicePixelRatio(ratio)
    paper.fill(Qt.GlobalColor.red)
    return paper


def _pixels(paper: QImage) -> Pixels:
    shown = paper.convertToFormat(BYTES)
    line = np.frombuffer(shown.constBits(), np.uint8)
    lines = line.reshape(shown.height(), shown.bytesPerLine())
    rows = lines[:, : 3 * shown.width()].copy()  # the image goes, its bytes with it
    return rows.reshape(shown.height(), shown.width(), 3)


WHOLE = QRegion(0, 0, *SIZE)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("ratio", [1.0, 2.0, 1.5])
def test_memory_of_a_window_and_any_other_paper_show_the_same(ratio: float) -> None:
    written, copied = (
        _pixels(_laid(_paper(kind, ratio), WHOLE, (4, 6))) for kind in (WORDS, BYTES)
    )
    np.testing.assert_array_equal(written, copied)
    size = (round(60 * ratio), round(40 * ratio))
    meant = _frame().paint(View(), size, WINDOW)
    left, top = round(4 * ratio), round(6 * ratio)
    inside = written[top : top + size[1], left : left + size[0]]
    np.testing.assert_array_equal(inside, np.stack([meant] * 3, axis=2))
    assert (written[:top] == (255, 0, 0)).all()


@pytest.mark.usefixtures("qapp")
def test_only_the_region_is_painted() -> None:
    """A notice that lies on the viewport stays as it is."""
    region = WHOLE - QRegion(QRect(20, 10, 25, 12)) - QRegion(QRect(0, 0, 5, 5))
    before, after = _pixels(_laid(_paper(WORDS), WHOLE)), _paper(WORDS)
    shown = _pixels(_laid(after, region))
    mask = np.zeros((60, 80), bool)
    mask[:40, :60] = True
    mask[10:22, 20:45] = mask[:5, :5] = False
    np.testing.assert_array_equal(shown[mask], before[mask])
    assert (shown[~mask] == (255, 0, 0)).all()


def test_a_viewport_partly_beyond_its_window_stays_inside(qapp: QApplication) -> None:
    assert qapp is not None
    paper = _paper(WORDS)
    meant = _pixels(_laid(_paper(WORDS), WHOLE))
    shown = _pixels(_laid(paper, WHOLE, (50, 30)))
    np.testing.assert_array_equal(shown[30:, 50:], meant[:30, :30])
    assert (shown[:30] == (255, 0, 0)).all()
