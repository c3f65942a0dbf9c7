"""Have the first pictures of a study decoded while somebody still looks at its name.

Who selects a study is likely to open it, and who rests the pointer on one to select
it. A mammogram takes a decoder longer than the window has from the double click to the
picture.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from viewer.core.errors import ViewerError
from viewer.services.decoding import Decoding, Purpose, Ticket
from viewer.services.frame_on_show import Subject
from viewer.services.frame_parts import part_refs
from viewer.services.frame_ref import FrameRef
from viewer.services.hanging import hung
from viewer.services.reading_stacks import ReadingStacks
from viewer.services.reading_state import ReadingState


def first_frames(stacks: ReadingStacks) -> Iterator[FrameRef]:
    """What the Reading page asks for first when these stacks are opened, in order."""
    state = hung(ReadingState(), stacks)
    for index in state.visible:
        viewport = state.viewports[index]
        stack = stacks.get(viewport.stack_id)
        if stack is not None and not stack.why_unavailable(viewport.image):
            ref = Subject(stack, viewport.image).frame_ref
            yield ref
            yield from part_refs(ref).values()


class Anticipating:
    """Asks for the pictures of one study at a time, when nothing more urgent waits.

    Only the thread that `Decoding` delivers to uses it.

    Parameters
    ----------
    decoding : Decoding
    purpose : Purpose
        How soon: what is LATER waits while the hand moves.
    """

    def __init__(self, decoding: Decoding, purpose: Purpose) -> None:
        self._decoding, self._purpose = decoding, purpose
        self._tickets: list[Ticket] = []

    def expect(self, stacks: ReadingStacks) -> None:
        """Prepare for these to be opened; what was expected before is not any more."""
        before = self._tickets
        self._tickets = [
            self._decoding.request(ref, self._purpose, _came, _failed)
            for ref in first_frames(stacks)
        ]
        for ticket in before:  # now, so that what both expect goes on
            ticket.drop()

    def drop(self) -> None:
        """Expect nothing."""
        for ticket in self._tickets:
            ticket.drop()
        self._tickets.clear()


def _came(_: FrameRef, _frame: npt.NDArray[np.generic]) -> None:
    """It is in the cache; nobody looks at it yet."""


def _failed(_: FrameRef, _error: ViewerError) -> None:
    """Whoever opens the study is told."""
