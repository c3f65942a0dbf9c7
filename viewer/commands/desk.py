"""What commands act on: the desk the radiologist sits at.

A command gets the `Desk` and nothing else. Everything Qt is behind `WindowPort`, so
each command runs, and is tested, without a window.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.commands.command import Command, Registry
from viewer.commands.window_port import Page, Tone, WindowPort

if TYPE_CHECKING:  # their libraries load after the first paint
    from viewer.services.browsing import Browsing
    from viewer.services.decoding import Decoding
    from viewer.services.edits import Edits
    from viewer.services.exchange import Exchange
    from viewer.services.jobs import Jobs
    from viewer.services.library import Library
    from viewer.services.measuring import Measuring
    from viewer.services.remote_browsing import RemoteBrowsing
    from viewer.services.review_saving import ReviewSaving
    from viewer.services.review_session import ReviewSession
    from viewer.services.saving import Saving
    from viewer.services.screen_colors import ScreenColors
    from viewer.services.session import ReadingSession
    from viewer.services.settings import SettingsFile
    from viewer.services.streaming import Streams
    from viewer.services.workers import Workers

__all__ = ["Commands", "Desk", "DeskCommand", "Page", "Tone", "WindowPort"]


@dataclass(slots=True)
class Desk:
    """Everything a command, a page or a dialog may use; built once, in one place."""

    data_dir: Path
    window: WindowPort
    jobs: "Jobs"
    settings: "SettingsFile"
    library: "Library"
    workers: "Workers"
    decoding: "Decoding"
    browsing: "Browsing"
    edits: "Edits"
    session: "ReadingSession"
    measuring: "Measuring"
    saving: "Saving"
    colors: "ScreenColors"
    streams: "Streams"
    remote: "RemoteBrowsing"
    exchange: "Exchange"
    review: "ReviewSession"
    reviews: "ReviewSaving"


DeskCommand = Command[Desk]
Commands = Registry[Desk]
