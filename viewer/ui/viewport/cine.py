"""The clock of a running cine."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer

from viewer.services.reading_state import ReadingState
from viewer.services.session import ReadingSession

_UNSTATED_MS = 1000 / 15
_FASTEST_MS = 10


class CineClock(QObject):
    """Goes on to the next image at the pace the file states.

    A beat is skipped while the image before is still on its way: a cine that decodes
    too slowly plays slowly, instead of showing nothing.

    Parameters
    ----------
    session : ReadingSession
    is_shown : callable
        Whether a viewport shows what it is asked to.
    parent : QObject
    """

    def __init__(
        self,
        session: ReadingSession,
        is_shown: Callable[[int], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._is_shown = session, is_shown
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_beat)

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

    def _on_beat(self) -> None:
        playing = self._session.state.playing
        if playing is not None and self._is_shown(playing):
            self._session.advance_cine()
