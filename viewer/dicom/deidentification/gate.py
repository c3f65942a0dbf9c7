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
from viewer.dicom.deidentification.codes import Decided
from viewer.dicom.deidentification.documents import document_changes, is_document
from viewer.dicom.deidentification.identifying import Identifying
from viewer.dicom.deidentification.judging import judged
from viewer.dicom.deidentification.tree import Item, text_of
from viewer.dicom.deidentification.video import names_somebody
from viewer.dicom.part10 import OpenFile

_SOP_CLASS: Final = 0x00080016
_NAMES: Final = (_SOP_CLASS, 0x00080018, 0x0020000D, 0x0020000E)
_UID: Final = re.compile(r"\d[\d.]{0,63}")
_REPORTS: Final = "1.2.840.10008.5.1.4.1.1.88."
_RECORDINGS: Final = "1.2.840.10008.5.1.4.1.1.9.4."  # voice and general audio
_DIRECTORY: Final = "1.2.840.10008.1.3.10"


class Stays(Exception):  # noqa: N818 - a decision, not an error
    """An instance is withheld."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def check_object(data_set: Item, opened: OpenFile, recipe: Recipe) -> list[Caution]:
    """Stop what says not which object it is, or is one that cannot be cleaned.

    Returns
    -------
    list of Caution
        What should be known of one that cannot be cleaned, but was asked for.

    Raises
    ------
    Stays
    """
    sop_class = text_of(data_set, _SOP_CLASS)
    if not all(_UID.fullmatch(text_of(data_set, tag)) for tag in _NAMES):
        raise Stays(Reason.NO_OBJECT)
    if not is_of_the_standard(sop_class) or sop_class == _DIRECTORY:
        raise Stays(Reason.UNKNOWN_CLASS)
    structured = Option.CLEAN_STRUCTURED_CONTENT in recipe.policy.options
    if sop_class.startswith(_REPORTS) and not structured:
        raise Stays(Reason.STRUCTURED)
    if sop_class.startswith(_RECORDINGS):
        raise Stays(Reason.VOICE)
    cautions: list[Caution] = []
    if is_video(opened):
        if not recipe.policy.keep_video:
            raise Stays(Reason.VIDEO)
        cautions.append(Caution.VIDEO)
    if is_document(data_set):
        if not recipe.policy.keep_documents:
            raise Stays(Reason.DOCUMENT)
        cautions.append(Caution.DOCUMENT)
    return cautions


def check_names(data_set: Item, opened: OpenFile, known: Identifying) -> Decided:
    """Stop a film or a document in whose bytes somebody is named.

    Returns
    -------
    dict
        What becomes of the attributes of a document.

    Raises
    ------
    Stays
    """
    if is_video(opened) and names_somebody(opened, known):
        raise Stays(Reason.VIDEO)
    decided = document_changes(data_set, known)
    if decided is None:
        raise Stays(Reason.DOCUMENT)
    return decided


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


def is_video(opened: OpenFile) -> bool:
    """Whether the pixels are a film."""
    try:
        return transfer_syntax(opened.transfer_syntax_uid).coding is Coding.VIDEO
    except PixelError:
        return False
