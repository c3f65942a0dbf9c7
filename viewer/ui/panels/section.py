"""One part of the inspector: a heading that folds what lies under it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

from viewer.ui import theme
from viewer.ui.icons import icon


class Section(QWidget):
    """A heading with a caret, and a body that it shows or hides.

    Signals
    -------
    folded : (str, bool)
        The section's name, and whether it is folded now.
    """

    folded = Signal(str, bool)

    def __init__(self, name: str, title: str, body: QWidget) -> None:
        super().__init__()
        self.name, self.body = name, body
        self.heading = QToolButton()
        self.heading.setText(title)
        self.heading.setCheckable(True)
        self.heading.setChecked(True)
        self.heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.heading.setSizePolicy(
            QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed
        )
        theme.set_role(self.heading, "section")
        self.heading.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.heading.toggled.connect(self._on_toggled)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.heading)
        column.addWidget(body)
        self._draw_caret()

    @property
    def unfolded(self) -> bool:
        """Whether the body is shown."""
        return self.heading.isChecked()

    def set_unfolded(self, *, on: bool) -> None:
        """Show or hide the body."""
        self.heading.setChecked(on)

    def _on_toggled(self, on: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.body.setVisible(on)
        self._draw_caret()
        self.folded.emit(self.name, not on)

    def _draw_caret(self) -> None:
        self.heading.setIcon(icon("caret-down" if self.unfolded else "caret-right"))
