"""The fields that describe a peer's DICOMweb, and how one logs in to it."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from viewer.core.peers import Login
from viewer.services.web_drafts import WebDraft
from viewer.ui import theme
from viewer.ui.dialogs.frame import note

_LOGINS = (
    ("No login", Login.NONE),
    ("User and password", Login.BASIC),
    ("A token", Login.BEARER),
    ("OAuth: in the browser, or with a code", Login.OAUTH),
)
_ROWS = (
    ("url", "Address", "none"),
    ("web_user", "User", ""),
    ("authorize_url", "Login page", "https://…/authorize"),
    ("device_url", "or device codes", "https://…/device"),
    ("token_url", "Tokens from", "https://…/token"),
    ("client_id", "Client ID", ""),
    ("scope", "Scope", "what the server gives by itself"),
)
_SHOWN = {
    Login.NONE: {"url"},
    Login.BASIC: {"url", "web_user", "secret"},
    Login.BEARER: {"url", "secret"},
    Login.OAUTH: {
        *("url", "authorize_url", "device_url", "token_url", "client_id", "scope"),
    },
}
_IN_CLEAR = (
    "Without https:// what logs in travels in clear: anybody on the network can "
    "read it."
)


class WebFields(QWidget):
    """Shows a draft, and tells when it was changed by hand.

    Signals
    -------
    changed : (WebDraft)
    secret_typed : (str)
    login_wanted : ()
        The user wants to log in with OAuth now.
    """

    changed = Signal(object)
    secret_typed = Signal(str)
    login_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._draft = WebDraft()
        self.texts = {name: QLineEdit() for name, _, _ in _ROWS}
        self.faults = {name: QLabel() for name in self.texts}
        self.logins = QComboBox()
        for words, login in _LOGINS:
            self.logins.addItem(words, login)
        self.secret = QLineEdit()
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.secret.setPlaceholderText("unchanged")
        self.log_in = QPushButton("Log in…")
        self.log_in.setObjectName("peer.web.log_in")
        self.log_in.setAutoDefault(False)
        self.warning = note(_IN_CLEAR, "warn")
        self._labels: dict[str, QLabel] = {}
        self._lay_out()
        self.logins.currentIndexChanged.connect(self._on_edited)
        self.secret.textEdited.connect(self.secret_typed.emit)
        self.log_in.clicked.connect(self.login_wanted.emit)
        for field in self.texts.values():
            field.textEdited.connect(self._on_edited)

    def show_draft(self, draft: WebDraft, secret: str | None) -> None:
        """Show another one."""
        self._draft = draft
        for name, field in self.texts.items():
            field.setText(getattr(draft, name))
        self.logins.blockSignals(True)  # noqa: FBT003 - Qt's own signature
        self.logins.setCurrentIndex(self.logins.findData(draft.login))
        self.logins.blockSignals(False)  # noqa: FBT003
        self.secret.setText(secret or "")
        self._follow()

    def show_faults(self, faults: dict[str, str]) -> None:
        """Say what is wrong beside the fields it is about."""
        shown = _SHOWN[self._draft.login]
        for name, label in self.faults.items():
            label.setText(faults.get(name, ""))
            label.setVisible(name in faults and name in shown)
        wrong = bool(faults.keys() & self.texts.keys())
        self.log_in.setEnabled(self._draft.is_described and not wrong)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP_S)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.GAP_M)
        grid.setVerticalSpacing(theme.UNIT)
        grid.setColumnMinimumWidth(0, 108)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        for name, words, hint in _ROWS:
            self._row(grid, name, words, self.texts[name])
            self.texts[name].setPlaceholderText(hint)
            theme.set_role(self.faults[name], "bad")
            self.faults[name].hide()
            grid.addWidget(self.faults[name], grid.rowCount(), 1)
            if name == "url":
                self._row(grid, "login", "Log in with", self.logins)
            elif name == "web_user":
                self._row(grid, "secret", "Password", self.secret)
        grid.addWidget(self.log_in, grid.rowCount(), 1)
        column.addWidget(self.warning)

    def _row(self, grid: QGridLayout, name: str, words: str, field: QWidget) -> None:
        row = grid.rowCount()
        label = self._labels[name] = QLabel(words)
        field.setObjectName(f"peer.web.{name}")
        field.setAccessibleName(words)
        grid.addWidget(label, row, 0)
        grid.addWidget(field, row, 1)

    def _on_edited(self, *_: object) -> None:
        texts = {name: field.text() for name, field in self.texts.items()}
        login = Login(self.logins.currentData())
        self._draft = replace(self._draft, login=login, **texts)
        self._follow()
        self.changed.emit(self._draft)

    def _follow(self) -> None:
        """Show what the login needs, and nothing else."""
        login = self._draft.login
        shown = _SHOWN[login] if self._draft.is_described else {"url"}
        fields: dict[str, QWidget] = {**self.texts, "secret": self.secret}
        for name, field in fields.items():
            field.setVisible(name in shown)
            self._labels[name].setVisible(name in shown)
        for widget in (self.logins, self._labels["login"]):
            widget.setVisible(self._draft.is_described)
        self._labels["secret"].setText("Token" if login is Login.BEARER else "Password")
        self.log_in.setVisible(self._draft.is_described and login is Login.OAUTH)
        self.warning.setVisible(self._draft.in_clear)
