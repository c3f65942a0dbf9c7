"""Moving through stacks, and taking the neighbours along."""

from dataclasses import replace

from viewer.services.reading_stacks import ReadingStacks
from viewer.services.reading_state import ReadingState


def to_scrolled(
    state: ReadingState, stacks: ReadingStacks, index: int, image: int
) -> ReadingState:
    """Show `image` in viewport `index`; parallel neighbours follow if asked to.

    `image` counts from 0 and stops at the ends of the stack.
    """
    viewport = state.viewports[index]
    stack = stacks.get(viewport.stack_id)
    if stack is None:
        return state
    image = min(max(image, 0), stack.count - 1)
    scrolled = state.with_viewport(index, replace(viewport, image=image))
    return _with_followers(scrolled, stacks, index) if state.synchronised else scrolled


def _with_followers(
    state: ReadingState, stacks: ReadingStacks, leader: int
) -> ReadingState:
    """Bring every viewport of the same frame of reference to the leader's position."""
    leader_at = state.viewports[leader]
    leading = stacks[leader_at.stack_id]
    placed = leading.placed(leader_at.image)
    if placed is None:
        return state
    led = list(state.viewports)
    for index in set(range(state.layout.count)) - {leader}:
        stack = stacks.get(led[index].stack_id)
        if stack is None or stack.planes is None or not stack.meets(leading):
            continue
        image: int | None = leader_at.image
        if stack is not leading:
            image = stack.planes.nearest(placed.plane, placed.centre)
        if image is not None:
            led[index] = replace(led[index], image=image)
    return replace(state, viewports=tuple(led))
