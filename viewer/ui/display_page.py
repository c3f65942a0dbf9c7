"""A screen full of patterns, one value for each of its pixels.

It says of each screen whether a photometer has verified it; the eye alone cannot.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QScreen
from PySide6.QtWidgets import QDialog, QWidget
from typing_extensions import override

from viewer.core import screen_patterns
from viewer.core.color_profile import SRGB_ASSUMED
from viewer.core.display_check import LEVELS, NOT_VERIFIED
from viewer.core.screen_patterns import Pattern
from viewer.services.display_checks import DisplayChecks
from viewer.ui import theme
from viewer.ui.dialogs.photometer import PhotometerDialog

_KEYS = "← → patterns   E enter a photometer's result   Space words   Esc leave"
_TOO_LARGE = "The pattern is larger than this screen; its edges are cut off."
_MARGIN = theme.GAP_M
_WIDEST = 320  # screen pixels, so that the words stay beside a pattern

Draw = Callable[[int, int], Pattern]


def _fixed(draw: Callable[[], Pattern]) -> Draw:
    return lambda _width, _height: draw()


def _even(level: int) -> Draw:
    return partial(screen_patterns.uniform, level=level)


PATTERNS: tuple[tuple[str, Draw], ...] = (
    ("Quality, after TG18-QC", _fixed(screen_patterns.quality)),
    ("Simple quality, after TG270-sQC", _fixed(screen_patterns.simple_quality)),
    *((f"Even grey {level}, as TG270-ULN", _even(level)) for level in LEVELS),
)


class DisplayCheckPage(QDialog):
    """Fills the screen that its parent is on.

    Parameters
    ----------
    checks : DisplayChecks
    parent : QWidget
    colors : str
        What the colours of images are brought to.

    Attributes
    ----------
    written : bool
        Whether name, verdict and keys stand beside the pattern.
    """

    def __init__(
        self, checks: DisplayChecks, parent: QWidget, colors: str = SRGB_ASSUMED
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Check the display")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._checks, self._colors = checks, colors
        self._number = 0
        self.written = True
        self._picture: tuple[object, QImage] = (None, QImage())

    @override
    def open(self) -> None:
        self.setWindowState(Qt.WindowState.WindowFullScreen)
        super().open()

    @property
    def words(self) -> str:
        """What stands beside the pattern."""
        name, _ = PATTERNS[self._number]
        check = self._checks.of(_name(self.screen()))
        parts = [name, NOT_VERIFIED if check is None else check.verdict]
        parts += [f"Colours of images: {self._colors}.", _KEYS]
        pattern, size = self._pattern(), self._device_size
        if pattern.width() > size.width() or pattern.height() > size.height():
            parts.insert(1, _TOO_LARGE)
        return "\n".join(parts)

    def show_pattern(self, number: int) -> None:
        """Show a pattern by its place, round and round."""
        self._number = number % len(PATTERNS)
        self.update()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Right:
            self.show_pattern(self._number + 1)
        elif event.key() == Qt.Key.Key_Left:
            self.show_pattern(self._number - 1)
        elif event.key() == Qt.Key.Key_Space:
            self.written = not self.written
            self.update()
        elif event.key() == Qt.Key.Key_E:
            self.ask()
        else:
            super().keyPressEvent(event)

    def ask(self) -> PhotometerDialog:
        """Ask for what a photometer found on this screen."""
        screen = _name(self.screen())
        today = datetime.now(UTC).astimezone().date()
        dialog = PhotometerDialog(
            screen, lambda found: self._checks.keep(screen, found, today), self
        )
        dialog.accepted.connect(self.update)
        dialog.open()
        return dialog

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color(theme.ON_IMAGE.canvas))
        ratio, size = self.devicePixelRatioF(), self._device_size
        pattern = self._pattern()
        pattern.setDevicePixelRatio(ratio)
        left = (size.width() - pattern.width()) // 2
        top = (size.height() - pattern.height()) // 2
        painter.drawImage(QPointF(left / ratio, top / ratio), pattern)
        if self.written:
            self._write(painter)
        painter.end()

    def _write(self, painter: QPainter) -> None:
        wrap = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
        room = QRect(_MARGIN, _MARGIN, _WIDEST, self.height() - 2 * _MARGIN)
        painter.setFont(theme.font("body"))
        place = painter.boundingRect(room, wrap, self.words)
        place.moveBottom(self.height() - _MARGIN)
        around = place.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
        painter.fillRect(around, theme.color(theme.ON_IMAGE.canvas))
        painter.setPen(theme.color(theme.ON_IMAGE.text))
        painter.drawText(place, wrap, self.words)

    @property
    def _device_size(self) -> QSize:
        ratio = self.devicePixelRatioF()
        return QSize(round(self.width() * ratio), round(self.height() * ratio))

    def _pattern(self) -> QImage:
        """The pattern in device pixels, drawn once."""
        size = self._device_size
        key = (self._number, size.width(), size.height())
        if key != self._picture[0]:
            pixels = PATTERNS[self._number][1](size.width(), size.height())
            height, width = pixels.shape
            kind = QImage.Format.Format_Grayscale8
            image = QImage(pixels.tobytes(), width, height, width, kind).copy()
            self._picture = (key, image)
        return self._picture[1].copy()


def _name(screen: QScreen) -> str:
    """What tells a screen from others: maker, model, serial number."""
    parts = (screen.manufacturer(), screen.model(), screen.serialNumber())
    return " ".join(part for part in parts if part) or screen.name()
