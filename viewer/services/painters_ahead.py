"""Have ready what paints the image that a hand will scroll to next.

Between two notches of the wheel nothing is to be done: then the frame ahead, which is
decoded, is looked through for its range and resampled to the size of the viewport.
"""

import threading
from collections.abc import Callable, Hashable, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from viewer.core.errors import PixelError
from viewer.core.image import is_coloured
from viewer.core.render import FramePainter
from viewer.core.view import Size, View
from viewer.services.frame_on_show import Subject
from viewer.services.frame_parts import part_refs
from viewer.services.frame_ref import FrameRef

Decoded = npt.NDArray[np.generic]

_LARGEST = 5 << 20  # pixels; a mammogram is alone in its stack, and takes much memory


class Ahead(NamedTuple):
    """What a viewport may show next, and how.

    Attributes
    ----------
    subject : Subject
    view : View
    size : Size
        Of the viewport, in device pixels.
    quick : bool
        As in `FramePainter.paint`.
    """

    subject: Subject
    view: View
    size: Size
    quick: bool


class PaintersAhead:
    """A thread that makes painters of decoded frames, the last wishes first.

    Any thread may use it.

    Parameters
    ----------
    cached : callable
        A frame if it is in memory; nothing is decoded for this.
    """

    def __init__(self, cached: Callable[[FrameRef], Decoded | None]) -> None:
        self._cached = cached
        self._wishes: dict[Hashable, Ahead] = {}
        self._made: dict[Hashable, tuple[Ahead, Decoded, FramePainter]] = {}
        self._closed = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(
            target=self._run, name="painters-ahead", daemon=True
        )
        self._thread.start()

    def prepare(self, wishes: Mapping[Hashable, Ahead]) -> None:
        """Wish for one painter each holder, and for nothing else any more."""
        with self._changed:
            self._made = {
                holder: made
                for holder, made in self._made.items()
                if made[0] == wishes.get(holder)
            }
            self._wishes = {
                holder: ahead
                for holder, ahead in wishes.items()
                if holder not in self._made
            }
            self._changed.notify()

    def take(
        self, holder: Hashable, subject: Subject, decoded: Decoded
    ) -> FramePainter | None:
        """The painter of exactly this frame if it is ready, for the holder alone."""
        with self._changed:
            made = self._made.pop(holder, None)
        if made is None:
            return None
        ahead, source, painter = made
        return painter if ahead.subject == subject and source is decoded else None

    def close(self) -> None:
        """Make no more, and wait for the one that is being made."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()
        self._made.clear()

    def _run(self) -> None:
        while (wish := self._next()) is not None:
            holder, ahead = wish
            made = self._painter(ahead)
            with self._changed:
                if self._wishes.get(holder) is ahead:
                    del self._wishes[holder]
                    if made is not None:
                        self._made[holder] = (ahead, *made)

    def _next(self) -> tuple[Hashable, Ahead] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._wishes or self._closed)
            return None if self._closed else next(iter(self._wishes.items()))

    def _painter(self, ahead: Ahead) -> tuple[Decoded, FramePainter] | None:
        subject = ahead.subject
        if subject.stack.why_unavailable(subject.image):
            return None
        ref = subject.frame_ref
        pixels = ref.image.pixels
        if pixels.rows * pixels.columns > _LARGEST or is_coloured(ref.image):
            return None
        if part_refs(ref):
            return None
        decoded = self._cached(ref)
        if decoded is None:
            return None
        try:
            painter = subject.painter(decoded)
        except PixelError:  # whoever shows it will say why
            return None
        painter.prepare(ahead.view, ahead.size, quick=ahead.quick)
        return decoded, painter
