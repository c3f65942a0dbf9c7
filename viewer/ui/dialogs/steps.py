"""A dialog of several steps, back and forth, with one main answer at the end."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QWidget
from typing_extensions import override

from viewer.ui import theme
from viewer.ui.dialogs.frame import Dialog


class StepsDialog(Dialog):
    """Shows one step at a time; Enter goes on, and at the last one does it.

    Parameters
    ----------
    sentence, verb : str
        What all of it is, and what its last button does.
    names : sequence of str
        Of the steps, at most four.
    parent : QWidget or None
    """

    def __init__(
        self, sentence: str, verb: str, names: Sequence[str], parent: QWidget | None
    ) -> None:
        super().__init__(sentence, verb, parent)
        self._verb = verb
        self.pages = QStackedWidget()
        self._marks = [QLabel(f"{at}  {name}") for at, name in enumerate(names, 1)]
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_L)
        for mark in self._marks:
            row.addWidget(mark)
        row.addStretch(1)
        self.add(row)
        self.body.addWidget(self.pages, 1)
        self.back = QPushButton("Back")
        self.back.setObjectName("back")
        self.back.setAutoDefault(False)
        self.back.clicked.connect(self.go_back)
        self.foot.insertWidget(self.foot.count() - 1, self.back)

    @property
    def step(self) -> int:
        """Which step is shown, counted from 0."""
        return self.pages.currentIndex()

    @property
    def is_last(self) -> bool:
        """Whether the main button does it now."""
        return self.step == self.pages.count() - 1

    def show_step(self, step: int) -> None:
        """Go to a step."""
        self.pages.setCurrentIndex(step)
        for at, mark in enumerate(self._marks):
            theme.set_role(mark, "step-on" if at == step else "caption")
        self.back.setVisible(step > 0)
        self.main.setText(self._verb if self.is_last else "Next")
        self.main.setFocus()
        self.entered(step)

    def entered(self, step: int) -> None:
        """Hear that a step is shown now."""

    def go_back(self) -> None:
        """Show the step before."""
        if self.step > 0:
            self.show_step(self.step - 1)

    def go_on(self) -> None:
        """Show the next step."""
        self.show_step(self.step + 1)

    def finish(self) -> None:
        """Do what the main button says."""
        super().accept()

    @override
    def accept(self) -> None:
        if self.is_last:
            self.finish()
        else:
            self.go_on()
