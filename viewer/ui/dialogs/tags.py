"""Words of the user's own for studies."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QStringListModel, Qt
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget
from typing_extensions import override

from viewer.ui.dialogs.frame import Dialog, note

_WIDTH = 440


class TagsDialog(Dialog):
    """One line of words, separated by commas; known ones are completed."""

    def __init__(
        self, present: Sequence[str], known: Sequence[str], parent: QWidget | None
    ) -> None:
        super().__init__("Tag the selected studies", "Set the tags", parent)
        self.setMinimumWidth(_WIDTH)
        self.field = QLineEdit(", ".join(present))
        self.field.setPlaceholderText("teaching, lung nodule")
        completer = _LastWordCompleter(known, self)
        self.field.setCompleter(completer)
        self.add(self.field, note("Words separated by commas."))
        self.field.setFocus()

    def tags(self) -> list[str]:
        """The words, each once, in the order they were typed."""
        words = (" ".join(word.split()) for word in self.field.text().split(","))
        return list(dict.fromkeys(word for word in words if word))


class _LastWordCompleter(QCompleter):
    """Completes the word behind the last comma and keeps those before it."""

    def __init__(self, known: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setModel(QStringListModel(list(known), self))
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)

    @override
    def splitPath(self, path: str) -> list[str]:
        return [path.rsplit(",", 1)[-1].strip()]

    @override
    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        field = self.widget()
        before = field.text().rpartition(",")[0] if isinstance(field, QLineEdit) else ""
        chosen = super().pathFromIndex(index)
        return f"{before}, {chosen}" if before else chosen
