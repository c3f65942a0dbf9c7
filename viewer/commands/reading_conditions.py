"""When the commands of the Reading page can run; none of them needs a window."""

from viewer.commands.desk import Desk
from viewer.core.image import is_coloured


def has_study(desk: Desk) -> bool:
    """Whether anything is open."""
    return bool(desk.session.studies)


def has_image(desk: Desk) -> bool:
    """Whether the active viewport shows something."""
    return desk.session.stack is not None


def has_overlays(desk: Desk) -> bool:
    """Whether the file of the active image draws something over it."""
    stack = desk.session.stack
    return bool(stack and stack.image(desk.session.state.viewport.image).overlays)


def has_shutter(desk: Desk) -> bool:
    """Whether the file of the active image covers something of it."""
    stack = desk.session.stack
    image = desk.session.state.viewport.image
    return stack is not None and stack.frame(image).shutter is not None


def has_profile(desk: Desk) -> bool:
    """Whether the colours of the active image are not those of the screen."""
    stack = desk.session.stack
    if stack is None:
        return False
    image = stack.image(desk.session.state.viewport.image)
    screen = desk.colors.value.screen
    return image.profile is not None or (is_coloured(image) and bool(screen.profile))


def has_several_images(desk: Desk) -> bool:
    """Whether there is something to scroll through."""
    return desk.session.stack is not None and desk.session.stack.count > 1


def has_several_viewports(desk: Desk) -> bool:
    """Whether there is another viewport to go to."""
    return has_study(desk) and desk.session.state.layout.count > 1


def has_window(desk: Desk) -> bool:
    """Whether the active image has greys that can be windowed."""
    return desk.session.stack is not None and desk.session.stack.has_window
