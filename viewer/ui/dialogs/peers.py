"""Describe the peers and our own listener: a list at the left, fields at the right."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from viewer.commands.desk import Desk, Tone
from viewer.commands.listening import start_listening, to_ear
from viewer.core.errors import ViewerError
from viewer.services.exchange import Hearing
from viewer.services.peer_drafts import PeerDraft
from viewer.services.peer_keeping import keep_peers, login_of_draft
from viewer.ui import theme
from viewer.ui.dialogs.frame import Dialog, note
from viewer.ui.dialogs.listener_fields import ListenerFields
from viewer.ui.dialogs.onlooker import Onlooker, tokens_of_draft
from viewer.ui.dialogs.peer_fields import PeerFields
from viewer.ui.icons import icon

if TYPE_CHECKING:
    from viewer.core.peers import Peer
    from viewer.network.web.oauth import Tokens
    from viewer.services.streaming import Stream

_SIZE = (860, 640)
_LIST_WIDTH = 210
_NEW = "New peer"


class PeersDialog(Dialog):
    """Works on copies: nothing is changed before the user says so."""

    def __init__(
        self, desk: Desk, peers: "Sequence[Peer]", parent: QWidget | None
    ) -> None:
        super().__init__("PACS and other peers", "Save", parent)
        self.resize(*_SIZE)
        self._desk = desk
        self.drafts = [PeerDraft.of(peer) for peer in peers]
        self._removed: tuple[int, PeerDraft] | None = None
        self._test: Stream[str] | None = None
        self._login: Stream[Tokens] | None = None
        self.list = QListWidget()
        self.list.setIconSize(QSize(theme.GAP_L, theme.GAP_L))
        theme.set_role(self.list, "well")
        self.fields = PeerFields()
        self.ear = to_ear(desk)
        self.listener = ListenerFields(
            self.ear, offer_priors=desk.settings.value.offer_priors
        )
        self.said = note("", "secondary")
        self.test = self._button("Test", self.run_test)
        self.undo = self._button("Undo", self._put_back)
        theme.set_role(self.undo, "link")
        self.undo.hide()
        self._pages = QStackedWidget()
        self._lay_out()
        self.fields.changed.connect(self._on_edited)
        self.fields.login_wanted.connect(self.log_in)
        self.listener.changed.connect(self._show_state)
        self.list.currentRowChanged.connect(self._on_chosen)
        desk.exchange.heard.connect(self._on_heard)
        self._on_heard(desk.exchange.hearing)
        self.finished.connect(self._leave)
        if not self.drafts:
            self.drafts.append(PeerDraft(name=_NEW))
        self._fill(0)

    # Building

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.UNIT)
        for word, act in (
            ("Add", self.add_peer),
            ("Duplicate", self.duplicate),
            ("Remove", self.remove),
        ):
            button = self._button(word, act)
            theme.set_role(button, "flat")
            buttons.addWidget(button)
        buttons.addStretch(1)
        left = QVBoxLayout()
        left.setSpacing(theme.GAP_S)
        left.addWidget(self.list, 1)
        left.addLayout(buttons)
        gone = QHBoxLayout()
        self._gone = QLabel()
        theme.set_role(self._gone, "secondary")
        gone.addWidget(self._gone)
        gone.addWidget(self.undo)
        gone.addStretch(1)
        left.addLayout(gone)
        side = QWidget()
        side.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        side.setFixedWidth(_LIST_WIDTH)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.fields)
        self.fields.setAutoFillBackground(False)
        for page in (scroll, self.listener):
            self._pages.addWidget(page)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_L)
        row.addWidget(side)
        row.addWidget(self._pages, 1)
        self.add(row)
        self.foot.insertWidget(0, self.test)
        self.foot.insertWidget(1, self.said, 100)

    def _button(self, word: str, act: object) -> QPushButton:
        button = QPushButton(word)
        button.setObjectName(f"peers.{word.lower()}")
        button.setAutoDefault(False)
        button.clicked.connect(act)
        return button

    # The list

    def add_peer(self) -> None:
        """Begin a new one."""
        self.drafts.append(PeerDraft(name=self._free_name(_NEW)))
        self._fill(len(self.drafts) - 1)
        self.fields.texts["name"].setFocus()
        self.fields.texts["name"].selectAll()

    def duplicate(self) -> None:
        """Begin a new one like the one that is chosen."""
        draft = self._chosen
        if draft is not None:
            self.drafts.append(draft.copied(self._free_name(draft.name)))
            self._fill(len(self.drafts) - 1)

    def remove(self) -> None:
        """Take the one that is chosen away; it can be put back."""
        row, draft = self.list.currentRow(), self._chosen
        if draft is None:
            return
        del self.drafts[row]
        self._removed = (row, draft)
        self._gone.setText(f"{draft.name} removed.")
        self.undo.show()
        self._fill(min(row, len(self.drafts) - 1))

    def _put_back(self) -> None:
        if self._removed is not None:
            row, draft = self._removed
            self.drafts.insert(row, draft)
            self._removed = None
            self._gone.clear()
            self.undo.hide()
            self._fill(row)

    @property
    def _chosen(self) -> PeerDraft | None:
        row = self.list.currentRow()
        return self.drafts[row] if 0 <= row < len(self.drafts) else None

    def _free_name(self, name: str) -> str:
        taken = {one.name for one in self.drafts}
        names = (name, *(f"{name} {n}" for n in range(2, len(taken) + 3)))
        return next(free for free in names if free not in taken)

    def _fill(self, row: int) -> None:
        """List the peers, our listener below them."""
        self.list.blockSignals(True)  # noqa: FBT003 - Qt's own signature
        self.list.clear()
        for draft in self.drafts:
            self.list.addItem(_item("hard-drives", draft.name))
        self.list.addItem(_item("ear", "This computer"))
        self.list.blockSignals(False)  # noqa: FBT003
        self.list.setCurrentRow(max(0, row))
        self._on_chosen(self.list.currentRow())

    def _on_chosen(self, _: int) -> None:
        self._call_off()
        draft = self._chosen
        self._pages.setCurrentIndex(0 if draft is not None else 1)
        self.test.setVisible(draft is not None)
        if draft is not None:
            self.fields.show_draft(draft)
        self._show_state()

    def _on_edited(self, draft: PeerDraft) -> None:
        row = self.list.currentRow()
        self.drafts[row] = draft
        self.list.item(row).setText(draft.name or "(no name)")
        self._call_off()
        self._show_state()

    def _show_state(self) -> None:
        """Say beside the fields what is wrong; only what is right can be saved."""
        found = [
            draft.faults(tuple(o for o in self.drafts if o is not draft))
            for draft in self.drafts
        ]
        row = self.list.currentRow()
        if self._chosen is not None:
            untouched = self._chosen == PeerDraft(name=self._chosen.name)
            self.fields.show_faults({} if untouched else found[row])
            self.test.setEnabled(not found[row])
        bad = [at for at, faults in enumerate(found) if faults]
        unfinished = [at for at in bad if not _is_blank(self.drafts[at])]
        self.main.setEnabled(not unfinished and not self.listener.fault)
        for at, faults in enumerate(found):
            wrong = bool(faults) and not _is_blank(self.drafts[at])
            sign = icon("warning", "warn") if wrong else icon("hard-drives")
            self.list.item(at).setIcon(sign)

    # The test

    def run_test(self) -> None:
        """Ask the peer for a sign of life, as it is described now."""
        draft = self._chosen
        if draft is None:
            return
        self._call_off()
        self._say(f"Calling {draft.name}…", "secondary")
        self.test.setEnabled(False)
        self._test = self._desk.streams.ask(
            partial(self._sign_of_life, draft), self._on_answer, self._on_fault, "echo"
        )

    def _sign_of_life(self, draft: PeerDraft, cancel: Callable[[], bool]) -> str:
        from viewer.services.signs_of_life import (  # noqa: PLC0415 - the wire
            sign_of_life,
        )

        peer, secret = draft.to_peer(), draft.passcode
        if secret is None and draft.before is not None:
            secret = self._desk.exchange.secrets.passcode(draft.before)
        login = login_of_draft(draft, self._desk.exchange.logins)
        sign = sign_of_life(peer, secret or "", login=login, cancel=cancel)
        return f"{peer.name} answers {sign.words}."

    def _on_answer(self, words: str) -> None:
        self._say(f"● {words}", "good")
        self._show_state()

    def _on_fault(self, error: BaseException) -> None:
        self._show_state()
        if isinstance(error, ViewerError):
            self._say(f"▲ {error.message} {error.hint}", "warn")
        else:
            self._desk.window.failed(error)

    def _call_off(self) -> None:
        for stream in (self._test, self._login):
            if stream is not None:
                stream.cancel()
        self._test = self._login = None
        self._say("", "secondary")

    def _say(self, words: str, role: str) -> None:
        theme.set_role(self.said, role)
        self.said.setText(words)

    # The login

    def log_in(self) -> None:
        """Log in to the peer's DICOMweb with OAuth; Save keeps what that gives."""
        draft = self._chosen
        if draft is None:
            return
        self._call_off()
        self._say(f"Logging in to {draft.name}…", "secondary")
        onlooker = Onlooker(self)
        onlooker.code_shown.connect(self._on_code)
        self._login = self._desk.streams.ask(
            partial(tokens_of_draft, draft, onlooker),
            self._on_tokens,
            self._on_fault,
            "login",
        )

    def _on_code(self, code: str, address: str) -> None:
        self._say(f"Type {code} at {address}", "secondary")

    def _on_tokens(self, tokens: "Tokens") -> None:
        row, draft = self.list.currentRow(), self._chosen
        if draft is not None:
            self.drafts[row] = replace(draft, tokens=tokens)
            self.fields.show_draft(self.drafts[row])
            self._say("● You are logged in; Save keeps it.", "good")
            self._show_state()

    # The end

    @override
    def accept(self) -> None:
        """Keep all of it, off the GUI thread; what is still blank is left out."""
        exchange = self._desk.exchange
        wanted = [draft for draft in self.drafts if not _is_blank(draft)]
        work = partial(keep_peers, exchange.peers, exchange.secrets, wanted)
        self._desk.jobs.submit(work, self._on_kept, self._on_fault)

    def _on_kept(self, notes: Sequence[str]) -> None:
        for words in notes:
            self._desk.window.notice(words, tone=Tone.WARNING)
        ear = self.listener.ear(self.ear)
        self._desk.settings.change(
            listen=ear.on,
            listen_port=ear.port,
            listen_title=ear.title,
            listen_callers=ear.callers,
            offer_priors=self.listener.priors.isChecked(),
        )
        self._desk.exchange.peers_changed.emit()
        if ear != self.ear or ear.on:
            start_listening(self._desk)
        super().accept()

    def _on_heard(self, hearing: Hearing) -> None:
        self.listener.show_hearing(hearing, self._desk.exchange.received)

    def _leave(self) -> None:
        self._call_off()
        self._desk.exchange.heard.disconnect(self._on_heard)


def _is_blank(draft: PeerDraft) -> bool:
    """Whether nobody has written anything into it."""
    return draft == PeerDraft(name=draft.name) and draft.name.startswith(_NEW)


def _item(sign: str, words: str) -> QListWidgetItem:
    item = QListWidgetItem(icon(sign), words)
    item.setSizeHint(QSize(0, theme.ROW))
    return item
