"""Have ready what paints the image that a hand will scroll to next.

Between two notches of the wheel nothing is to be done: then the frame ahead, which is
decoded, is looked through for its range and resampled to the size of the viewport.
"""

import threading
from collections.abc import Callable, Hashable, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from viewer.core.image import is_coloured
from viewer.core.render import FramePainter
from viewer.core.view import Size, View
from viewer.services.frame_on_show import Subject
from viewer.services.frame_parts import part_refs, to_parts
from viewer.services.frame_ref import FrameRef

Decoded = npt.NDArray[np.generic]

_MOST_PIXELS = 6 << 20  # of all viewports; up to ten bytes each where they are padded


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
    """A thread that makes painters of decoded frames, one for each viewport at most.

    Any thread may use it.

    Parameters
    ----------
    cached : callable
        A frame if it is in memory; nothing is decoded for this.
    """

    def __init__(self, cached: Callable[[FrameRef], Decoded | None]) -> None:
        self._cached = cached
        self._wanted: dict[Hashable, Ahead] = {}
        self._tried: set[Hashable] = set()
        self._making: tuple[Hashable, Ahead] | None = None
        self._made: dict[Hashable, tuple[Ahead, Decoded, FramePainter]] = {}
        self._closed = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(
            target=self._run, name="painters-ahead", daemon=True
        )
        self._thread.start()

    def prepare(self, wishes: Mapping[Hashable, Ahead]) -> None:
        """Wish for one painter each holder, and for nothing else any more.

        Only for as many as may keep memory beside the frames.
        """
        with self._changed:
            self._wanted = _affordable(wishes)
            self._tried.clear()
            for holder in tuple(self._made):
                if self._made[holder][0] != self._wanted.get(holder):
                    del self._made[holder]
            self._changed.notify()

    def take(
        self, holder: Hashable, subject: Subject, decoded: Decoded
    ) -> FramePainter | None:
        """The painter of exactly this frame if it is ready, for the holder alone."""
        with self._changed:
            made = self._made.pop(holder, None)
            self._wanted.pop(holder, None)  # it is late, if it is still being made
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
        self._wanted.clear()

    def _run(self) -> None:
        while self._make_next():  # who waits holds no frame of what was before
            pass

    def _make_next(self) -> bool:
        with self._changed:
            self._making = None
            self._changed.wait_for(lambda: self._next() or self._closed)
            self._making = self._next()
            if self._closed or self._making is None:
                return False
            holder, ahead = self._making
        made = self._painter(ahead)
        with self._changed:
            self._tried.add(holder)
            if made is not None and self._wanted.get(holder) == ahead:
                self._made[holder] = (ahead, *made)
        return True

    def _next(self) -> tuple[Hashable, Ahead] | None:
        open_ones = (
            (holder, ahead)
            for holder, ahead in self._wanted.items()
            if holder not in self._made and holder not in self._tried
        )
        return next(open_ones, None)

    def _painter(self, ahead: Ahead) -> tuple[Decoded, FramePainter] | None:
        subject = ahead.subject
        if subject.stack.why_unavailable(subject.image):
            return None
        ref = subject.frame_ref
        decoded = None if part_refs(ref) else self._cached(ref)
        if decoded is None or is_coloured(ref.image):
            return None
        try:
            painter = subject.painter(decoded, to_parts(ref, {}))
            painter.prepare(ahead.view, ahead.size, quick=ahead.quick)
        except Exception:  # noqa: BLE001 - whoever shows it meets it, and is seen to
            return None
        return decoded, painter


def _affordable(wishes: Mapping[Hashable, Ahead]) -> dict[Hashable, Ahead]:
    found, pixels = {}, 0
    for holder, ahead in wishes.items():
        shape = ahead.subject.stack.image(ahead.subject.image).pixels
        pixels += shape.rows * shape.columns
        if pixels > _MOST_PIXELS:
            break
        found[holder] = ahead
    return found
