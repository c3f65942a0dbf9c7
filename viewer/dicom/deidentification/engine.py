"""One instance made anonymous: the only way from a file to one that may leave.

Runs in a process that can be killed.
"""

import logging
import warnings
from collections.abc import Hashable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Final, cast

from pydicom.config import disable_value_validation
from pydicom.dataelem import DataElement

from viewer.core.deidentification import Option, Recipe, Withheld, Written
from viewer.core.errors import PixelError, ViewerError
from viewer.core.pseudonyms import Pseudonyms
from viewer.core.withholding import Caution, Reason
from viewer.dicom.deidentification import gate, icons, pixels
from viewer.dicom.deidentification.documents import is_document
from viewer.dicom.deidentification.identifying import identifying
from viewer.dicom.deidentification.leaves import Leaves
from viewer.dicom.deidentification.ledger import Ledger
from viewer.dicom.deidentification.markers import BURNED_IN_TAG, FACE_TAG, markers
from viewer.dicom.deidentification.object_types import type_of
from viewer.dicom.deidentification.person import person_of
from viewer.dicom.deidentification.pixel_outcome import PixelOutcome
from viewer.dicom.deidentification.result import Result
from viewer.dicom.deidentification.tree import (
    Entry,
    Item,
    base,
    entries,
    text_of,
    tree_of,
)
from viewer.dicom.deidentification.walk import Memory, Walk
from viewer.dicom.element import UnboundedError
from viewer.dicom.part10 import OpenFile, open_dicom
from viewer.dicom.tag import PIXEL_REPRESENTATION

_STUDY, _SERIES = 0x0020000D, 0x0020000E
_SOP_CLASS, _INSTANCE, _MODALITY = 0x00080016, 0x00080018, 0x00080060
_PIXELS: Final = "what the header says of the pixels that leave"
_MARKS: Final = "the object says how it was made anonymous (PS3.15 E.1.1)"
_DAMAGE: Final = "a sequence that does not end properly"

logging.getLogger("pydicom").setLevel(logging.CRITICAL + 1)  # its lines quote values


def deidentify(path: Path, recipe: Recipe, out: BinaryIO) -> Written | Withheld:
    """Write one instance so that it tells of nobody.

    Parameters
    ----------
    path : Path
        The source, which is only read.
    recipe : Recipe
    out : BinaryIO
        Where to; what is written there counts only if `Written` comes back.

    Returns
    -------
    Written or Withheld
        Whatever cannot be read to its last attribute, or cleaned with certainty, is
        withheld as a whole.
    """
    try:
        with (
            open_dicom(path) as opened,
            warnings.catch_warnings(),
            disable_value_validation(),
        ):
            warnings.simplefilter("ignore")  # pydicom's quote values
            return _deidentified(opened, recipe, out)
    except gate.Stays as stays:
        return Withheld(stays.reason)
    except UnboundedError:
        return Withheld(Reason.TOO_DEEP)
    except PixelError:
        return Withheld(Reason.PIXELS)
    except ViewerError:
        return Withheld(Reason.UNREADABLE)


def _deidentified(opened: OpenFile, recipe: Recipe, out: BinaryIO) -> Written:
    private = Option.RETAIN_SAFE_PRIVATE in recipe.policy.options
    source = tree_of(opened, private=private or recipe.want_changes)
    if _DAMAGE in opened.data_set.notes:
        raise gate.Stays(Reason.UNREADABLE)
    cautions = gate.check_object(source, opened, recipe)
    cautions += gate.check_pixels(source, opened, recipe)
    walk = _walk(source, opened, recipe)
    decided = gate.check_names(source, opened, walk.leaves.known)
    found: dict[int, Entry | None] = {
        int(one.tag): one for one in entries(walk.through(source, decided=decided))
    }
    outcome = pixels.clean(opened, recipe.boxes)
    made = icons.icon(opened, recipe.boxes) if icons.ICON in source else None
    if made is not None:
        found[icons.ICON] = made
        walk.ledger.note("", None, made, "D", "made anew of the pixels that leave")
    found |= _stated(walk, source, _described(opened, outcome, walk), _PIXELS)
    stated = markers(
        recipe.policy,
        burned_in=_burned_in(source, recipe, outcome),
        shows_face=_shows_face(source, cautions),
    )
    found |= _stated(walk, source, stated, _MARKS)
    kept = {tag: one for tag, one in found.items() if one is not None}
    result = Result(walk, source, kept, outcome)
    return result.write(out, tuple(cautions))


def _walk(source: Item, opened: OpenFile, recipe: Recipe) -> Walk:
    character_set, policy = opened.data_set.character_set, recipe.policy
    pseudonyms = Pseudonyms(recipe.key)
    person = person_of(source, character_set, pseudonyms, recipe.patient)
    known = identifying(source, policy.options)
    signed = opened.data_set.integer(PIXEL_REPRESENTATION) == 1
    sop_class = text_of(source, _SOP_CLASS)
    alike = policy, recipe.key, person, sop_class, character_set, known, signed
    leaves = Leaves(pseudonyms, person, character_set, known, signed)
    ledger = Ledger(character_set, wanted=recipe.want_changes)
    return Walk(policy, sop_class, leaves, ledger, _memory(*alike))


@lru_cache(maxsize=8)
def _memory(*_alike: Hashable) -> Memory:
    """What instances remember together that have all this in common."""
    return {}


def _described(
    opened: OpenFile, outcome: PixelOutcome | None, walk: Walk
) -> Mapping[int, Entry | None]:
    """What the header has to say of the pixels now."""
    if outcome is None or opened.pixels is None:
        return {}
    walk.ledger.note_pixels(outcome, opened.pixels.length)
    return {
        tag: None if stated is None else DataElement(base(tag), *stated)
        for tag, stated in outcome.header.items()
    }


def _stated(
    walk: Walk, source: Item, stated: Mapping[int, Entry | None], why: str
) -> Mapping[int, Entry | None]:
    """The same, noted."""
    for tag, after in stated.items() if walk.ledger.wanted else ():
        before = cast("Entry", source.get_item(base(tag))) if tag in source else None
        walk.ledger.note("", before, after, "D" if after else "X", why)
    return stated


def _shows_face(source: Item, cautions: list[Caution]) -> bool:
    """Whether it has to be said: also where the object must say something."""
    must = type_of(text_of(source, _SOP_CLASS), 0, FACE_TAG) == "1"
    return must or Caution.FACE in cautions or text_of(source, FACE_TAG) == "YES"


def _burned_in(source: Item, recipe: Recipe, outcome: PixelOutcome | None) -> str:
    """Whether writing is left in the pixels: NO only where somebody is sure of it."""
    if outcome is None:
        return "YES" if is_document(source) else ""  # nobody reads a PDF for it
    stated = text_of(source, BURNED_IN_TAG)
    if outcome.burned or (recipe.looked_at and stated != "YES"):
        return "NO"
    return stated if stated in ("YES", "NO") else ""
