"""How a drag of the mouse turns into a window."""

import math
from dataclasses import replace

from viewer.core.grayscale import Window, WindowFunction

PIXELS_PER_WIDTH = 80  # the width it starts with, once more or gone


def to_dragged(
    start: Window,
    right: float,
    down: float,
    *,
    inverse: bool = False,
    from_zero: bool = False,
) -> Window:
    """The window after a drag that began at `start`.

    Parameters
    ----------
    start : Window
    right, down : float
        Way of the hand since the button went down, in screen pixels: right is
        wider, down is brighter.
    inverse : bool
        Whether high values are dark on the screen; down is brighter all the same.
    from_zero : bool
        For PET: the lower bound stays 0, and down brings the top closer to it.
    """
    gain = start.width / PIXELS_PER_WIDTH
    if from_zero:
        top = start.center + start.width / 2
        width = max(top - down * top / PIXELS_PER_WIDTH, narrowest(start))
        width = _rounded(width, width)
        return replace(start, center=width / 2, width=width, explanation="")
    width = max(start.width + right * gain, narrowest(start))
    brighter = down * gain if inverse else -down * gain
    return to_rounded(replace(start, width=width, center=start.center + brighter))


def to_rounded(window: Window) -> Window:
    """A window by hand: whole numbers where it is wide, and no name any more."""
    return replace(
        window,
        center=_rounded(window.center, window.width),
        width=max(_rounded(window.width, window.width), narrowest(window)),
        explanation="",
    )


def _rounded(value: float, width: float) -> float:
    """To whole numbers, or to two digits of a width below ten."""
    digits = 0 if width >= 10 else 1 - math.floor(math.log10(width))
    return float(round(value, digits))


def narrowest(start: Window) -> float:
    """LINEAR is defined from width 1 on (PS3.3 C.11.2.1.2.1), the others above 0."""
    if start.function is WindowFunction.LINEAR:
        return 1.0
    return abs(start.width) / 1000
