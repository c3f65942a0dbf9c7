"""The grid of viewports, with thin gutters on black."""

from collections.abc import Callable, Hashable

from PySide6.QtCore import QRect
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from viewer.services.painters_ahead import Ahead
from viewer.services.reading_state import ReadingState
from viewer.ui import theme
from viewer.ui.viewport.viewport import ViewportWidget


class ViewportGrid(QWidget):
    """Places the visible viewports; those out of sight are kept for later.

    A viewport is built once, when its place is first seen.
    """

    def __init__(self, build: Callable[[int, QWidget], ViewportWidget]) -> None:
        super().__init__()
        self._build = build
        self._state = ReadingState()
        self.viewports: list[ViewportWidget] = []
        theme.set_role(self, "canvas")

    @property
    def ahead(self) -> dict[Hashable, Ahead]:
        """What the visible viewports come to if the hand scrolls on, by their index."""
        visible = (self.viewports[index] for index in self._state.visible)
        found = {viewport.index: viewport.ahead for viewport in visible}
        return {index: ahead for index, ahead in found.items() if ahead is not None}

    def show_state(self, state: ReadingState) -> None:
        """Place, show and hide the viewports as `state` has them."""
        while len(self.viewports) < state.layout.count:
            self.viewports.append(self._build(len(self.viewports), self))
        before, self._state = self._state, state
        if (before.layout, before.visible) != (state.layout, state.visible):
            self._arrange()
        for index, viewport in enumerate(self.viewports):
            visible = index in state.visible
            if not visible:
                viewport.put_away()
            viewport.setVisible(visible)
            if visible:
                viewport.show_state(state)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def _arrange(self) -> None:
        state = self._state
        if state.maximised:
            self.viewports[state.active].setGeometry(self.rect())
            return
        columns, rows = state.layout.columns, state.layout.rows
        lefts = _edges(self.width(), columns)
        tops = _edges(self.height(), rows)
        for index, viewport in enumerate(self.viewports[: state.layout.count]):
            row, column = divmod(index, columns)
            left, right = lefts[column]
            top, bottom = tops[row]
            viewport.setGeometry(QRect(left, top, right - left, bottom - top))


def _edges(length: int, parts: int) -> list[tuple[int, int]]:
    """First and past-the-last pixel of each part; no pixel is lost to rounding."""
    room = length - theme.GUTTER * (parts - 1)
    starts = [room * part // parts + theme.GUTTER * part for part in range(parts)]
    ends = [room * (part + 1) // parts + theme.GUTTER * part for part in range(parts)]
    return list(zip(starts, ends, strict=True))
