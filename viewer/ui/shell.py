"""What stands before anything else is loaded: the window and what it needs."""

from dataclasses import dataclass

from viewer.services.opening import WindowRequest
from viewer.services.settings import SettingsFile
from viewer.ui.bridge import GuiThread
from viewer.ui.port import Port
from viewer.ui.window import Window


@dataclass(frozen=True, slots=True)
class Shell:
    """The empty window, how to reach its thread, and what it was asked to show."""

    request: WindowRequest
    settings: SettingsFile
    gui: GuiThread
    window: Window
    port: Port
