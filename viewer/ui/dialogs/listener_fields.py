"""How this computer takes what peers send: on or off, title, port, who may."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from viewer.core.counts import counted
from viewer.core.peers import is_title
from viewer.services.exchange import Ear, Hearing
from viewer.ui import theme
from viewer.ui.dialogs.frame import note

_CALLERS_HEIGHT = 110


class ListenerFields(QWidget):
    """Our listener, as settled and as it is, and what we ask peers by ourselves.

    Signals
    -------
    changed : ()
    """

    changed = Signal()

    def __init__(self, ear: Ear, *, offer_priors: bool) -> None:
        super().__init__()
        self.priors = QCheckBox("Look at peers for other studies of the open patient")
        self.priors.setChecked(offer_priors)
        self.on = QCheckBox("Take what others send to this computer")
        self.title, self.port = QLineEdit(ear.title), QLineEdit(str(ear.port))
        self.callers = QPlainTextEdit("\n".join(ear.callers))
        self.callers.setPlaceholderText("everybody")
        self.callers.setFixedHeight(_CALLERS_HEIGHT)
        theme.set_role(self.callers, "well")
        self.on.setChecked(ear.on)
        self.status = QLabel()
        self.status.setWordWrap(True)
        self._fault = note("", "bad")
        form = QFormLayout()
        form.setHorizontalSpacing(theme.GAP_M)
        form.setVerticalSpacing(theme.GAP_S)
        form.addRow("Our AE title", self.title)
        form.addRow("Port", self.port)
        form.addRow("Who may send", self.callers)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, theme.GAP_M, 0)
        column.setSpacing(theme.GAP_S)
        column.addWidget(self.on)
        column.addLayout(form)
        column.addWidget(
            note("One caller a line: TITLE, TITLE@HOST or @HOST. C-MOVE needs no entry "
                 "here: we listen by ourselves while something is fetched that way.")
        )  # fmt: skip
        column.addWidget(self._fault)
        column.addWidget(self.status)
        column.addSpacing(theme.GAP_L)
        column.addWidget(self.priors)
        column.addStretch(1)
        for field in (self.title, self.port):
            field.textEdited.connect(self._on_edited)
        self.callers.textChanged.connect(self._on_edited)
        self.on.toggled.connect(self._on_edited)
        self._on_edited()

    @property
    def fault(self) -> str:
        """What is wrong with the fields; empty if nothing is."""
        if not is_title(self.title.text().strip()):
            return "An AE title has 1 to 16 characters: letters, digits, - and _."
        text = self.port.text().strip()
        if not (text.isascii() and text.isdigit() and 0 < int(text[:6]) < 65536):
            return "A port is a number from 1 to 65535."
        return ""

    def ear(self, before: Ear) -> Ear:
        """How to listen from now on; nothing changes while something is wrong."""
        if self.fault:
            return before
        lines = (line.strip() for line in self.callers.toPlainText().splitlines())
        return replace(
            before,
            on=self.on.isChecked(),
            port=int(self.port.text()),
            title=self.title.text().strip(),
            callers=tuple(line for line in lines if line),
        )

    def show_hearing(self, hearing: Hearing, received: int) -> None:
        """Say whether we listen now."""
        if hearing.fault is not None:
            theme.set_role(self.status, "warn")
            self.status.setText(f"▲ {hearing.fault.message} {hearing.fault.hint}")
        elif hearing.port:
            theme.set_role(self.status, "good")
            came = f"; {counted(received, 'object')} came" if received else ""
            self.status.setText(f"● Listening at port {hearing.port}{came}.")
        else:
            theme.set_role(self.status, "secondary")
            self.status.setText("○ Not listening.")

    def _on_edited(self, *_: object) -> None:
        self._fault.setText(self.fault)
        self._fault.setVisible(bool(self.fault))
        self.changed.emit()
