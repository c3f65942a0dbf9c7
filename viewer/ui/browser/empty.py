"""What the Studies page says where there is nothing to list."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from viewer.ui import theme
from viewer.ui.actions import Actions


class EmptyCatalog(QFrame):
    """A sentence, three buttons, a place to drop files on."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        sentence = QLabel("No studies yet.")
        theme.set_role(sentence, "title")
        hint = QLabel(
            "Drop files, folders or ZIP archives here, or begin with one of these."
        )
        theme.set_role(hint, "secondary")
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GAP_S)
        buttons.addStretch(1)
        offered = ("file.import", "network.peers", "file.demo")
        for command_id, role in zip(offered, ("primary", "", ""), strict=True):
            buttons.addWidget(_button(actions, command_id, role))
        buttons.addStretch(1)
        frame = QFrame()
        theme.set_role(frame, "drop")
        inner = QVBoxLayout(frame)
        inner.setContentsMargins(
            4 * theme.GAP_L, 3 * theme.GAP_L, 4 * theme.GAP_L, 3 * theme.GAP_L
        )
        inner.setSpacing(theme.GAP_M)
        inner.addWidget(sentence, 0, Qt.AlignmentFlag.AlignHCenter)
        inner.addWidget(hint, 0, Qt.AlignmentFlag.AlignHCenter)
        inner.addSpacing(theme.GAP_S)
        inner.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.addWidget(frame, 0, Qt.AlignmentFlag.AlignCenter)


class NothingFound(QFrame):
    """A sentence where a question has no answer, with the way back to all studies."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.sentence = QLabel()
        theme.set_role(self.sentence, "secondary")
        self._all = _button(actions, "studies.show_all", "link")
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        layout.addWidget(self.sentence, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._all, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)

    def say(self, sentence: str, *, filtered: bool) -> None:
        """Show `sentence`; offer to remove the filters where there are any."""
        self.sentence.setText(sentence)
        self._all.setVisible(filtered)


def _button(actions: Actions, command_id: str, role: str) -> QPushButton:
    button = QPushButton(actions[command_id].text())
    button.setObjectName(f"empty.{command_id}")
    if role:
        theme.set_role(button, role)
    button.clicked.connect(lambda: actions.run(command_id))
    return button
