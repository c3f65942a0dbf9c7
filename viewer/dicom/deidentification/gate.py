"""What stays here as a whole, because nobody can make it anonymous with certainty."""

import re
from typing import Final

from viewer.core.deidentification import Option, Recipe
from viewer.core.errors import PixelError
from viewer.core.faces import FaceRisk
from viewer.core.pseudonyms import is_of_the_standard
from viewer.core.review import Verdict
from viewer.core.withholding import Caution, Reason
from viewer.dicom import tag as tags
from viewer.dicom.codecs.syntaxes import Coding, transfer_syntax
from viewer.dicom.deidentification.judging import judged
from viewer.dicom.deidentification.tree import Item, text_of
from viewer.dicom.part10 import OpenFile

_SOP_CLASS: Final = 0x00080016
_NAMES: Final = (_SOP_CLASS, 0x00080018, 0x0020000D, 0x0020000E)
_UID: Final = re.compile(r"\d[\d.]{0,63}")
_DOCUMENT: Final = 0x00420011
_DOCUMENTS: Final = "1.2.840.10008.5.1.4.1.1.104."
_REPORTS: Final = "1.2.840.10008.5.1.4.1.1.88."
_DIRECTORY: Final = "1.2.840.10008.1.3.10"


class Stays(Exception):  # noqa: N818 - a decision, not an error
    """An instance is withheld."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def check_object(data_set: Item, opened: OpenFile, recipe: Recipe) -> None:
    """Stop what says not which object it is, or is one that cannot be cleaned.

    Raises
    ------
    Stays
    """
    sop_class = text_of(data_set, _SOP_CLASS)
    if not all(_UID.fullmatch(text_of(data_set, tag)) for tag in _NAMES):
        raise Stays(Reason.NO_OBJECT)
    if not is_of_the_standard(sop_class) or sop_class == _DIRECTORY:
        raise Stays(Reason.UNKNOWN_CLASS)
    if _is_video(opened):
        raise Stays(Reason.VIDEO)
    if sop_class.startswith(_DOCUMENTS) or _DOCUMENT in data_set:
        raise Stays(Reason.DOCUMENT)
    structured = Option.CLEAN_STRUCTURED_CONTENT in recipe.policy.options
    if sop_class.startswith(_REPORTS) and not structured:
        raise Stays(Reason.STRUCTURED)


def check_pixels(data_set: Item, opened: OpenFile, recipe: Recipe) -> list[Caution]:
    """Stop images nobody has looked at, where names may be written or a face be seen.

    Returns
    -------
    list of Caution
        What should be known of an image that may go.

    Raises
    ------
    Stays
    """
    if opened.pixels is None:
        return []
    _check_review(opened, recipe)
    suspicion, risk = judged(data_set)
    if not recipe.looked_at and suspicion is not None:
        raise Stays(Reason.NOT_REVIEWED)
    if risk is FaceRisk.LIKELY and recipe.policy.withhold_faces:
        raise Stays(Reason.FACE)
    return [] if risk is FaceRisk.NONE else [Caution.FACE]


def _check_review(opened: OpenFile, recipe: Recipe) -> None:
    review = recipe.review
    if review is None:
        return
    if review.verdict is Verdict.WITHHELD:
        raise Stays(Reason.REVIEWER)
    size = (opened.data_set.integer(tag) or 0 for tag in (tags.COLUMNS, tags.ROWS))
    if not review.fits(*size):
        raise Stays(Reason.REVIEW_MISFIT)


def _is_video(opened: OpenFile) -> bool:
    try:
        return transfer_syntax(opened.transfer_syntax_uid).coding is Coding.VIDEO
    except PixelError:
        return False
