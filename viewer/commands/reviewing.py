"""Commands of the review page: what is said of the image on show, and where to go."""

from collections.abc import Callable
from functools import partial

from viewer.commands.command import Command
from viewer.commands.desk import Desk, DeskCommand, Page
from viewer.services.review_session import ReviewSession

Act = Callable[[ReviewSession], None]


def _can_look(desk: Desk) -> bool:
    return desk.review.active


def _has_box(desk: Desk) -> bool:
    return desk.review.state.box is not None


def _has_frames(desk: Desk) -> bool:
    look = desk.review.state.look
    return look is not None and look.frames > 1


def _has_box_of_frames(desk: Desk) -> bool:
    return _has_box(desk) and _has_frames(desk)


def _is_everywhere(desk: Desk) -> bool:
    box = desk.review.state.box
    return box is not None and box.everywhere


def _has_series(desk: Desk) -> bool:
    state = desk.review.state
    return state.look is not None and len(state.of_series(state.look)) > 1


def _has_unseen(desk: Desk) -> bool:
    return desk.review.active and desk.review.state.next_unseen() is not None


def _leave(desk: Desk) -> None:
    """Let go of the box in the hand first, then of the page."""
    if desk.review.state.box is not None:
        desk.review.select(None)
    else:
        desk.window.back_to_export()


def _add_box(desk: Desk) -> None:
    desk.review.add_in_the_middle(desk.window.review_middle)


def _on(act: Act) -> Callable[[Desk], None]:
    return lambda desk: act(desk.review)


_command: Callable[..., DeskCommand] = partial(
    Command, scope=Page.REVIEW, menu="Review", enabled=_can_look
)


REVIEW_COMMANDS: tuple[DeskCommand, ...] = (
    _command(
        id="review.accept",
        title="Reviewed, next",
        run=_on(ReviewSession.accept),
        keys=("Return", "Enter"),
        group="say",
        icon="check",
    ),
    _command(
        id="review.nothing",
        title="Nothing on this one",
        run=_on(ReviewSession.accept_nothing),
        keys=("N",),
        group="say",
        icon="eye",
    ),
    _command(
        id="review.withhold",
        title="Withhold this one",
        run=_on(ReviewSession.withhold),
        keys=("W",),
        group="say",
        icon="prohibit",
    ),
    _command(
        id="review.series",
        title="Apply to the series",
        run=_on(ReviewSession.apply_to_series),
        keys=("A",),
        group="say",
        icon="stack",
        enabled=_has_series,
    ),
    _command(
        id="review.add",
        title="Add a box",
        run=_add_box,
        keys=("D",),
        group="box",
        icon="rectangle",
    ),
    _command(
        id="review.remove",
        title="Remove the box",
        run=_on(ReviewSession.remove),
        keys=("Del",),
        group="box",
        icon="trash",
        enabled=_has_box,
    ),
    _command(
        id="review.frames",
        title="The box in every frame",
        run=_on(ReviewSession.toggle_all_frames),
        keys=("F",),
        group="box",
        enabled=_has_box_of_frames,
        checked=_is_everywhere,
    ),
    _command(
        id="review.next_box",
        title="Next box",
        run=_on(ReviewSession.select_next),
        keys=("Tab",),
        group="box",
    ),
    _command(
        id="review.previous_box",
        title="Previous box",
        run=_on(partial(ReviewSession.select_next, steps=-1)),
        keys=("Shift+Tab",),
        group="box",
    ),
    _command(
        id="review.preview",
        title="Show the boxes black",
        run=_on(ReviewSession.toggle_preview),
        keys=("B",),
        group="look",
        icon="square-half",
        checked=lambda desk: desk.review.state.previewed,
    ),
    _command(
        id="review.range",
        title="Show every grey value",
        run=_on(ReviewSession.toggle_range),
        keys=("0",),
        group="look",
        icon="circle-half",
        checked=lambda desk: desk.review.state.whole_range,
    ),
    _command(
        id="review.next_unseen",
        title="Next that nobody has reviewed",
        run=_on(ReviewSession.go_to_unseen),
        keys=("U",),
        group="go",
        icon="skip-forward",
        enabled=_has_unseen,
    ),
    _command(
        id="review.previous_unseen",
        title="Previous that nobody has reviewed",
        run=_on(partial(ReviewSession.go_to_unseen, steps=-1)),
        keys=("Shift+U",),
        group="go",
        icon="skip-back",
        enabled=_has_unseen,
    ),
    _command(
        id="review.next",
        title="Next image",
        run=_on(partial(ReviewSession.go, steps=1)),
        keys=("Right",),
        group="go",
    ),
    _command(
        id="review.previous",
        title="Previous image",
        run=_on(partial(ReviewSession.go, steps=-1)),
        keys=("Left",),
        group="go",
    ),
    _command(
        id="review.frame_down",
        title="Next frame",
        run=_on(partial(ReviewSession.scroll, frames=1)),
        keys=("Down",),
        group="go",
        enabled=_has_frames,
    ),
    _command(
        id="review.frame_up",
        title="Previous frame",
        run=_on(partial(ReviewSession.scroll, frames=-1)),
        keys=("Up",),
        group="go",
        enabled=_has_frames,
    ),
    _command(
        id="review.undo",
        title="Undo",
        run=_on(ReviewSession.undo),
        keys=("Ctrl+Z",),
        group="undo",
        icon="arrow-counter-clockwise",
        enabled=lambda desk: desk.review.can_undo,
    ),
    _command(
        id="review.redo",
        title="Redo",
        run=_on(ReviewSession.redo),
        keys=("Ctrl+Shift+Z",),
        group="undo",
        icon="arrow-clockwise",
        enabled=lambda desk: desk.review.can_redo,
    ),
    _command(
        id="review.leave",
        title="Back to the export",
        run=_leave,
        keys=("Esc",),
        group="leave",
        icon="arrow-left",
    ),
)
