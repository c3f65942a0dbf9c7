"""What the user sees of a file's own words: transfer syntaxes by their name."""

from viewer.core.image import PixelFormat
from viewer.dicom.codecs.syntaxes import SYNTAXES


def syntax_name(pixels: PixelFormat) -> str:
    """The transfer syntax by the name the standard gives it."""
    known = SYNTAXES.get(pixels.transfer_syntax_uid)
    return known.name if known else pixels.transfer_syntax_uid
