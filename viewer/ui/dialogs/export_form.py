"""Which form an export has: DICOM, or what programs without it can open."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QVBoxLayout, QWidget

from viewer.core.export_forms import choices
from viewer.services.export_draft import ExportDraft
from viewer.ui import theme
from viewer.ui.dialogs.frame import note


class FormRow(QWidget):
    """A list of the forms there are, and whether pictures are annotated.

    Signals
    -------
    changed : (Form, Look)
    """

    changed = Signal(object, object)

    def __init__(self, draft: ExportDraft) -> None:
        super().__init__()
        self.form = QComboBox()
        for form, look, words in choices():
            self.form.addItem(words, (form, look))
            if (form, look) == (draft.form, replace(draft.look, annotations=False)):
                self.form.setCurrentIndex(self.form.count() - 1)
        self.annotations = QCheckBox("With annotations, and names on contact sheets")
        self.annotations.setChecked(draft.look.annotations)
        self._fault = note("", "warn")
        self._fault.hide()
        row = QFormLayout()
        row.setHorizontalSpacing(theme.GAP_M)
        row.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        row.addRow("As", self.form)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP_S)
        column.addLayout(row)
        column.addWidget(self._fault)
        column.addWidget(self.annotations)
        self._show_annotations()
        self.form.currentIndexChanged.connect(self._on_changed)
        self.annotations.toggled.connect(self._on_changed)

    def say_fault(self, sentence: str) -> None:
        """Say below the list what is wrong with it."""
        self._fault.setText(f"▲ {sentence}" if sentence else "")
        self._fault.setVisible(bool(sentence))

    def _show_annotations(self) -> None:
        form, look = self.form.currentData()
        self.annotations.setVisible(form.is_annotated and look.bits == 8)

    def _on_changed(self, _: int | bool) -> None:  # noqa: FBT001 - a Qt slot
        self._show_annotations()
        form, look = self.form.currentData()
        wanted = self.annotations.isChecked() and not self.annotations.isHidden()
        self.changed.emit(form, replace(look, annotations=wanted))
