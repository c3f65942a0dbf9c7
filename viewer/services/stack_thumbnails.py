"""A small picture of each stack: its middle image as it opens."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from viewer.core.errors import PixelError, ViewerError
from viewer.services.decoding import Decoding, Purpose, Ticket
from viewer.services.frame_on_show import Subject
from viewer.services.frame_ref import FrameRef
from viewer.services.hanging import first_view
from viewer.services.reading_stacks import ReadingStack
from viewer.services.windowing import Windowing

Pixels = npt.NDArray[np.uint8]
Arrived = Callable[[str, Pixels | str], None]
"""Called with the stack's id and its picture, or the reason why there is none."""


class StackThumbnails:
    """Asks for pictures last of all; a thread of `Decoding` paints them.

    Only the thread that `Decoding` delivers to uses it.
    """

    def __init__(self, decoding: Decoding, side: int, arrived: Arrived) -> None:
        self._decoding, self._side, self._arrived = decoding, side, arrived
        self._windowing = Windowing()
        self._tickets: list[Ticket] = []

    def ask(self, stack: ReadingStack) -> None:
        """Have `stack` painted when nothing more urgent waits."""
        subject = Subject(stack, stack.count // 2)
        reason = stack.why_unavailable(subject.image)
        if reason:
            self._arrived(stack.id, reason)
            return

        def on_made(_: FrameRef, picture: Pixels | str) -> None:
            self._arrived(stack.id, picture)

        def on_failed(_: FrameRef, error: ViewerError) -> None:
            self._arrived(stack.id, error.message)

        ticket = self._decoding.request_made(
            subject.frame_ref,
            Purpose.THUMBNAIL,
            lambda decoded: self._painted(subject, decoded),
            on_made,
            on_failed,
        )
        self._tickets.append(ticket)

    def drop(self) -> None:
        """Want no more pictures."""
        for ticket in self._tickets:
            ticket.drop()
        self._tickets.clear()

    def _painted(
        self, subject: Subject, decoded: npt.NDArray[np.generic]
    ) -> Pixels | str:
        stack, image = subject.stack, subject.image
        try:
            painter = subject.painter(decoded)
        except PixelError as error:
            return error.message
        voi = None
        if stack.has_window:
            voi = self._windowing.voi(stack, image, None, decoded)
        size = (self._side, self._side)
        return painter.paint(first_view(stack, image), size, voi)
