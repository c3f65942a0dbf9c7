"""Who a file is about, and what stands for it in the export."""

import datetime as dt
from dataclasses import dataclass

from viewer.core.pseudonyms import PatientKey, Pseudonyms
from viewer.dicom.deidentification.tree import Item, raw_of
from viewer.dicom.text import CharacterSet


@dataclass(frozen=True, slots=True)
class Person:
    """The patient of a file.

    Attributes
    ----------
    old_id : str
        As the file says; may be empty.
    new_id, new_name : str
        Pseudonyms.
    shift : timedelta
        How far the dates move.
    """

    old_id: str
    new_id: str
    new_name: str
    shift: dt.timedelta


def person_of(
    data_set: Item,
    character_set: CharacterSet,
    pseudonyms: Pseudonyms,
    told: PatientKey | None = None,
) -> Person:
    """The patient a data set is about, under a project's key.

    `told` is what the rest of its study says of that; None asks the data set alone.
    """

    def text(tag: int) -> str:
        return character_set.decode(raw_of(data_set, tag))[0].strip(" \0")

    key = told or PatientKey.of(
        patient_id=text(0x00100020),
        issuer=text(0x00100021),
        institution=text(0x00080080),
        name=text(0x00100010),
        birth_date=text(0x00100030),
        study_uid=text(0x0020000D),
    )
    new_id, new_name = pseudonyms.patient(key)
    return Person(text(0x00100020), new_id, new_name, pseudonyms.shift(key))
