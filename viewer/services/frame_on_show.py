"""Bring one viewport the frame it wants, and keep the one it has until then.

A frame of another study is never kept: it could be taken for the new patient's.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from viewer.core.errors import PixelError, ViewerError
from viewer.core.probing import Probe, to_probe
from viewer.core.render import FramePainter
from viewer.dicom.frames import decoded_photometric
from viewer.services.decoding import Decoding, Purpose, Ticket
from viewer.services.frame_ref import FrameRef
from viewer.services.reading_stacks import ReadingStack

Decoded = npt.NDArray[np.generic]


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

    def painter(self, decoded: Decoded) -> FramePainter:
        """What paints the frame once it is decoded.

        Raises
        ------
        PixelError
            If it cannot be shown truthfully.
        """
        image = self.stack.image(self.image)
        number = self.stack.number(self.image)
        return FramePainter(decoded, image, number, decoded_photometric(image.pixels))


class FrameOnShow:
    """What one viewport shows: a frame, or the reason why there is none.

    Only the GUI thread uses it. An answer to a wish that was given up is dropped.

    Attributes
    ----------
    subject : Subject or None
        What is shown; the wish may be further on.
    decoded : array or None
        Its frame as decoded; None if it cannot be shown.
    painter : FramePainter or None
        Paints it.
    failure : ViewerError or None
        Why it cannot be shown.
    """

    def __init__(self, decoding: Decoding, changed: Callable[[], None]) -> None:
        self._decoding = decoding
        self._changed = changed
        self._wish: Subject | None = None
        self._ticket: Ticket | None = None
        self.subject: Subject | None = None
        self.decoded: Decoded | None = None
        self.painter: FramePainter | None = None
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
        self._decoding.pin(self, [wish.frame_ref] if wish else [])
        if self.subject and wish and wish.stack.study is not self.subject.stack.study:
            self.subject = self.decoded = self.painter = self.failure = None
        if wish is None:
            self._show(None)
        elif reason := wish.stack.why_unavailable(wish.image):
            self._show(None, PixelError(reason))
        else:
            self._fetch(wish)

    def probe(self, pixel: tuple[int, int]) -> Probe | None:
        """The source pixel ``(column, row)`` of the frame on show."""
        if self.subject is None or self.decoded is None:
            return None
        image = self.subject.stack.image(self.subject.image)
        number = self.subject.stack.number(self.subject.image)
        photometric = decoded_photometric(image.pixels)
        return to_probe(self.decoded, image, number, photometric, pixel)

    def close(self) -> None:
        """Want nothing any more; nothing is announced."""
        self._give_up()
        self._decoding.pin(self, [])
        self._wish = self.subject = None
        self.decoded = self.painter = self.failure = None

    def _fetch(self, wish: Subject) -> None:
        decoded = self._decoding.cached(wish.frame_ref)
        if decoded is not None:
            self._show(decoded)
            return
        self._ticket = self._decoding.request(
            wish.frame_ref,
            Purpose.INTERACTION,
            lambda _, frame: self._on_answer(wish, frame, None),
            lambda _, error: self._on_answer(wish, None, error),
        )
        self._changed()

    def _on_answer(
        self, wish: Subject, decoded: Decoded | None, error: ViewerError | None
    ) -> None:
        if wish is self._wish:
            self._ticket = None
            self._show(decoded, error)

    def _show(
        self, decoded: Decoded | None, failure: ViewerError | None = None
    ) -> None:
        self.subject, self.failure = self._wish, failure
        self.decoded, self.painter = decoded, None
        if self.subject is not None and decoded is not None:
            try:
                self.painter = self.subject.painter(decoded)
            except PixelError as error:
                self.decoded, self.failure = None, error
        self._changed()

    def _give_up(self) -> None:
        if self._ticket is not None:
            self._ticket.drop()
            self._ticket = None
