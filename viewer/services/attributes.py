"""Everything a file says, attribute by attribute, for people."""

from viewer.core.attribute_row import AttributeRow
from viewer.core.image import PixelFormat
from viewer.dicom.codecs.syntaxes import SYNTAXES


def attribute_rows(path: str) -> tuple[AttributeRow, ...]:
    """Every attribute of a file, nested ones after the sequence they are in.

    Not for the GUI thread.

    Raises
    ------
    ViewerError
        If the file cannot be read.
    """
    from viewer.dicom import attribute_rows as reader  # noqa: PLC0415 - pydicom is slow

    return reader.attribute_rows(path)


def syntax_name(pixels: PixelFormat) -> str:
    """The transfer syntax by the name the standard gives it."""
    known = SYNTAXES.get(pixels.transfer_syntax_uid)
    return known.name if known else pixels.transfer_syntax_uid
