"""Decode what the hand will ask for next.

While the hand scrolls, the images ahead in its direction; once it rests, the rest of
the stack, then the stack that comes next, then the one of the prior study that shows
the same. Not many requests wait at a time, so a change of direction is heard at once;
each answer makes room for the next one.
"""

from collections.abc import Callable, Iterator
from itertools import chain, islice

import numpy as np
import numpy.typing as npt

from viewer.core.errors import ViewerError
from viewer.services.decoding import Decoding, Purpose, Ticket
from viewer.services.frame_on_show import Subject
from viewer.services.frame_parts import part_refs
from viewer.services.frame_ref import FrameRef
from viewer.services.reading_stacks import ReadingStack
from viewer.services.session import ReadingSession

AHEAD = 10
_AT_A_TIME = 40  # some runs of frames for each worker
_SHARE_OF_CACHE = 0.5  # the rest is for what was looked at before


def to_order(count: int, image: int, direction: int) -> Iterator[int]:
    """Images of a stack by how soon they may be wanted, without `image` itself.

    Parameters
    ----------
    count : int
        Images of the stack.
    image : int
        Where the hand is, counted from 0.
    direction : int
        1 or -1, the way of the last scroll.
    """
    later, earlier = range(image + 1, count), range(image - 1, -1, -1)
    ahead, behind = (later, earlier) if direction > 0 else (earlier, later)
    near, rest = ahead[:AHEAD], ahead[AHEAD:]
    return chain(near, behind[:2], rest, behind[2:])


def _at_once(call: Callable[[], None]) -> None:
    call()


class Prefetching:
    """Follows the active viewport of a session.

    Only the thread that `Decoding` delivers to uses it.

    Parameters
    ----------
    session : ReadingSession
    decoding : Decoding
    soon : callable, optional
        Runs a call on the same thread when what the hand sees is painted.
    """

    def __init__(
        self,
        session: ReadingSession,
        decoding: Decoding,
        soon: Callable[[Callable[[], None]], None] = _at_once,
    ) -> None:
        self._session, self._decoding, self._soon = session, decoding, soon
        self._closed = self._rests = False
        self._place: tuple[str, int] = ("", 0)
        self._direction = 1
        self._plan: Iterator[FrameRef] = iter(())
        self._tickets: dict[int, Ticket] = {}
        self._first: Ticket | None = None
        self._round = 0
        self._purpose = Purpose.PREFETCH
        session.changed.connect(self.look)

    def look(self, *_: object) -> None:
        """Plan anew if the active viewport shows something else."""
        self._decoding.note_hand()
        viewport = self._session.state.viewport
        place = (viewport.stack_id, viewport.image)
        if place == self._place:
            return
        moved_on = place[0] == self._place[0]
        ahead = not moved_on or place[1] > self._place[1]
        self._place, self._direction = place, 1 if ahead else -1
        self._rests = False
        if moved_on:
            self._soon(self._look_ahead)
        else:
            self._after_first(place)

    def _after_first(self, place: tuple[str, int]) -> None:
        """Look ahead in a stack when its first picture is here: that comes alone."""
        self._drop()
        stack = self._session.stack
        if stack is None or stack.why_unavailable(place[1]):
            self._soon(self._look_ahead)
            return

        def on_here(*_: object) -> None:
            if place == self._place:
                self._soon(self._look_ahead)

        ref = Subject(stack, place[1]).frame_ref
        self._first = self._decoding.request(ref, Purpose.INTERACTION, on_here, on_here)

    def _look_ahead(self) -> None:
        if not self._closed and not self._rests:  # else it knows of more already
            self._follow(AHEAD, Purpose.PREFETCH)

    def rest(self) -> None:
        """Go on to the whole stack: the hand rests.

        Not at every notch, because looking through a long stack that is all in
        memory already would cost more than painting it.
        """
        self._rests = True
        self._follow(None, Purpose.LATER)

    def close(self) -> None:
        """Ask for nothing more."""
        self._closed = True
        self._session.changed.disconnect(self.look)
        self._plan = iter(())
        self._drop()

    def _follow(self, most: int | None, purpose: Purpose) -> None:
        self._drop()
        stack = self._session.stack
        self._plan, self._purpose = iter(()), purpose
        if stack is not None:
            self._plan = islice(self._wishes(stack, self._place[1]), most)
        self._go_on()

    def _wishes(self, stack: ReadingStack, image: int) -> Iterator[FrameRef]:
        """The frames of a stack around `image`, then what may be opened next."""
        room = int(self._decoding.capacity * _SHARE_OF_CACHE)
        order = to_order(stack.count, image, self._direction)
        for wanted_stack, images in (
            (stack, order),
            *((other, iter(range(other.count))) for other in self._likely(stack)),
        ):
            for wanted in images:
                room -= _bytes_of(wanted_stack)
                if room < 0:
                    return
                if not wanted_stack.why_unavailable(wanted):
                    ref = Subject(wanted_stack, wanted).frame_ref
                    yield ref
                    yield from part_refs(ref).values()

    def _likely(self, stack: ReadingStack) -> Iterator[ReadingStack]:
        """What is likely to be looked at after `stack`."""
        following = self._session.stacks.neighbour(stack, 1)
        if following is not None:
            yield following
        alike = (
            other
            for other in self._session.stacks
            if other.study is not stack.study
            and other.modality == stack.modality
            and other.series.record.description == stack.series.record.description
        )
        yield from islice(alike, 1)

    def _go_on(self) -> None:
        while len(self._tickets) < _AT_A_TIME:
            ref = next(self._plan, None)
            if ref is None:
                return
            if self._decoding.cached(ref) is None:
                self._ask(ref)

    def _ask(self, ref: FrameRef) -> None:
        self._round += 1
        mark = self._round

        def on_done(_: FrameRef, _frame: npt.NDArray[np.generic]) -> None:
            self._settle(mark)

        def on_failed(_: FrameRef, _error: ViewerError) -> None:
            self._settle(mark)  # the viewport that shows it will say why

        self._tickets[mark] = self._decoding.request(
            ref, self._purpose, on_done, on_failed
        )

    def _settle(self, mark: int) -> None:
        if self._tickets.pop(mark, None) is not None:
            self._go_on()

    def _drop(self) -> None:
        if self._first is not None:
            self._first.drop()
            self._first = None
        for ticket in self._tickets.values():
            ticket.drop()
        self._tickets.clear()


def _bytes_of(stack: ReadingStack) -> int:
    """Of one frame, about."""
    pixels = stack.image(0).pixels
    return pixels.frame_pixels * pixels.samples * max(pixels.bits_allocated // 8, 1)
