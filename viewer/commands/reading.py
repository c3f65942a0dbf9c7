"""Commands of the Reading page: what a radiologist does with images.

Keys are those of most viewers, as data; each command acts on `desk.session`.
"""

from viewer.commands.desk import DeskCommand
from viewer.commands.drawing import DRAWING_COMMANDS
from viewer.commands.reading_going import GOING_COMMANDS
from viewer.commands.reading_layout import LAYOUT_COMMANDS
from viewer.commands.reading_view import VIEW_COMMANDS
from viewer.commands.reading_window import WINDOW_COMMANDS

READING_COMMANDS: tuple[DeskCommand, ...] = (
    *VIEW_COMMANDS,
    *DRAWING_COMMANDS,
    *WINDOW_COMMANDS,
    *GOING_COMMANDS,
    *LAYOUT_COMMANDS,
)
