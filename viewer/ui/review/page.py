"""The review page: what is to be looked at, the image, and what can be said of it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from viewer.commands.desk import Desk, Page
from viewer.services.review_frames import Frames, ReviewFrames
from viewer.services.review_state import Look, ReviewState
from viewer.ui import theme
from viewer.ui.actions import Actions
from viewer.ui.dialogs.frame import note
from viewer.ui.panels.eliding import ElidingLabel
from viewer.ui.review.canvas import ReviewCanvas
from viewer.ui.review.contact_strip import ContactStrip
from viewer.ui.review.look_list import LookList, said

_SIDE = 272
_BAR_WIDTH = 120
_FIXED = QSizePolicy.Policy.Fixed
_BUTTONS = (
    ("review.accept", "review.nothing", "review.withhold", "review.series"),
    ("review.add", "review.remove", "review.preview", "review.range"),
    ("review.next_unseen", "review.undo", "review.redo"),
)


class ReviewPage(QWidget):
    """Shows the review session; the images come one study after the other."""

    def __init__(self, desk: Desk, actions: Actions) -> None:
        super().__init__()
        theme.set_role(self, "page")
        self._desk, self._review = desk, desk.review
        self._source = ReviewFrames(desk.library, desk.jobs)
        self._look: Look | None = None
        self.list = LookList()
        self.canvas = ReviewCanvas(desk)
        self.strip = ContactStrip(desk)
        self.title, self.reason = QLabel(), ElidingLabel()
        self.progress, self.said, self.note = QLabel(), QLabel(), note("")
        self._bar = QProgressBar()
        self.list.chosen.connect(self._review.go_to)
        self.strip.chosen.connect(self._review.show_frame)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head(actions))
        column.addLayout(self._body(actions), 1)
        self.setFocusProxy(self.canvas)
        actions.hear(self, Page.REVIEW)
        self._review.begun.connect(self._on_begun)
        self._review.changed.connect(self._on_changed)

    def close_page(self) -> None:
        """Ask for nothing more: decoding is about to end."""
        self._source.forget()
        self.canvas.put_away()
        self.strip.put_away()

    def _head(self, actions: Actions) -> QWidget:
        head = QWidget()
        theme.set_role(head, "strip")
        head.setFixedHeight(theme.BAR)
        theme.set_role(self.title, "heading")
        theme.set_role(self.reason, "secondary")
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(_BAR_WIDTH)
        self.progress.setFont(theme.figures(self.progress.font()))
        row = QHBoxLayout(head)
        row.setContentsMargins(theme.GAP_L, 0, theme.GAP_S, 0)
        row.setSpacing(theme.GAP_M)
        self.said.setFont(theme.figures(self.said.font()))
        row.addWidget(self.title)
        row.addWidget(self.said)
        row.addWidget(self.reason, 1)
        row.addWidget(self.progress)
        row.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(actions.button("review.leave", words=True))
        return head

    def _body(self, actions: Actions) -> QHBoxLayout:
        side = QWidget()
        theme.set_role(side, "side")
        side.setFixedWidth(_SIDE)
        inner = QVBoxLayout(side)
        inner.setContentsMargins(0, theme.GAP_S, 0, 0)
        inner.addWidget(self.list, 1)
        self.note.setContentsMargins(theme.GAP_M, 0, theme.GAP_S, theme.GAP_M)
        inner.addWidget(self.note)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.canvas, 1)
        right.addWidget(self.strip)
        right.addWidget(self._foot(actions))
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(side)
        row.addLayout(right, 1)
        return row

    def _foot(self, actions: Actions) -> QWidget:
        """What can be said, by its words, in groups."""
        foot = QWidget()
        theme.set_role(foot, "footer")
        row = QHBoxLayout(foot)
        row.setContentsMargins(theme.GAP_S, theme.UNIT, theme.GAP_L, theme.UNIT)
        row.setSpacing(theme.UNIT)
        for at, group in enumerate(_BUTTONS):
            if at:
                row.addSpacing(theme.GAP_L)
            for name in group:
                button = actions.button(name, words=not at)
                button.setSizePolicy(_FIXED, _FIXED)
                row.addWidget(button)
        row.addStretch(1)
        return foot

    def _on_begun(self, state: ReviewState) -> None:
        self._look = None
        self._source.forget()  # what was found may have changed since
        self.list.show_looks(state)
        if not state.looks:
            self.close_page()

    def _on_changed(self, state: ReviewState) -> None:
        self.list.show_state(state)
        if state.look is not self._look:
            self._look = state.look
            self._ask(state.look)
        self.canvas.show_state(state)
        self.strip.show_state(state)
        self._write(state)

    def _ask(self, look: Look | None) -> None:
        self.canvas.show_frames(None)
        self.strip.show_frames(self._review.state, None)
        if look is not None:
            self._source.ask(look, self._take, self._desk.window.failed)

    def _take(self, frames: Frames) -> None:
        self.canvas.show_frames(frames)
        self.strip.show_frames(self._review.state, frames)

    def _write(self, state: ReviewState) -> None:
        look, progress = state.look, state.progress
        self.title.setText("" if look is None else look.title)
        self.reason.setText("" if look is None else look.reason)
        self.progress.setText(progress.words)
        self.note.setText(state.note)
        self.note.setVisible(bool(state.note))
        self._bar.setRange(0, max(progress.all_images, 1))
        self._bar.setValue(progress.images)
        parts = [] if look is None else [said(state.review_of(look))]
        if look is not None and look.frames > 1:
            parts.append(f"frame {state.frame:,} of {look.frames:,}")
        self.said.setText("  ·  ".join(parts))
