"""Which study of the list may be opened next, before anything is selected."""

from PySide6.QtCore import QModelIndex, QObject, QTimer, Signal

from viewer.ui.browser.table_model import StudyTable
from viewer.ui.browser.table_view import StudyList

_RESTS_MS = 50  # on its way to another row the pointer crosses many
_MOST_INSTANCES = 2000  # more would hold the interpreter longer than a hand may wait


class Foreseeing(QObject):
    """Follows the pointer over the list; selection and keyboard stay where they are.

    Signals
    -------
    foreseen : (str or None)
        The UID of a study the pointer rests on or has pressed; None when it left.
    """

    foreseen = Signal(object)

    def __init__(self, shown: StudyList, studies: StudyTable) -> None:
        super().__init__(shown)
        self._list, self._studies = shown, studies
        self._rests = QTimer(self, interval=_RESTS_MS, singleShot=True)
        self._rests.timeout.connect(self._on_rest)
        shown.hover_changed.connect(self._on_hover)
        shown.pressed.connect(self._on_press)

    def _on_hover(self, row: int) -> None:
        if row < 0:
            self._rests.stop()
            self.foreseen.emit(None)
        else:
            self._rests.start()

    def _on_rest(self) -> None:
        self._say(self._list.hovered)

    def _on_press(self, index: QModelIndex) -> None:
        self._rests.stop()
        self._say(index.row())

    def _say(self, row: int) -> None:
        study = self._studies.study(row) if row >= 0 else None
        few = study is not None and study.instances <= _MOST_INSTANCES
        self.foreseen.emit(study.study_uid if study and few else None)
