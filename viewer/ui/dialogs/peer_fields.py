"""The fields that describe one peer; what is wrong is said beside each."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from viewer.core.peers import Way
from viewer.services.peer_drafts import SMALL, UNCOMPRESSED, PeerDraft
from viewer.services.web_drafts import WebDraft
from viewer.ui import theme
from viewer.ui.dialogs.frame import note
from viewer.ui.dialogs.web_fields import WebFields

_WAYS = (
    ("C-GET, then C-MOVE", (Way.GET, Way.MOVE)),
    ("C-MOVE, then C-GET", (Way.MOVE, Way.GET)),
    ("C-GET only", (Way.GET,)),
    ("C-MOVE only", (Way.MOVE,)),
    ("DICOMweb, then C-GET, then C-MOVE", (Way.WEB, Way.GET, Way.MOVE)),
    ("C-GET, then C-MOVE, then DICOMweb", (Way.GET, Way.MOVE, Way.WEB)),
    ("DICOMweb only", (Way.WEB,)),
)
_SYNTAXES = (
    ("As they are kept there", ()),
    ("Compressed without loss, if it can", SMALL),
    ("Uncompressed", UNCOMPRESSED),
)
_CHARSETS = (
    "", "ISO_IR 192", "ISO_IR 100", "ISO_IR 101", "ISO_IR 109", "ISO_IR 110",
    "ISO_IR 126", "ISO_IR 127", "ISO_IR 138", "ISO_IR 144", "ISO_IR 148",
    "ISO_IR 166", "ISO_IR 13", "GB18030",
)  # fmt: skip
_TEXTS = ("name", "host", "port", "aet", "our_aet", "our_port", "user")
_FILES = ("ca", "certificate", "key")
_SHORT = 92
_IN_CLEAR = (
    "Without TLS the passcode travels in clear: anybody on the network can read it."
)


class PeerFields(QWidget):
    """Shows a draft, and tells when it was changed by hand.

    Signals
    -------
    changed : (PeerDraft)
    login_wanted : ()
        The user wants to log in to its DICOMweb with OAuth now.
    """

    changed = Signal(object)
    login_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._draft = PeerDraft()
        self._showing = False
        self.texts = {name: QLineEdit() for name in (*_TEXTS, *_FILES)}
        self.passcode = QLineEdit()
        self.passcode.setEchoMode(QLineEdit.EchoMode.Password)
        self.passcode.setPlaceholderText("unchanged")
        self.encrypted = QCheckBox("Encrypt with TLS")
        self.verify = QCheckBox("It must prove that it is this host")
        self.insecure = QCheckBox("Let it travel in clear all the same")
        self.ways, self.syntaxes, self.charset = QComboBox(), QComboBox(), QComboBox()
        for combo, offered in ((self.ways, _WAYS), (self.syntaxes, _SYNTAXES)):
            for words, value in offered:
                combo.addItem(words, value)
        self.charset.setEditable(True)
        self.charset.addItems(_CHARSETS)
        line = self.charset.lineEdit()
        if line is not None:
            line.setPlaceholderText("UTF-8 where it is needed")
        self._faults = {name: _fault() for name in self.texts}
        self.warning = note(_IN_CLEAR, "warn")
        self._tls_part = QWidget()
        self.web = WebFields()
        self._lay_out()
        self._connect()

    def show_draft(self, draft: PeerDraft) -> None:
        """Show another one."""
        self._draft, self._showing = draft, True
        for name, field in self.texts.items():
            field.setText(getattr(draft, name))
        self.passcode.setText(draft.passcode or "")
        self.encrypted.setChecked(draft.encrypted)
        self.verify.setChecked(draft.verify)
        self.insecure.setChecked(draft.insecure_identity)
        _choose(self.ways, draft.ways)
        _choose(self.syntaxes, draft.syntaxes)
        self.charset.setEditText(draft.charset)
        self.web.show_draft(draft.web, draft.web_secret)
        self._showing = False
        self._follow()

    def show_faults(self, faults: dict[str, str]) -> None:
        """Say what is wrong beside the fields it is about."""
        for name, label in self._faults.items():
            label.setText(faults.get(name, ""))
            label.setVisible(name in faults)
        self.web.show_faults(faults)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, theme.GAP_M, 0)
        column.setSpacing(theme.GAP_S)
        grid = _grid(column)
        self._row(grid, "Name", "name")
        self._row(grid, "Host", "host", "Port", "port")
        self._row(grid, "AE title", "aet")
        self._row(grid, "We are", "our_aet", "at port", "our_port")
        column.addWidget(_heading("Encryption"))
        column.addWidget(self.encrypted)
        files = QVBoxLayout(self._tls_part)
        files.setContentsMargins(0, 0, 0, 0)
        inner = _grid(files)
        for words, name in zip(
            ("Trusted CA", "Our certificate", "Its key"), _FILES, strict=True
        ):
            self._row(inner, words, name)
            self.texts[name].setPlaceholderText(
                "the system's" if name == "ca" else "none"
            )
        files.addWidget(self.verify)
        column.addWidget(self._tls_part)
        column.addWidget(_heading("Who we are for it"))
        grid = _grid(column)
        self._row(grid, "User", "user")
        self.texts["user"].setPlaceholderText("says nothing")
        grid.addWidget(QLabel("Passcode"), grid.rowCount(), 0)
        grid.addWidget(self.passcode, grid.rowCount() - 1, 1, 1, 3)
        column.addWidget(self.warning)
        column.addWidget(_heading("DICOMweb"))
        column.addWidget(self.web)
        column.addWidget(self.insecure)
        column.addWidget(_heading("How studies are fetched"))
        grid = _grid(column)
        for words, combo in (
            ("By", self.ways),
            ("Images", self.syntaxes),
            ("Queries in", self.charset),
        ):
            grid.addWidget(QLabel(words), grid.rowCount(), 0)
            grid.addWidget(combo, grid.rowCount() - 1, 1, 1, 3)
        column.addStretch(1)

    def _row(
        self, grid: QGridLayout, words: str, name: str, more: str = "", other: str = ""
    ) -> None:
        """A field with its words before it and its fault below; perhaps a short one."""
        at = grid.rowCount()
        grid.addWidget(QLabel(words), at, 0)
        self.texts[name].setObjectName(f"peer.{name}")
        self.texts[name].setAccessibleName(words)
        span = 1 if other or name in _FILES else 3
        grid.addWidget(self.texts[name], at, 1, 1, span)
        grid.addWidget(self._faults[name], at + 1, 1, 1, span)
        if other:
            grid.addWidget(QLabel(more), at, 2)
            self.texts[other].setObjectName(f"peer.{other}")
            self.texts[other].setFixedWidth(_SHORT)
            self.texts[other].setAccessibleName(more)
            grid.addWidget(self.texts[other], at, 3)
            grid.addWidget(self._faults[other], at + 1, 2, 1, 2)
        elif name in _FILES:
            browse = QPushButton("Browse…")
            browse.setAutoDefault(False)
            browse.clicked.connect(lambda: self._browse(name))
            grid.addWidget(browse, at, 2, 1, 2)

    def _connect(self) -> None:
        for field in (*self.texts.values(), self.passcode):
            field.textEdited.connect(self._on_edited)
        for box in (self.encrypted, self.verify, self.insecure):
            box.toggled.connect(self._on_edited)
        for combo in (self.ways, self.syntaxes):
            combo.currentIndexChanged.connect(self._on_edited)
        self.charset.editTextChanged.connect(self._on_edited)
        self.web.changed.connect(self._on_web)
        self.web.secret_typed.connect(self._on_secret)
        self.web.login_wanted.connect(self.login_wanted.emit)

    def _on_edited(self, *_: object) -> None:
        if self._showing:
            return
        texts = {name: field.text() for name, field in self.texts.items()}
        passcode = self.passcode.text()
        self._draft = replace(
            self._draft,
            name=texts["name"],
            host=texts["host"],
            port=texts["port"],
            aet=texts["aet"],
            our_aet=texts["our_aet"],
            our_port=texts["our_port"],
            user=texts["user"],
            ca=texts["ca"],
            certificate=texts["certificate"],
            key=texts["key"],
            passcode=passcode if passcode or self.passcode.isModified() else None,
            encrypted=self.encrypted.isChecked(),
            verify=self.verify.isChecked(),
            insecure_identity=self.insecure.isChecked(),
            ways=tuple(self.ways.currentData()),
            syntaxes=tuple(self.syntaxes.currentData()),
            charset=self.charset.currentText(),
        )
        self._follow()
        self.changed.emit(self._draft)

    def _on_web(self, web: WebDraft) -> None:
        other = web.url != self._draft.web.url or web.login is not self._draft.web.login
        self._draft = replace(self._draft, web=web)
        if other:  # it gets nothing that was meant for the one before
            self._draft = replace(self._draft, web_secret=None, tokens=None)
            self.web.secret.clear()
        self._follow()
        self.changed.emit(self._draft)

    def _on_secret(self, secret: str) -> None:
        self._draft = replace(self._draft, web_secret=secret)
        self.changed.emit(self._draft)

    def _follow(self) -> None:
        self._tls_part.setVisible(self._draft.encrypted)
        self.warning.setVisible(self._draft.in_clear)
        self.insecure.setVisible(self._draft.in_clear or self._draft.web.in_clear)
        allowed = not self._draft.in_clear or self._draft.insecure_identity
        self.passcode.setEnabled(bool(self._draft.user.strip()) and allowed)

    def _browse(self, name: str) -> None:
        before = self.texts[name].text()
        folder = str(Path(before).parent) if before else str(Path.home())
        kinds = "Certificates and keys (*.pem *.crt *.cer *.key);;All files (*)"
        found, _ = QFileDialog.getOpenFileName(self, "Choose a file", folder, kinds)
        if found:
            self.texts[name].setText(found)
            self._on_edited()


def _choose(combo: QComboBox, value: tuple[str, ...]) -> None:
    """Choose what the peer has; what was written by hand stays choosable."""
    for at in range(combo.count()):
        if tuple(combo.itemData(at)) == tuple(value):
            combo.setCurrentIndex(at)
            return
    combo.addItem("As in the file of peers", value)
    combo.setCurrentIndex(combo.count() - 1)


def _heading(words: str) -> QLabel:
    label = QLabel(words)
    theme.set_role(label, "section")
    label.setContentsMargins(0, theme.GAP_S, 0, 0)
    return label


def _fault() -> QLabel:
    label = QLabel()
    theme.set_role(label, "bad")
    label.hide()
    return label


def _grid(into: QVBoxLayout) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.GAP_M)
    grid.setVerticalSpacing(theme.UNIT)
    grid.setColumnMinimumWidth(0, 108)
    grid.setColumnStretch(1, 1)
    grid.setAlignment(Qt.AlignmentFlag.AlignTop)
    into.addLayout(grid)
    return grid
