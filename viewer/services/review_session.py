"""Looking through images for names: what may be done, and the way back.

Every change of what is said is handed on to be kept, so that a kill loses nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from psygnal import Signal

from viewer.core.boxes import Box, without_doubles
from viewer.core.history import History
from viewer.core.identity import SOPInstanceUID
from viewer.core.review import Review, Reviews, Verdict
from viewer.services.box_strokes import in_the_middle
from viewer.services.review_state import Look, ReviewState

Keep = Callable[[Reviews], None]


class ReviewSession:
    """Holds the state of the review page and tells when it changed.

    Signals
    -------
    changed : (ReviewState)
        After any change.
    begun : (ReviewState)
        Other images are to be looked through.
    """

    changed = Signal(ReviewState)
    begun = Signal(ReviewState)

    def __init__(self) -> None:
        self._history = History(ReviewState())
        self._keep: Keep = _forget
        self._looks: dict[SOPInstanceUID, Look] = {}
        self._proposed: dict[SOPInstanceUID, Review] = {}

    @property
    def state(self) -> ReviewState:
        """The present moment."""
        return self._history.value

    @property
    def active(self) -> bool:
        """Whether there is anything to look through."""
        return bool(self.state.looks)

    @property
    def can_undo(self) -> bool:
        """Whether something was said that can be taken back."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether something was taken back."""
        return self._history.can_redo

    def begin(self, looks: Sequence[Look], reviews: Reviews, keep: Keep) -> None:
        """Look through `looks`, at first the one nobody has decided about."""
        state = ReviewState(tuple(looks), reviews)
        if state.looks and state.is_seen(state.looks[0]):
            unseen = state.next_unseen()
            state = state if unseen is None else state.at(unseen)
        self._history, self._keep = History(state), keep
        self._looks = {look.sop_instance_uid: look for look in state.looks}
        self._proposed = {}
        self.begun.emit(state)
        self.changed.emit(state)

    def end(self) -> None:
        """Look through nothing any more; what was said has been kept."""
        self.begin((), Reviews(), _forget)

    # Where somebody is

    def go(self, steps: int) -> None:
        """Show the image so many places further."""
        self.go_to(self.state.place + steps)

    def go_to(self, place: int) -> None:
        """Show the image at a place."""
        self._amend(self.state.at(place))

    def go_to_unseen(self, steps: int = 1) -> None:
        """Show the next image nobody has decided about, if there is one."""
        place = self.state.next_unseen(steps)
        if place is not None:
            self.go_to(place)

    def scroll(self, frames: int) -> None:
        """Show a frame so many further in the same image."""
        self.show_frame(self.state.frame + frames)

    def show_frame(self, frame: int) -> None:
        """Show a frame, counted from 1."""
        look = self.state.look
        if look is None:
            return
        frame = min(max(frame, 1), look.frames)
        box = self.state.box
        stays = box is not None and box.lies_in(frame)
        selected = self.state.selected if stays else None
        self._amend(replace(self.state, frame=frame, selected=selected))

    def select(self, place: int | None) -> None:
        """Choose a box of the image on show."""
        self._amend(replace(self.state, selected=place))

    def select_next(self, steps: int = 1) -> None:
        """Choose the next box of the frame on show, round and round."""
        state = self.state
        here = [at for at, b in enumerate(state.boxes) if b.lies_in(state.frame)]
        if not here:
            return
        if state.selected in here:
            chosen = here[(here.index(state.selected) + steps) % len(here)]
        else:
            chosen = here[0 if steps > 0 else -1]
        self.select(chosen)

    def toggle_preview(self) -> None:
        """Show the boxes black as they leave, or as outlines."""
        self._amend(replace(self.state, previewed=not self.state.previewed))

    def toggle_range(self) -> None:
        """Show every value between black and white, or the usual window."""
        self._amend(replace(self.state, whole_range=not self.state.whole_range))

    def note(self, words: str) -> None:
        """Say how the search for writing goes."""
        self._amend(replace(self.state, note=words))

    # What is said

    def add(self, box: Box) -> None:
        """Put a new box on the image on show, and choose it."""
        state = self.state
        if state.review is not None:
            boxes = (*state.boxes, box)
            self._say(boxes, state.review.verdict, selected=len(boxes) - 1)

    def add_in_the_middle(self, middle: tuple[float, float]) -> None:
        """Put a box where no mouse draws one, to be moved by keys."""
        look = self.state.look
        if look is not None:
            self.add(in_the_middle(middle, look.size))

    def change(self, place: int, box: Box, *, step: object = None) -> None:
        """Put `box` in the place of another; one `step` is undone at once."""
        state = self.state
        if state.review is None or not 0 <= place < len(state.boxes):
            return
        boxes = [*state.boxes]
        boxes[place] = box
        self._say(boxes, state.review.verdict, selected=place, step=step)

    def remove(self) -> None:
        """Take the chosen box away."""
        state = self.state
        if state.review is None or state.box is None:
            return
        boxes = [box for at, box in enumerate(state.boxes) if at != state.selected]
        self._say(boxes, state.review.verdict)

    def toggle_all_frames(self) -> None:
        """Have the chosen box lie in every frame, or in the one on show alone."""
        state = self.state
        if state.box is None or state.selected is None:
            return
        first, last = (state.frame, state.frame) if state.box.everywhere else (1, None)
        box = replace(state.box, first_frame=first, last_frame=last)
        self.change(state.selected, box)

    def accept(self) -> None:
        """It may leave with its boxes burned black; go on to the next."""
        self._decide(self.state.boxes, Verdict.REVIEWED)

    def accept_nothing(self) -> None:
        """Nothing is written on it: it may leave as it is; go on to the next."""
        self._decide((), Verdict.REVIEWED)

    def withhold(self) -> None:
        """It stays here; go on to the next."""
        self._decide(self.state.boxes, Verdict.WITHHELD)

    def apply_to_series(self) -> None:
        """Say the same of every image of the series that has this one's size.

        What is only proposed here becomes a review: somebody has looked at this one.
        """
        state = self.state
        if state.review is None:
            return
        said = state.review.verdict
        verdict = Verdict.REVIEWED if said is Verdict.PROPOSED else said
        self._put(state.saying_of_series(state.boxes, verdict))
        self.go_to_unseen()

    def propose(self, instance: SOPInstanceUID, boxes: Sequence[Box]) -> None:
        """Lay boxes on an image that somebody may want there; no step of undo.

        Nothing is changed where somebody has said something already. None of them is
        kept as well: it need not be looked for again.
        """
        look = self._looks.get(instance)
        if look is None:
            return
        placed = [box.within(look.columns, look.rows) for box in boxes]
        kept = without_doubles(box for box in placed if box is not None)
        self._proposed[instance] = review = Review(look.columns, look.rows, kept)
        self._amend(self.state.proposing({instance: review}))
        self._keep(self.state.reviews)

    def undo(self) -> None:
        """Take back what was said last, and show where that was."""
        self._travel(self._history.undo)

    def redo(self) -> None:
        """Say again what was taken back."""
        self._travel(self._history.redo)

    def _say(
        self,
        boxes: Sequence[Box],
        verdict: Verdict,
        *,
        selected: int | None = None,
        step: object = None,
    ) -> None:
        said = self.state.saying(boxes, verdict)
        self._put(replace(said, selected=selected), step=step)

    def _decide(self, boxes: Sequence[Box], verdict: Verdict) -> None:
        if self.state.look is not None:
            self._say(boxes, verdict)
            self.go_to_unseen()

    def _put(self, state: ReviewState, *, step: object = None) -> None:
        if state == self.state:
            return
        self._history.put(state, step=step)
        self._keep(state.reviews)
        self.changed.emit(state)

    def _amend(self, state: ReviewState) -> None:
        if state != self.state:
            self._history.amend(state)
            self.changed.emit(state)

    def _travel(self, move: Callable[[], None]) -> None:
        before = self.state
        move()
        if self.state is not before:
            # What was proposed meanwhile is no part of what is taken back.
            after = self.state.proposing(self._proposed)
            self._history.amend(replace(after, note=before.note))
            self._keep(self.state.reviews)
            self.changed.emit(self.state)


def _forget(_: Reviews) -> None:
    """Nothing is looked through: there is nothing to keep."""
