"""First step of an export: which studies, where to, and for which project."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from viewer.core.export import Packing
from viewer.core.peers import Peer
from viewer.services.export_draft import ExportDraft
from viewer.ui import theme
from viewer.ui.dialogs.frame import note
from viewer.ui.dialogs.study_list import StudyList

_PACKINGS = (
    (Packing.FOLDER, "A folder"),
    (Packing.DISC, "A folder for a disc, with DICOMDIR"),
    (Packing.ZIP, "A ZIP file"),
    (Packing.DISC_ZIP, "A ZIP file with DICOMDIR"),
)
_LISTS = "Also write the lists of old and new identifiers"
_LIST_HEIGHT = 96


class PlaceStep(QWidget):
    """Shows a draft and tells of each change of it.

    Signals
    -------
    changed : (ExportDraft)
    """

    changed = Signal(object)

    def __init__(self, draft: ExportDraft, peers: Sequence[Peer]) -> None:
        super().__init__()
        self._draft = draft
        self.packing, self.project = QComboBox(), QComboBox()
        for packing, words in _PACKINGS:
            self.packing.addItem(words, (packing, ""))
        for peer in peers:
            self.packing.addItem(
                f"{peer.name}  ·  send it there", (Packing.PEER, peer.name)
            )
        self.project.setEditable(True)
        self.project.addItems(sorted(draft.known, key=str.casefold))
        self.project.setCurrentText(draft.project)
        field = self.project.lineEdit()
        if field is not None:
            field.setPlaceholderText("Lung nodules 2026")
        self.place = QLineEdit(draft.place)
        self.password, self.again = _secret("Without one"), _secret("Again")
        self.key_images = QCheckBox("Only key images")
        self.crosswalk = QCheckBox(f"{_LISTS}…")
        self._fill(draft)
        self._faults: dict[str, QLabel] = {}
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(theme.GAP_M)
        self._form.setFieldGrowthPolicy(
            QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow
        )
        self._lay_out()
        self._connect()
        self.show_draft(draft)

    def _fill(self, draft: ExportDraft) -> None:
        """Begin with what a draft says already: it may be an export that goes again."""
        going = (draft.packing, draft.peer)
        every = [self.packing.itemData(at) for at in range(self.packing.count())]
        self.packing.setCurrentIndex(every.index(going) if going in every else 0)
        self.password.setText(draft.password)
        self.again.setText(draft.again)
        self.key_images.setChecked(draft.key_images)
        if draft.crosswalk:
            self.crosswalk.setText(f"{_LISTS} to {draft.crosswalk}")
            self.crosswalk.setChecked(True)

    def show_draft(self, draft: ExportDraft) -> None:
        """Show another moment; what is being typed stays as it is."""
        self._draft = draft
        if self.place.text() != draft.place:
            self.place.setText(draft.place)
        for row, shown in (
            (self._place_row, draft.packing is not Packing.PEER),
            (self._password_row, draft.packing.is_zip),
        ):
            self._form.setRowVisible(row, shown)
        self._show_faults(draft)

    def say_fault(self, field: str, sentence: str) -> None:
        """Say beside a field what is wrong with it."""
        label = self._faults[field]
        label.setText(f"▲ {sentence}" if sentence else "")
        label.setVisible(bool(sentence))

    def _lay_out(self) -> None:
        studies = StudyList(self._draft.studies)
        studies.setFixedHeight(_LIST_HEIGHT)
        browse = QPushButton("Choose…")
        browse.setAutoDefault(False)
        browse.clicked.connect(self.choose_place)
        self._place_row = self._field("place", self.place, browse)
        self._password_row = self._field("again", self.password, self.again)
        self._form.addRow("To", self.packing)
        self._form.addRow("Place", self._place_row)
        self._form.addRow("Password", self._password_row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP_M)
        column.addWidget(studies)
        column.addLayout(self._form)
        if self._draft.anonymous:
            self._form.addRow("Project", self._field("project", self.project))
            column.addWidget(
                note(
                    "A project keeps a secret key: under it the same patient gets the "
                    "same pseudonym in every export, and nobody without it can go back."
                )
            )
        column.addWidget(self.key_images)
        if self._draft.anonymous:
            column.addWidget(self.crosswalk)
        column.addStretch(1)

    def _field(self, name: str, *widgets: QWidget) -> QWidget:
        """Widgets side by side, and below them what is wrong."""
        whole = QWidget()
        fault = self._faults[name] = note("", "warn")
        fault.hide()
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_S)
        for at, widget in enumerate(widgets):
            row.addWidget(
                widget, 0 if isinstance(widget, QPushButton) else 1 + (not at)
            )
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(fault)
        return whole

    def _connect(self) -> None:
        self.packing.currentIndexChanged.connect(self._on_packing)
        self.project.currentTextChanged.connect(
            lambda text: self._say(self._draft.of_project(text))
        )
        self.place.textChanged.connect(
            lambda text: self._say(replace(self._draft, place=text))
        )
        self.password.textChanged.connect(
            lambda text: self._say(replace(self._draft, password=text))
        )
        self.again.textChanged.connect(
            lambda text: self._say(replace(self._draft, again=text))
        )
        self.key_images.toggled.connect(
            lambda on: self._say(replace(self._draft, key_images=on))
        )
        self.crosswalk.toggled.connect(self._on_crosswalk)

    def choose_place(self) -> None:
        """Ask for the folder that it is put into; its own name stays."""
        place = Path(self.place.text() or Path.home())
        asked = "Where the export goes"
        folder = QFileDialog.getExistingDirectory(self, asked, str(place.parent))
        if folder:
            self.place.setText(str(Path(folder) / place.name))

    def _on_packing(self, _: int) -> None:
        packing, peer = self.packing.currentData()
        self._say(self._draft.packed(packing, peer))

    def _on_crosswalk(self, on: bool) -> None:  # noqa: FBT001 - a Qt slot
        folder = ""
        if on:
            asked = "Where the lists of old and new identifiers go"
            folder = QFileDialog.getExistingDirectory(self, asked, str(Path.home()))
        if on and not folder:
            self.crosswalk.setChecked(False)
            return
        self.crosswalk.setText(f"{_LISTS} to {folder}" if folder else f"{_LISTS}…")
        self._say(replace(self._draft, crosswalk=folder))

    def _say(self, draft: ExportDraft) -> None:
        self.show_draft(draft)
        self.changed.emit(draft)

    def _show_faults(self, draft: ExportDraft) -> None:
        """Nothing is called wrong that has not been touched."""
        found = draft.faults
        untouched = {
            "place": not draft.place,
            "project": not draft.project,
            "again": not draft.again,
        }
        for name in self._faults:
            self.say_fault(name, "" if untouched[name] else found.get(name, ""))


def _secret(words: str) -> QLineEdit:
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setPlaceholderText(words)
    return field
