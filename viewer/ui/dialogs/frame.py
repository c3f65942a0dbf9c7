"""The shape every dialog has: a sentence, what it asks, its verb at the right."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from viewer.ui import theme


class Dialog(QDialog):
    """A question with one main answer. Esc says no, Enter says yes.

    `main` is the button of the answer; it is named by its verb.
    """

    def __init__(self, sentence: str, verb: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(sentence)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = QLabel(sentence)
        theme.set_role(title, "title")
        self.body = QVBoxLayout()
        self.body.setSpacing(theme.GAP_M)
        self.main = QPushButton(verb)
        self.main.setObjectName("main")
        self.main.setDefault(True)
        theme.set_role(self.main, "primary")
        self.main.clicked.connect(self.accept)
        self.cancel = QPushButton("Cancel")
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(self.reject)
        self.foot = QHBoxLayout()
        self.foot.setSpacing(theme.GAP_S)
        self.foot.addStretch(1)
        self.foot.addWidget(self.cancel)
        self.foot.addWidget(self.main)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(
            theme.GAP_L + theme.UNIT, theme.GAP_L, theme.GAP_L + theme.UNIT, theme.GAP_L
        )
        layout.setSpacing(theme.GAP_L)
        layout.addWidget(title)
        layout.addLayout(self.body, 1)
        layout.addLayout(self.foot)

    def add(self, *parts: QWidget | QLayout) -> None:
        """Put something into the body, one below the other."""
        for part in parts:
            if isinstance(part, QWidget):
                self.body.addWidget(part)
            else:
                self.body.addLayout(part)


def note(text: str, role: str = "caption") -> QLabel:
    """A line of explanation."""
    label = QLabel(text)
    label.setWordWrap(True)
    theme.set_role(label, role)
    return label
