"""The pixels of an object, without what is no picture and what lies in boxes."""

from collections.abc import Sequence
from dataclasses import replace

from viewer.core.boxes import Box
from viewer.core.errors import PixelError
from viewer.dicom.codecs.syntaxes import Coding, transfer_syntax
from viewer.dicom.deidentification import video
from viewer.dicom.deidentification.coded_pixels import clean_coded
from viewer.dicom.deidentification.pixel_outcome import OFFSET_TABLES, PixelOutcome
from viewer.dicom.deidentification.plain_pixels import clean_plain
from viewer.dicom.element import PIXELS
from viewer.dicom.part10 import OpenFile
from viewer.dicom.pixels import to_pixel_format


def clean(opened: OpenFile, boxes: Sequence[Box] = ()) -> PixelOutcome | None:
    """The pixels of an open file as they may leave; None if it has none.

    Every stored value outside the boxes is what it was. Bits that are no part of a
    value, bytes behind the last frame and whatever a code stream carries beside its
    picture are gone.

    Parameters
    ----------
    opened : OpenFile
        Has to stay open until the pieces are written.
    boxes : sequence of Box
        What is burned black.

    Raises
    ------
    PixelError, UnreadableError
        If they cannot be cleaned with certainty: the object has to stay.
    """
    element = opened.pixels
    if element is None or element.length == 0:
        return None
    pixels = to_pixel_format(opened)
    if pixels is None:
        raise PixelError("The pixels of the object cannot be told.")
    transfer_syntax(opened.transfer_syntax_uid)  # of a private one nothing is known
    coding = transfer_syntax(pixels.transfer_syntax_uid).coding
    if coding is Coding.VIDEO:
        if boxes:
            raise PixelError("Nothing can be burned into a film.")
        outcome = video.as_it_lies(opened)
    elif coding in (Coding.NATIVE, Coding.DEFLATED_SET):
        outcome = clean_plain(opened, element, pixels, boxes)
    else:
        outcome = clean_coded(opened, pixels, boxes)
    others = dict.fromkeys((*PIXELS - {outcome.tag}, *OFFSET_TABLES))
    return replace(outcome, header={**others, **outcome.header})
