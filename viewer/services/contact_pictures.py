"""Small pictures of the frames of one image, to see at a glance where names may be."""

from collections.abc import Callable
from functools import partial

import numpy as np
import numpy.typing as npt

from viewer.core.errors import PixelError, ViewerError
from viewer.core.view import View
from viewer.services.decoding import Decoding, Purpose, Ticket
from viewer.services.frame_on_show import Subject
from viewer.services.frame_ref import FrameRef
from viewer.services.review_frames import Frames
from viewer.services.windowing import Windowing

Pixels = npt.NDArray[np.uint8]
Arrived = Callable[[int, Pixels | str], None]
"""Called with the frame's number and its picture, or the reason why there is none."""


def spread(frames: int, most: int) -> tuple[int, ...]:
    """Numbers of at most so many frames, evenly from the first to the last."""
    if frames <= most:
        return tuple(range(1, frames + 1))
    return tuple(1 + round(at * (frames - 1) / (most - 1)) for at in range(most))


class ContactPictures:
    """Asks for pictures last of all; a thread of `Decoding` paints them.

    Only the thread that `Decoding` delivers to uses it.
    """

    def __init__(self, decoding: Decoding, side: int, arrived: Arrived) -> None:
        self._decoding, self._side, self._arrived = decoding, side, arrived
        self._windowing = Windowing()
        self._tickets: list[Ticket] = []

    def ask(self, frames: Frames, numbers: tuple[int, ...]) -> None:
        """Have these frames painted; what was asked before is not wanted any more."""
        self.drop()
        for number in numbers:
            subject = frames.get(number)
            if subject is None:
                self._arrived(number, "It cannot be shown.")
            elif reason := subject.stack.why_unavailable(subject.image):
                self._arrived(number, reason)
            else:
                self._request(number, subject)

    def drop(self) -> None:
        """Want no more pictures."""
        for ticket in self._tickets:
            ticket.drop()
        self._tickets.clear()

    def _request(self, number: int, subject: Subject) -> None:
        def on_made(_: FrameRef, picture: Pixels | str) -> None:
            self._arrived(number, picture)

        def on_failed(_: FrameRef, error: ViewerError) -> None:
            self._arrived(number, error.message)

        self._tickets.append(
            self._decoding.request_made(
                subject.frame_ref,
                Purpose.THUMBNAIL,
                partial(self._painted, subject),
                on_made,
                on_failed,
            )
        )

    def _painted(
        self, subject: Subject, decoded: npt.NDArray[np.generic]
    ) -> Pixels | str:
        try:
            painter = subject.painter(decoded)
        except PixelError as error:
            return error.message
        voi = None
        if subject.stack.has_window:
            voi = self._windowing.voi(subject.stack, subject.image, None, decoded)
        return painter.paint(View(), (self._side, self._side), voi)
