"""The images somebody looks through, by series, each with what is said of it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem
from typing_extensions import override

from viewer.core.counts import counted
from viewer.core.review import Review, Verdict
from viewer.services.review_state import Look, ReviewState
from viewer.ui import theme
from viewer.ui.icons import icon

_PLACE = Qt.ItemDataRole.UserRole
_SIGNS = {
    Verdict.PROPOSED: ("circle-dashed", "secondary"),
    Verdict.REVIEWED: ("check-circle", "good"),
    Verdict.WITHHELD: ("prohibit", "warn"),
}


class LookList(QTreeWidget):
    """Series with their images below; what nobody has decided about stands out.

    Signals
    -------
    chosen : (int)
        The place of an image that was clicked.
    """

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderHidden(True)
        self.setColumnCount(2)
        self.setIndentation(theme.GAP_M)
        self.setUniformRowHeights(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys are the image's
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setColumnWidth(0, 168)
        self.setAccessibleName("Images to review")
        self._items: list[QTreeWidgetItem] = []
        self._heads: dict[str, QTreeWidgetItem] = {}
        self._said: list[Review] = []
        self._state = ReviewState()
        self.itemClicked.connect(self._on_clicked)

    def show_looks(self, state: ReviewState) -> None:
        """List other images."""
        self.clear()
        self._items, self._heads, self._state = [], {}, ReviewState()
        self._said = []
        for place, look in enumerate(state.looks):
            head = self._heads.get(look.series_uid)
            if head is None:
                head = QTreeWidgetItem([_series_words(look), ""])
                head.setFlags(Qt.ItemFlag.ItemIsEnabled)
                self._heads[look.series_uid] = head
                self.addTopLevelItem(head)
                head.setExpanded(True)
            item = QTreeWidgetItem(["", ""])
            item.setData(0, _PLACE, place)
            head.addChild(item)
            self._items.append(item)
        self.show_state(state)

    def show_state(self, state: ReviewState) -> None:
        """Say what is decided by now, and mark the image on show."""
        if len(self._items) != len(state.looks):
            return
        anew = state.reviews is not self._state.reviews or not self._state.looks
        self._state = state
        if anew:
            self._write(state)
        if self._items:
            self.setCurrentItem(self._items[state.place])

    def _write(self, state: ReviewState) -> None:
        left: dict[str, int] = dict.fromkeys(self._heads, 0)
        reviews = [state.review_of(look) for look in state.looks]
        before: list[Review | None] = [*self._said] or [None] * len(reviews)
        self._said = reviews
        rows = zip(self._items, state.looks, reviews, before, strict=True)
        for item, look, review, known in rows:
            left[look.series_uid] += review.verdict is Verdict.PROPOSED
            if review == known:
                continue  # thousands of rows are not painted anew for one
            sign, role = _SIGNS[review.verdict]
            item.setIcon(0, icon(sign, role))
            item.setText(0, _image_words(look))
            item.setText(1, said(review))
            item.setToolTip(1, look.reason)
        for uid, head in self._heads.items():
            head.setText(1, f"{left[uid]:,} to do" if left[uid] else "done")

    @override
    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type] # Qt's own event
        self.setColumnWidth(0, max(self.viewport().width() - 104, 80))

    def _on_clicked(self, item: QTreeWidgetItem) -> None:
        place = item.data(0, _PLACE)
        if place is not None:
            self.chosen.emit(place)


def said(review: Review) -> str:
    """What is decided about an image, in a few words."""
    boxes = counted(len(review.boxes), "box", "boxes")
    if review.verdict is Verdict.WITHHELD:
        return "stays here"
    if review.verdict is Verdict.REVIEWED:
        return boxes if review.boxes else "nothing on it"
    return f"{len(review.boxes):,} proposed" if review.boxes else "not reviewed"


def _series_words(look: Look) -> str:
    return look.title.rpartition(" · ")[0] or look.title


def _image_words(look: Look) -> str:
    words = look.title.rpartition(" · ")[2]
    return f"{words}, {look.frames:,} fr." if look.frames > 1 else words
