"""Bring one viewport the frame it wants, and keep the one it has until then."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from viewer.core.errors import PixelError, ViewerError
from viewer.services.decoding import Decoding, FrameRef, Purpose, Ticket
from viewer.services.reading_stacks import ReadingStack

Stored = npt.NDArray[np.generic]


@dataclass(frozen=True, slots=True)
class Subject:
    """An image of a stack, counted from 0."""

    stack: ReadingStack
    image: int

    @property
    def frame_ref(self) -> FrameRef:
        """What to ask the decoder for."""
        stack, image = self.stack, self.image
        stored = stack.stored(image)
        return FrameRef(
            stored.path, stack.image(image), stack.number(image), stored.stamp
        )


class FrameOnShow:
    """What one viewport shows: a frame, or the reason why there is none.

    Only the GUI thread uses it. An answer to a wish that was given up is dropped.

    Attributes
    ----------
    subject : Subject or None
        What is shown; the wish may be further on.
    stored : array or None
        Its stored values; None if it cannot be shown.
    failure : ViewerError or None
        Why it cannot be shown.
    """

    def __init__(self, decoding: Decoding, changed: Callable[[], None]) -> None:
        self._decoding = decoding
        self._changed = changed
        self._wish: Subject | None = None
        self._ticket: Ticket | None = None
        self.subject: Subject | None = None
        self.stored: Stored | None = None
        self.failure: ViewerError | None = None

    @property
    def waiting(self) -> bool:
        """Whether the frame on show is not yet the one that is wished for."""
        return self._wish != self.subject

    def want(self, wish: Subject | None) -> None:
        """Show `wish` at once if it is at hand, otherwise as soon as it comes."""
        if wish == self._wish:
            return
        self._give_up()
        self._wish = wish
        if wish is None:
            self._show(None)
        elif reason := wish.stack.why_unavailable(wish.image):
            self._show(None, PixelError(reason))
        else:
            self._fetch(wish)

    def close(self) -> None:
        """Want nothing any more; nothing is announced."""
        self._give_up()
        self._wish = self.subject = self.stored = self.failure = None

    def _fetch(self, wish: Subject) -> None:
        stored = self._decoding.cached(wish.frame_ref)
        if stored is not None:
            self._show(stored)
            return
        self._ticket = self._decoding.request(
            wish.frame_ref,
            Purpose.INTERACTION,
            lambda _, frame: self._on_answer(wish, frame, None),
            lambda _, error: self._on_answer(wish, None, error),
        )
        self._changed()

    def _on_answer(
        self, wish: Subject, stored: Stored | None, error: ViewerError | None
    ) -> None:
        if wish is self._wish:
            self._ticket = None
            self._show(stored, error)

    def _show(self, stored: Stored | None, failure: ViewerError | None = None) -> None:
        self.subject, self.stored, self.failure = self._wish, stored, failure
        self._changed()

    def _give_up(self) -> None:
        if self._ticket is not None:
            self._ticket.drop()
            self._ticket = None
