"""Failures the user is told about.

Anything raised inside the viewer that is *not* a `ViewerError` is a bug: it reaches
the crash handler with its traceback and no layer hides it.
"""


class ViewerError(Exception):
    """A failure of the outside world: a file, a peer, a disk.

    Neither sentence ever holds a value out of a patient's file.

    Attributes
    ----------
    message : str
        One sentence for the user.
    hint : str
        What the user can do next; empty if nothing.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class GeometryError(ViewerError):
    """The images do not describe a position in the patient."""


class NotDicomError(ViewerError):
    """The file is something else; found in a folder it is passed over."""


class UnreadableError(ViewerError):
    """The file claims to be DICOM but cannot be read."""


class MismatchError(UnreadableError):
    """What came is not what was announced."""


class PixelError(ViewerError):
    """The pixels cannot be decoded, or not without guessing."""


class EnvironmentFailure(ViewerError):  # noqa: N818 - not a fault of the input
    """Something around the program failed: no display, no catalog, no disk."""


class Cancelled(ViewerError):  # noqa: N818 - a wish, not an error
    """The user stopped the work."""

    def __init__(self) -> None:
        super().__init__("Stopped.")


class Closing(Cancelled):
    """The program ends while it works: nobody said that the work is not wanted."""
