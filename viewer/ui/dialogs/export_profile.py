"""Second step of an anonymized export: what it is for, and so what stays."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from viewer.core.deidentification import PROFILES, Option, Policy
from viewer.core.deidentification_words import (
    OPTION_NAMES,
    OPTION_SENTENCES,
    goes,
    stays,
)
from viewer.services.export_draft import ExportDraft
from viewer.ui import theme
from viewer.ui.dialogs.frame import note

_SETTINGS = (
    ("withhold_faces", "Withhold images that can show a face"),
    ("keep_documents", "Let documents (PDF) out as they are, uncleaned"),
    ("keep_video", "Let films out as they are, uncleaned"),
)
_CARD_HEIGHT = 118


class ProfileStep(QWidget):
    """Four cards in plain words; the options of the standard below, on demand.

    Signals
    -------
    changed : (ExportDraft)
    """

    changed = Signal(object)

    def __init__(self, draft: ExportDraft) -> None:
        super().__init__()
        self._draft = draft
        self.cards: dict[str, _Card] = {}
        self.options: dict[Option, QCheckBox] = {}
        self.settings: dict[str, QCheckBox] = {}
        self._note = note("", "warn")
        self.more = QToolButton()
        self.more.setText("More: the options of the standard")
        self.more.setCheckable(True)
        self.more.setArrowType(Qt.ArrowType.RightArrow)
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setWidget(self._option_list())
        self._area.viewport().setAutoFillBackground(False)
        self._area.hide()
        self.more.toggled.connect(self._on_more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP_M)
        column.addLayout(self._card_grid())
        column.addWidget(self._note)
        column.addWidget(self.more)
        column.addWidget(self._area, 1)
        column.addStretch(0)
        self.show_draft(draft)

    def show_draft(self, draft: ExportDraft) -> None:
        """Show another moment."""
        self._draft = draft
        policy = draft.policy
        for name, card in self.cards.items():
            own = name == policy.name
            card.setChecked(own)
            plain = next(one for one in PROFILES if one.name == name)
            card.show_policy(policy if own else plain, changed=own and policy != plain)
        for option, box in self.options.items():
            _set(box, on=option in policy.options)
        for name, box in self.settings.items():
            _set(box, on=getattr(policy, name))
        said = (
            "This project has left other things out until now; from this export on it "
            "leaves these."
        )
        self._note.setText(f"▲ {said}" if draft.changes_project else "")
        self._note.setVisible(draft.changes_project)

    def _card_grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(theme.GAP_S)
        group = QButtonGroup(self)
        for at, policy in enumerate(PROFILES):
            card = self.cards[policy.name] = _Card()
            card.setObjectName(f"profile.{policy.name}")
            group.addButton(card)
            card.clicked.connect(partial(self._choose, policy))
            grid.addWidget(card, at // 2, at % 2)
        return grid

    def _option_list(self) -> QWidget:
        inner = QWidget()
        theme.set_role(inner, "bare")
        column = QVBoxLayout(inner)
        column.setContentsMargins(theme.GAP_L, 0, theme.GAP_S, 0)
        column.setSpacing(2)
        for option, name in OPTION_NAMES.items():
            box = self.options[option] = QCheckBox(name)
            box.toggled.connect(partial(self._on_option, option))
            column.addWidget(box)
            column.addWidget(note(OPTION_SENTENCES[option]))
        for word, words in _SETTINGS:
            box = self.settings[word] = QCheckBox(words)
            box.toggled.connect(partial(self._on_setting, word))
            column.addWidget(box)
        column.addStretch(1)
        return inner

    def _on_more(self, on: bool) -> None:  # noqa: FBT001 - a Qt slot
        arrow = Qt.ArrowType.DownArrow if on else Qt.ArrowType.RightArrow
        self.more.setArrowType(arrow)
        self._area.setVisible(on)

    def _choose(self, policy: Policy, *_: object) -> None:
        if policy.name != self._draft.policy.name:
            self._say(replace(self._draft, policy=policy))

    def _on_option(self, option: Option, on: bool) -> None:  # noqa: FBT001 - a Qt slot
        self._say(self._draft.with_option(option, on=on))

    def _on_setting(self, word: str, on: bool) -> None:  # noqa: FBT001 - a Qt slot
        policy = self._draft.policy
        changed = {
            "keep_documents": partial(replace, policy, keep_documents=on),
            "keep_video": partial(replace, policy, keep_video=on),
            "withhold_faces": partial(replace, policy, withhold_faces=on),
        }[word]()
        self._say(replace(self._draft, policy=changed))

    def _say(self, draft: ExportDraft) -> None:
        self.show_draft(draft)
        self.changed.emit(draft)


class _Card(QPushButton):
    """One profile: its title, its sentence, what stays, what goes."""

    def __init__(self) -> None:
        super().__init__()
        theme.set_role(self, "card")
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setMinimumHeight(_CARD_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._title, self._sentence = QLabel(), note("", "secondary")
        self._stays, self._goes = note(""), note("")
        theme.set_role(self._title, "heading")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GAP_M, theme.GAP_S, theme.GAP_M, theme.GAP_S)
        column.setSpacing(theme.UNIT)
        for label in (self._title, self._sentence, self._stays, self._goes):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(label)
        column.addStretch(1)

    def show_policy(self, policy: Policy, *, changed: bool) -> None:
        """Say what a profile leaves, with options that were changed."""
        self._title.setText(policy.title + (" · changed" if changed else ""))
        self._sentence.setText(policy.sentence)
        self._stays.setText(f"Stays: {stays(policy.options)}")
        self._goes.setText(f"Goes: {goes(policy.options)}")
        self.setAccessibleName(policy.title)
        self.setAccessibleDescription(policy.sentence)


def _set(box: QCheckBox, *, on: bool) -> None:
    """Show it without taking it for a wish."""
    box.blockSignals(True)  # noqa: FBT003 - Qt's own signature
    box.setChecked(on)
    box.blockSignals(False)  # noqa: FBT003
