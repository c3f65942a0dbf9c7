"""The colours of images on the screen: from the profile of each to the screen's."""

import threading
from collections import OrderedDict

from psygnal import SignalInstance

from viewer.core.color_profile import Convert, ScreenProfile
from viewer.dicom.color_profile import conversion

_KEPT = 8


class Conversions:
    """From any profile to that of one screen. Any thread may use it.

    Making a conversion takes milliseconds, and all tiles of a slide share it.

    Parameters
    ----------
    screen : ScreenProfile
        sRGB without one: what a picture in a file is in.
    """

    def __init__(self, screen: ScreenProfile | None = None) -> None:
        self.screen = screen or ScreenProfile()
        plain = self.screen.profile and conversion(b"", self.screen.profile)
        self._plain: Convert | None = plain or None
        self._made: OrderedDict[bytes, Convert | None] = OrderedDict()
        self._making = threading.Lock()

    def is_made(self, profile: bytes) -> bool:
        """Whether `conversion` answers at once."""
        return not profile or profile in self._made

    def conversion(self, profile: bytes) -> Convert | None:
        """What brings colours of `profile`, empty for sRGB, to the screen.

        None where they stay as they are.
        """
        if not profile:
            return self._plain
        with self._making:
            if profile not in self._made:
                same = profile == self.screen.profile
                made = None if same else conversion(profile, self.screen.profile)
                self._made[profile] = made
                while len(self._made) > _KEPT:
                    self._made.popitem(last=False)
            self._made.move_to_end(profile)
            return self._made[profile]


class ScreenColors:
    """How colours are shown now. Only the GUI thread changes it.

    Attributes
    ----------
    value : Conversions
    changed : SignalInstance
        Emitted when there is another screen, or another profile of it.
    """

    def __init__(self) -> None:
        self.value = Conversions()
        self.changed = SignalInstance(())

    def show_on(self, conversions: Conversions) -> None:
        """Show colours on another screen from now on."""
        if conversions.screen != self.value.screen:
            self.value = conversions
            self.changed.emit()
