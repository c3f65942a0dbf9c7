"""The inspector's facts of the image: name and value, one under the other."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from viewer.core.image_details import Detail
from viewer.ui import theme


class DetailsSection(QWidget):
    """What is known of the image on show; warnings first."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: object = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(theme.GAP_M, 0, theme.GAP_M, theme.GAP_M)
        self._grid.setHorizontalSpacing(theme.GAP_M)
        self._grid.setVerticalSpacing(theme.UNIT)
        self._grid.setColumnStretch(1, 1)

    def show_details(self, warnings: Sequence[str], details: Sequence[Detail]) -> None:
        """Show another image's."""
        if (warnings, details) == self._shown:
            return
        self._shown = (warnings, details)
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for row, sentence in enumerate(warnings):
            self._grid.addWidget(_label(f"▲ {sentence}", "warn"), row, 0, 1, 2)
        for row, (name, value) in enumerate(details, len(warnings)):
            self._grid.addWidget(_label(name, "caption"), row, 0)
            shown = _label(value, "value")
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(shown, row, 1)


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignTop)
    theme.set_role(label, role)
    return label
