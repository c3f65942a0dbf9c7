"""What the lines at the foot of the window share: their buttons and their words."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from viewer.ui.icons import icon


def footer_button(kind: str, name: str, tip: str, act: object) -> QToolButton:
    """A button with the icon `name`, called by its `tip` and found as ``kind.tip``."""
    button = QToolButton()
    button.setObjectName(f"{kind}.{tip.lower()}")
    button.setIcon(icon(name))
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(act)
    return button


def show_paused(button: QToolButton, *, paused: bool) -> None:
    """Have a button offer to go on, or to pause."""
    button.setIcon(icon("play" if paused else "pause"))
    button.setToolTip("Go on" if paused else "Pause")


def time_left(seconds: float) -> str:
    """In words that do not promise too much."""
    if seconds < 60:
        return f"{max(1, round(seconds))} s left"
    return f"{round(seconds / 60)} min left"
