"""Sentences that appear over the window for a while and never take the focus."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from viewer.commands.window_port import Tone
from viewer.ui import theme
from viewer.ui.icons import icon

Action = tuple[str, Callable[[], None]]
"""A word, and what it does."""

_SHOWN_MS = {Tone.PLAIN: 6000, Tone.GOOD: 6000, Tone.WARNING: 12000}
_WIDTH = 440
_MOST = 3
_SIGNS = {
    Tone.PLAIN: ("info", "secondary"),
    Tone.GOOD: ("check-circle", "good"),
    Tone.WARNING: ("warning", "warn"),
    Tone.PROBLEM: ("warning-circle", "bad"),
}


class Notices(QWidget):
    """The stack of notices in the lower right corner of `over`, newest below."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(theme.GAP_S)
        self.shown: list[Notice] = []
        self.hide()

    def show_notice(
        self,
        text: str,
        tone: Tone = Tone.PLAIN,
        hint: str = "",
        actions: Sequence[Action] = (),
    ) -> None:
        """Show one more sentence; what is said already is not said twice."""
        for same in [n for n in self.shown if n.text == text]:
            same.leave()
        while len(self.shown) >= _MOST:
            self.shown[0].leave()
        notice = Notice(text, tone, hint, actions, self)
        notice.gone = self._on_gone
        self.shown.append(notice)
        self._layout.addWidget(notice)
        self.place()

    def place(self) -> None:
        """Stand in the corner, above the bar at the window's foot."""
        self.setVisible(bool(self.shown))
        width = min(_WIDTH, self._over.width() - 2 * theme.GAP_L)
        self.setFixedWidth(width)
        height = sum(n.heightForWidth(width) + theme.GAP_S for n in self.shown)
        self.resize(width, height)
        self.move(
            self._over.width() - width - theme.GAP_L,
            self._over.height() - height - theme.BAR - theme.GAP_S,
        )
        self.raise_()

    def _on_gone(self, notice: "Notice") -> None:
        if notice in self.shown:
            self.shown.remove(notice)
            self._layout.removeWidget(notice)
            notice.deleteLater()
            notice.hide()
            self.place()


class Notice(QWidget):
    """One sentence with its sign, a hint, and perhaps a way back.

    It stays while the pointer is over it; a problem, and a question between two
    actions, until it is closed.
    """

    def __init__(
        self,
        text: str,
        tone: Tone,
        hint: str,
        actions: Sequence[Action],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.text = text
        self.gone: Callable[[Notice], None] = lambda _: None
        theme.set_role(self, "notice")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.GAP_M, theme.GAP_S, theme.UNIT, theme.GAP_S)
        layout.setSpacing(theme.GAP_S)
        layout.addWidget(_sign(tone))
        layout.addLayout(_words(text, hint), 1)
        for word, act in actions:
            layout.addWidget(self._action(word, act))
        layout.addWidget(self._close_button())
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.leave)
        self._shown_ms = 0 if len(actions) > 1 else _SHOWN_MS.get(tone, 0)
        self._count_down()

    def leave(self) -> None:
        """Go away."""
        self._timer.stop()
        self.gone(self)

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()
        super().enterEvent(event)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._count_down()
        super().leaveEvent(event)

    def _count_down(self) -> None:
        if self._shown_ms:
            self._timer.start(self._shown_ms)

    def _action(self, word: str, act: Callable[[], None]) -> QPushButton:
        button = QPushButton(word)
        theme.set_role(button, "link")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(self.leave)
        button.clicked.connect(act)
        return button

    def _close_button(self) -> QPushButton:
        button = QPushButton(icon("x"), "")
        theme.set_role(button, "flat")
        button.setFixedSize(theme.ROW, theme.ROW)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setToolTip("Close")
        button.clicked.connect(self.leave)
        return button


def _sign(tone: Tone) -> QLabel:
    name, role = _SIGNS[tone]
    sign = QLabel()
    theme.set_role(sign, role)
    sign.setPixmap(
        icon(name, role).pixmap(QSize(theme.ICON, theme.ICON), sign.devicePixelRatio())
    )
    return sign


def _words(text: str, hint: str) -> QVBoxLayout:
    words = QVBoxLayout()
    words.setSpacing(2)
    for line, role in ((text, ""), (hint, "caption")):
        if line:
            label = QLabel(line)
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            if role:
                theme.set_role(label, role)
            words.addWidget(label)
    return words
