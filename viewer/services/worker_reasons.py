"""What a worker's answer, its silence or its end means for the file."""

import logging

from viewer.core.errors import PixelError, UnreadableError, ViewerError
from viewer.core.records import FileRecord
from viewer.services.worker import Stalled
from viewer.services.worker_messages import Answer, Failure, Header

_log = logging.getLogger(__name__)


def read_outcome(answer: Answer) -> FileRecord | ViewerError:
    """What a file says, or why it cannot be read."""
    if isinstance(answer, Failure):
        return noted(answer)
    if not isinstance(answer, Header):
        raise TypeError("a worker did what it was not asked, instead of reading")
    return answer.record


def noted(failure: Failure) -> ViewerError:
    """The error to raise; where nobody foresaw it, its place goes to the log."""
    if failure.where:
        _log.error("A worker met what nobody foresaw: %s", failure.where)
    return failure.to_error()


def why_unread(reason: Exception) -> UnreadableError:
    """Why a file whose reader stalled or died has no header."""
    if isinstance(reason, Stalled):
        return UnreadableError(
            f"The file could not be read within {reason.seconds:.0f} seconds.",
            hint="Its disk is slow, or the file is damaged.",
        )
    return UnreadableError(
        "The file brought its reader down.",
        hint="It is damaged, or asks for too much memory.",
    )


def why_undecoded(reason: Exception) -> PixelError:
    """Why a frame whose decoder stalled or died is not shown."""
    if isinstance(reason, Stalled):
        return PixelError(
            f"The image could not be decoded within {reason.seconds:.0f} seconds.",
            hint="The file is probably damaged.",
        )
    return PixelError(
        "The image brought its decoder down.",
        hint="The file is damaged, or asks for too much memory.",
    )
