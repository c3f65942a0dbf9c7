"""The clock of a running cine."""

from PySide6.QtCore import QObject, Qt, QTimer

from viewer.services.reading_state import ReadingState
from viewer.services.session import ReadingSession

_UNSTATED_MS = 1000 / 15
_FASTEST_MS = 10


class CineClock(QObject):
    """Goes on to the next image at the pace the file states."""

    def __init__(self, session: ReadingSession, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(session.advance_cine)

    def show_state(self, state: ReadingState) -> None:
        """Run while something plays, and rest otherwise."""
        stack = None if state.playing is None else self._session.shown(state.playing)
        if stack is None:
            self._timer.stop()
            return
        stated = stack.image(0).frame_time_ms
        pace = max(round(stated or _UNSTATED_MS), _FASTEST_MS)
        if not self._timer.isActive() or self._timer.interval() != pace:
            self._timer.start(pace)
