"""Last step of an anonymized export: who has looked at the pictures, what leaves."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from viewer.core.counts import counted
from viewer.services.export_draft import ExportDraft
from viewer.services.review_state import ReviewState
from viewer.services.survey import Forecast, Survey, forecast
from viewer.ui import theme
from viewer.ui.dialogs.frame import note
from viewer.ui.dialogs.tables import row_table

_TITLES = (("Why somebody must look", 0), ("Images", 80), ("Reviewed", 80))
_STAYS = (("Why it stays here", 0), ("Images", 80))


class PicturesStep(QWidget):
    """What must be looked at by reason, and what would leave with it.

    Attributes
    ----------
    told : Forecast
        What would leave, as it was shown last.

    Signals
    -------
    review_wanted : ()
        The user wants to look at the pictures.
    """

    review_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.told = Forecast(0, {})
        self.summary, self.look_words = note("", "heading"), note("", "secondary")
        self.reasons, self.stays = row_table(_TITLES), row_table(_STAYS)
        self._faces = note("", "warn")
        self.review = QPushButton("Review the pictures…")
        self.review.setObjectName("review")
        self.review.setAutoDefault(False)
        self.review.clicked.connect(self.review_wanted)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_M)
        row.addWidget(self.look_words, 1)
        row.addWidget(self.review)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP_M)
        column.addLayout(row)
        column.addWidget(self.reasons, 1)
        column.addWidget(self.summary)
        column.addWidget(self.stays, 1)
        column.addWidget(self._faces)

    def show_all(self, found: Survey, draft: ExportDraft) -> Forecast:
        """Show what is known now; the answer is what would leave."""
        state = ReviewState(found.looks, draft.reviews)
        self.told = told = forecast(found, draft.policy, draft.reviews)
        self._show_looks(state)
        self._show_stays(told)
        faces = found.faces
        shown = faces > 0 and not draft.policy.withhold_faces
        self._faces.setVisible(shown)
        images = counted(faces, "image")
        self._faces.setText(
            f"▲ {images} can show a face, and nothing here takes faces away. More "
            "options of step 2 withhold them."
        )
        return told

    def _show_looks(self, state: ReviewState) -> None:
        progress, seen, every = state.progress, dict[str, int](), dict[str, int]()
        for look in state.looks:
            every[look.reason] = every.get(look.reason, 0) + 1
            seen[look.reason] = seen.get(look.reason, 0) + state.is_seen(look)
        self.review.setVisible(bool(state.looks))
        self.reasons.setVisible(bool(state.looks))
        if not state.looks:
            self.look_words.setText("No picture of these studies has to be looked at.")
            return
        self.look_words.setText(
            f"{counted(progress.all_images, 'image')} may have names written into the "
            f"picture; {progress.words}."
        )
        cells = [
            (reason, f"{count:,}", f"{seen[reason]:,}")
            for reason, count in sorted(every.items(), key=lambda one: -one[1])
        ]
        _fill(self.reasons, cells)

    def _show_stays(self, told: Forecast) -> None:
        stay = told.total - told.leaves
        words = f"{told.leaves:,} of {counted(told.total, 'image')} go out"
        self.summary.setText(f"{words}, {stay:,} stay here." if stay else f"{words}.")
        self.stays.setVisible(bool(stay))
        _fill(self.stays, [(r.sentence, f"{n:,}") for r, n in told.stays.items()])


def _fill(table: QTableWidget, rows: Sequence[tuple[str, ...]]) -> None:
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    table.setRowCount(len(rows))
    for at, cells in enumerate(rows):
        for column, text in enumerate(cells):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            if column:
                item.setTextAlignment(right)
            table.setItem(at, column, item)
