"""What came of an export: how many went out, what stayed and why, what was proven."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QTableWidgetItem, QWidget

from viewer.commands.desk import Desk
from viewer.commands.exporting import export_again
from viewer.core.counts import counted
from viewer.services.export_draft import ExportDraft
from viewer.services.export_told import ExportTold
from viewer.ui.dialogs.frame import Dialog, note
from viewer.ui.dialogs.tables import row_table

_SIZE = (720, 440)
_COLUMNS = (("What", 0), ("Images", 80))


class ExportReportDialog(Dialog):
    """Holds no value of a patient: it may stay on the screen."""

    def __init__(
        self,
        desk: Desk,
        draft: ExportDraft,
        told: ExportTold,
        parent: QWidget | None,
    ) -> None:
        super().__init__(told.sentence, "Close", parent)
        self.resize(*_SIZE)
        self.cancel.hide()
        self._desk, self._draft, self.told = desk, draft, told
        self.table = row_table(_COLUMNS)
        self._fill()
        self.add(note(_summary(told), "secondary"))
        for words in told.report.notes:
            self.add(note(words))
        self.proof = note(told.proof, _role(told))
        self.proof.setVisible(bool(told.proof))
        if told.proof:
            sign = "▲" if told.proven is False else "●"
            self.proof.setText(f"{sign} {told.proof}")
        self.add(self.proof, self.table)
        self.table.setVisible(bool(told.rows))
        if not told.rows:
            self.body.addStretch(1)
        self._button("Copy", self.copy)
        if told.proof_page is not None:
            self._button("Show report", partial(self._open, told.proof_page))
        if told.folder is not None:
            self._button("Open folder", partial(self._open, told.folder))
        if told.unseen:
            self._button("Review and export again…", self.export_again)

    def export_again(self) -> None:
        """Begin anew with what stayed because nobody had looked at it."""
        self.accept()
        export_again(self._desk, self._draft, self.told)

    def copy(self) -> None:
        """Put all of it on the clipboard."""
        self._desk.window.copy_text(self.told.text)

    def _open(self, place: Path, *_: object) -> None:
        self._desk.window.open_folder(place)

    def _fill(self) -> None:
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        self.table.setRowCount(len(self.told.rows))
        for at, (why, count) in enumerate(self.told.rows):
            words, number = QTableWidgetItem(why), QTableWidgetItem(f"{count:,}")
            words.setToolTip(why)
            number.setTextAlignment(right)
            self.table.setItem(at, 0, words)
            self.table.setItem(at, 1, number)

    def _button(self, words: str, act: Callable[..., None]) -> None:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.clicked.connect(act)
        self.foot.insertWidget(0, button)


def _summary(told: ExportTold) -> str:
    report = told.report
    parts = (
        counted(report.patients, "patient"),
        counted(report.studies, "study", "studies"),
        counted(report.series, "series", "series"),
        f"{report.bytes / 1e6:,.1f} MB",
    )
    said = ", ".join(parts)
    return f"{said}, to {report.to}" if report.to else said


def _role(told: ExportTold) -> str:
    return "bad" if told.proven is False else "good"
