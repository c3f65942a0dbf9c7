"""What colours of the screen look like: settled, told by the system, or not known."""

from dataclasses import dataclass
from pathlib import Path

from viewer.core.color_profile import ScreenProfile
from viewer.core.errors import ViewerError
from viewer.dicom.color_profile import to_screen_profile
from viewer.services.screen_colors import Conversions
from viewer.services.x11_profile import x11_profile

_LONGEST = 8 << 20


@dataclass(frozen=True, slots=True)
class ScreenWish:
    """Which screen's profile is wanted.

    Attributes
    ----------
    settled : str
        Path of the profile the user has chosen, for every screen; empty for none.
    on_x11 : bool
        Whether the window is one of X11, which may know the profile.
    screen : int
        Which screen the window is on, counted from 0.
    """

    settled: str = ""
    on_x11: bool = False
    screen: int = 0


def conversions_for(wish: ScreenWish) -> Conversions:
    """How colours come to this screen; sRGB is assumed where nothing is known.

    Not for the GUI thread: it reads a file, or asks the X server.

    Raises
    ------
    ViewerError
        If what the user has chosen is no profile of a screen.
    """
    if wish.settled:
        return Conversions(chosen_profile(Path(wish.settled)))
    told = x11_profile(wish.screen) if wish.on_x11 else b""
    return Conversions(to_screen_profile(told) if told else None)


def chosen_profile(path: Path) -> ScreenProfile:
    """The profile in a file.

    Raises
    ------
    ViewerError
        If it cannot be read, or colours cannot be converted to it.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(_LONGEST)
    except OSError as error:
        raise ViewerError(
            "The colour profile of the screen cannot be read.",
            hint="Choose its file again; until then sRGB is assumed.",
        ) from error
    found = to_screen_profile(raw)
    if found is None:
        raise ViewerError(
            "The file is no colour profile of a screen.",
            hint="It must be an ICC profile of a display, for red, green and blue.",
        )
    return found
