"""What a drag of the mouse does to a viewport, tool by tool.

A drag is given how far the hand is from where it went down, never the last step, so
coming back to the start brings everything back. Each is one step of undo.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from viewer.core.grayscale import Window
from viewer.core.view import Point, ViewTransform
from viewer.core.window_drag import to_dragged
from viewer.services.reading_state import Tool
from viewer.services.session import ReadingSession

_ZOOM_PIXELS = 120  # upwards, for twice the size
_SLOWEST_SCROLL = 16  # pixels an image, in short stacks
_FASTEST_SCROLL = 2  # in long ones: the hand must still hit a single image


class Drag(Protocol):
    """A drag that has begun."""

    def move(self, right: float, down: float) -> None:
        """The hand is this many screen pixels from where it went down."""


@dataclass(frozen=True, slots=True)
class Grip:
    """Where and on what the hand took hold.

    Attributes
    ----------
    session : ReadingSession
    index : int
        The viewport.
    transform : ViewTransform
        How the image lay then, in device pixels.
    at : Point
        Where, in device pixels of the viewport.
    window : Window or None
        How the image was windowed; None for colours, or while nothing is shown.
    ratio : float
        Device pixels for one screen pixel.
    down_brightens : bool
    """

    session: ReadingSession
    index: int
    transform: ViewTransform
    at: Point
    window: Window | None = None
    ratio: float = 1.0
    down_brightens: bool = True


class WindowDrag:
    """Right is wider, down is brighter."""

    def __init__(self, grip: Grip, window: Window) -> None:
        self._grip, self._window, self._step = grip, window, object()
        session, index = grip.session, grip.index
        stack, viewport = session.shown(index), session.state.viewports[index]
        self._from_zero = stack is not None and stack.modality == "PT"
        self._inverse = viewport.view.inverted != (
            stack is not None and stack.display(viewport.image).inverse
        )

    def move(self, right: float, down: float) -> None:
        """Window the series."""
        window = to_dragged(
            self._window,
            right,
            down if self._grip.down_brightens else -down,
            inverse=self._inverse,
            from_zero=self._from_zero,
        )
        self._grip.session.choose_window(window, self._grip.index, step=self._step)


class PanDrag:
    """The image follows the hand."""

    def __init__(self, grip: Grip) -> None:
        self._grip, self._step = grip, object()

    def move(self, right: float, down: float) -> None:
        """Move the image."""
        grip = self._grip
        view = grip.transform.panned(right * grip.ratio, down * grip.ratio)
        grip.session.change_view(lambda _: view, grip.index, step=self._step)


class ZoomDrag:
    """Up is larger; the point under the hand stays."""

    def __init__(self, grip: Grip) -> None:
        self._grip, self._step = grip, object()

    def move(self, _right: float, down: float) -> None:
        """Magnify the image."""
        grip = self._grip
        view = grip.transform.zoomed(2 ** (-down / _ZOOM_PIXELS), grip.at)
        grip.session.change_view(lambda _: view, grip.index, step=self._step)


class ScrollDrag:
    """Down is further into the stack; the whole stack is about one viewport high."""

    def __init__(self, grip: Grip) -> None:
        self._grip = grip
        self._start = grip.session.state.viewports[grip.index].image
        stack = grip.session.shown(grip.index)
        pace = (
            grip.transform.viewport[1]
            / grip.ratio
            / max(stack.count if stack else 1, 1)
        )
        self._pixels = min(max(pace, _FASTEST_SCROLL), _SLOWEST_SCROLL)

    def move(self, _right: float, down: float) -> None:
        """Go to the image under the hand."""
        image = self._start + round(down / self._pixels)
        self._grip.session.go_to(image, self._grip.index)


class RotateDrag:
    """The image turns with the hand about the middle, in quarters."""

    def __init__(self, grip: Grip) -> None:
        self._grip, self._step = grip, object()
        width, height = grip.transform.viewport
        self._arm = (grip.at[0] - width / 2, grip.at[1] - height / 2)

    def move(self, right: float, down: float) -> None:
        """Turn the image."""
        grip, (x, y) = self._grip, self._arm
        hand = math.atan2(y + down * grip.ratio, x + right * grip.ratio)
        quarters = round((hand - math.atan2(y, x)) / (math.pi / 2))
        view = grip.transform.view.turned(quarters)
        grip.session.change_view(lambda _: view, grip.index, step=self._step)


_DRAGS: dict[Tool, Callable[[Grip], Drag]] = {
    Tool.PAN: PanDrag,
    Tool.ZOOM: ZoomDrag,
    Tool.SCROLL: ScrollDrag,
    Tool.ROTATE: RotateDrag,
}


def to_drag(tool: Tool, grip: Grip) -> Drag | None:
    """Begin a drag with `tool`; None if it can do nothing here, or draws."""
    if tool is Tool.WINDOW:
        return None if grip.window is None else WindowDrag(grip, grip.window)
    return None if tool.shape else _DRAGS[tool](grip)
