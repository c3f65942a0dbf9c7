"""Ask for what a photometer found on a screen."""

from collections.abc import Callable

from PySide6.QtWidgets import QLabel, QPlainTextEdit, QWidget
from typing_extensions import override

from viewer.core.errors import ViewerError
from viewer.ui import theme
from viewer.ui.dialogs.frame import Dialog, note

_WIDTH, _HEIGHT = 420, 96


class PhotometerDialog(Dialog):
    """Takes eighteen luminances and hands them to `keep`, which may refuse them.

    Parameters
    ----------
    screen : str
        What the screen calls itself.
    keep : callable
        Raises `ViewerError` if the numbers cannot be right.
    parent : QWidget
    """

    def __init__(
        self, screen: str, keep: Callable[[list[float]], object], parent: QWidget
    ) -> None:
        super().__init__("Enter the photometer's result", "Keep", parent)
        self._keep = keep
        self.numbers = QPlainTextEdit()
        self.numbers.setAccessibleName("Luminances")
        self.numbers.setPlaceholderText("0.6  0.9  1.5 …")
        self.numbers.setFixedSize(_WIDTH, _HEIGHT)
        self.refusal = QLabel()
        self.refusal.setWordWrap(True)
        theme.set_role(self.refusal, "bad")
        self.refusal.hide()
        self.add(
            note(
                f"{screen}: luminance in cd/m² of the eighteen even greys from 0 to "
                "255, in steps of 15, measured in the middle of the screen with the "
                "light of the room on."
            ),
            self.numbers,
            self.refusal,
        )

    @override
    def accept(self) -> None:
        try:
            words = self.numbers.toPlainText().replace(";", " ").split()
            self._keep([float(word) for word in words])
        except ValueError:
            self._refuse("This is not a row of numbers.")
        except ViewerError as error:
            self._refuse(" ".join(filter(None, (error.message, error.hint))))
        else:
            super().accept()

    def _refuse(self, reason: str) -> None:
        self.refusal.setText(reason)
        self.refusal.show()
