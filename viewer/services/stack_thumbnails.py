"""A small picture of each stack: its middle image as it opens."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from viewer.core.errors import PixelError, ViewerError
from viewer.services.decoding import Decoding, Purpose, Ticket
from viewer.services.frame_on_show import Subject
from viewer.services.frame_parts import Brought, part_refs, to_parts
from viewer.services.frame_ref import FrameRef
from viewer.services.hanging import first_view
from viewer.services.jobs import Jobs
from viewer.services.picture_cache import PictureCache, picture_key
from viewer.services.reading_stacks import ReadingStack
from viewer.services.windowing import Windowing

Pixels = npt.NDArray[np.uint8]
Decoded = npt.NDArray[np.generic]
Arrived = Callable[[str, Pixels | str], None]
"""Called with the stack's id and its picture, or the reason why there is none."""


class StackThumbnails:
    """Asks for pictures last of all; a thread of `Decoding` paints them.

    Those that were painted before, by this program or an earlier one, come from the
    cache. Only the thread that `Decoding` delivers to uses it.
    """

    def __init__(
        self,
        decoding: Decoding,
        side: int,
        arrived: Arrived,
        jobs: Jobs,
        cache: PictureCache,
    ) -> None:
        self._decoding, self._side, self._arrived = decoding, side, arrived
        self._jobs, self._cache = jobs, cache
        self._windowing = Windowing()
        self._tickets: list[Ticket] = []
        self._era = 0  # grows when nothing asked before is wanted any more

    def ask(self, stack: ReadingStack) -> None:
        """Have `stack` painted when nothing more urgent waits."""
        subject = Subject(stack, stack.count // 2)
        reason = stack.why_unavailable(subject.image)
        if reason:
            self._arrived(stack.id, reason)
            return
        key, era = self._key(subject), self._era

        def on_looked(found: Pixels | None) -> None:
            if era != self._era:
                return
            if found is None:
                self._make(subject)
            else:
                self._arrived(stack.id, found)

        def look() -> Pixels | None:
            return self._cache.get(key, self._side)

        self._jobs.submit(look, on_looked, _raise)

    def _make(self, subject: Subject) -> None:
        """Bring what lies on the frame first, if anything does, and then itself."""
        refs = part_refs(subject.frame_ref)
        brought: dict[str, Decoded | ViewerError] = {}

        def on_part(ref: FrameRef, came: Decoded | ViewerError) -> None:
            brought[ref.part] = came
            if len(brought) == len(refs):
                self._paint(subject, brought)

        if not refs:
            self._paint(subject, brought)
        for ref in refs.values():
            ticket = self._decoding.request(ref, Purpose.THUMBNAIL, on_part, on_part)
            self._tickets.append(ticket)

    def _paint(self, subject: Subject, brought: Brought) -> None:
        ref, smaller = subject.frame_ref, subject.smaller_ref(2 * self._side)
        if smaller is not None and self._decoding.cached(ref) is None:
            ref = smaller
        self._paint_from(ref, subject, brought)

    def _paint_from(self, ref: FrameRef, subject: Subject, brought: Brought) -> None:
        stack = subject.stack

        def on_made(_: FrameRef, picture: Pixels | str) -> None:
            self._arrived(stack.id, picture)

        def on_failed(_: FrameRef, error: ViewerError) -> None:
            if ref.steps:  # the frame may be there where its smaller picture is not
                self._paint_from(subject.frame_ref, subject, brought)
            else:
                self._arrived(stack.id, error.message)

        ticket = self._decoding.request_made(
            ref,
            Purpose.THUMBNAIL,
            lambda decoded: self._painted(subject, decoded, brought),
            on_made,
            on_failed,
        )
        self._tickets.append(ticket)

    def drop(self) -> None:
        """Want no more pictures."""
        self._era += 1
        for ticket in self._tickets:
            ticket.drop()
        self._tickets.clear()

    def _painted(
        self, subject: Subject, decoded: Decoded, brought: Brought
    ) -> Pixels | str:
        stack, image = subject.stack, subject.image
        try:
            parts = to_parts(subject.frame_ref, brought)
            painter = subject.painter(decoded, parts)
        except PixelError as error:
            return error.message
        voi = None
        if stack.has_window:
            voi = self._windowing.voi(stack, image, None, decoded)
        size = (self._side, self._side)
        picture = painter.paint(first_view(stack, image), size, voi)
        self._cache.put(self._key(subject), picture)
        return picture

    def _key(self, subject: Subject) -> str:
        uid = subject.stack.stack.frames[subject.image].sop_instance_uid
        return picture_key(uid, subject.frame_ref, self._side)


def _raise(error: BaseException) -> None:
    raise error
