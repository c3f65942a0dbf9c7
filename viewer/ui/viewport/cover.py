"""What lies over an image, and what of a viewport is no longer as it was painted."""

from typing import NamedTuple

from PySide6.QtCore import QRect
from PySide6.QtGui import QRegion

from viewer.core.grayscale import Voi
from viewer.core.view import Size
from viewer.ui.viewport.drawing_layer import Drawn
from viewer.ui.viewport.overlay import Written, differing


class Cover(NamedTuple):
    """All that is written and drawn in a viewport at one moment.

    Attributes
    ----------
    size : Size
        Of the viewport, in screen pixels.
    ratio : float
        Device pixels for one of them.
    voi : Voi or None
        The window that the text tells of.
    written : Written
    drawn : tuple of Drawn
    image : QRect or None
        Where the image is, in screen pixels, if the viewport shows it with text over
        it, all around black, and nothing else.
    framed : bool
        Whether the viewport is the active one.
    """

    size: Size
    ratio: float
    voi: Voi | None
    written: Written
    drawn: tuple[Drawn, ...]
    image: QRect | None
    framed: bool


def outdated(
    before: Cover | None, after: Cover | None, *, image: bool
) -> QRegion | None:
    """What is to be painted; None where that is everything.

    The black around an image is as much memory as the image, and stays as it is.

    Parameters
    ----------
    before : Cover or None
        What was painted last; None where it was something else.
    after : Cover or None
        What shall be there; None where that is not known yet.
    image : bool
        Whether the image may be another one.
    """
    if before is None or after is None or before.image is None:
        return None
    if before.image != after.image or after.image is None:
        return None
    if (before.size, before.ratio, before.framed) != (
        after.size,
        after.ratio,
        after.framed,
    ):
        return None
    region = differing(before.written, after.written)
    return region.united(after.image) if image else region
