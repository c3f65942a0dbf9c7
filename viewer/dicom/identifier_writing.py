"""A question as the identifier of a C-FIND, byte for byte.

Attributes in the order of tags, one character set for all of them. PS3.4 C.6, K.6;
PS3.5 6.1.2.3 for text.
"""

import struct
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from viewer.core.questions import Question
from viewer.core.remote import Level
from viewer.core.worklist import WorklistQuery
from viewer.dicom import query_tags as q
from viewer.dicom import tag as tags
from viewer.dicom.encoding import IMPLICIT_UID, LONG_VRS
from viewer.dicom.text_writing import to_bytes

_UTF_8: Final = "ISO_IR 192"
_ITEM: Final = 0xFFFEE000
_LEVELS: Final = {
    Level.STUDY: "STUDY",
    Level.SERIES: "SERIES",
    Level.INSTANCE: "IMAGE",
}
Keys = dict[int, str | list["Keys"]]


def written_question(question: Question, syntax_uid: str, charset: str = "") -> bytes:
    """The identifier that asks `question`.

    Parameters
    ----------
    question : Question
    syntax_uid : str
        Implicit or explicit little endian.
    charset : str
        Defined term to write text in if it can be; UTF-8 where it cannot.
    """
    keys: Keys = dict.fromkeys(q.RETURNED[question.level], "")
    keys[q.QUERY_RETRIEVE_LEVEL] = _LEVELS[question.level]
    keys[tags.STUDY_INSTANCE_UID] = question.study_uid or ""
    if question.level is Level.STUDY:
        keys[tags.PATIENT_NAME] = question.patient_name
        keys[tags.PATIENT_ID] = question.patient_id
        keys[tags.ACCESSION_NUMBER] = question.accession
        keys[tags.STUDY_DESCRIPTION] = question.description
        keys[tags.STUDY_DATE] = to_range(question.date_from, question.date_to)
        keys[q.MODALITIES_IN_STUDY] = question.modality
        return written_keys(keys, syntax_uid, charset)
    keys[tags.SERIES_INSTANCE_UID] = question.series_uid or ""
    if question.level is Level.SERIES:
        keys[tags.MODALITY] = question.modality
    if question.patient_id:  # the patient root asks for it below the patient, too
        keys[tags.PATIENT_ID] = question.patient_id
    return written_keys(keys, syntax_uid, charset)


def written_patient_question(
    question: Question, syntax_uid: str, charset: str = ""
) -> bytes:
    """The identifier that asks for the patients of `question`; the patient root's."""
    keys: Keys = {
        q.QUERY_RETRIEVE_LEVEL: "PATIENT",
        tags.PATIENT_NAME: question.patient_name,
        tags.PATIENT_ID: question.patient_id,
    }
    return written_keys(keys, syntax_uid, charset)


def written_worklist(
    query: WorklistQuery, name: str, syntax_uid: str, charset: str = ""
) -> bytes:
    """The identifier that asks for planned steps.

    Parameters
    ----------
    query : WorklistQuery
    name : str
        The name's pattern.
    """
    step: Keys = dict.fromkeys(q.STEP_RETURNED, "")
    step[tags.MODALITY] = query.modality
    step[q.SCHEDULED_STATION_AET] = query.station
    step[q.SCHEDULED_DATE] = to_range(query.date_from, query.date_to)
    keys: Keys = dict.fromkeys(q.WORKLIST_RETURNED, "")
    keys[tags.PATIENT_NAME] = name
    keys[q.SCHEDULED_STEP_SEQUENCE] = [step]
    return written_keys(keys, syntax_uid, charset)


def to_range(first: date | None, last: date | None) -> str:
    """A range of dates, both inclusive; PS3.4 C.2.2.2.5.1."""
    if first == last:
        return "" if first is None else f"{first:%Y%m%d}"
    begin = "" if first is None else f"{first:%Y%m%d}"
    end = "" if last is None else f"{last:%Y%m%d}"
    return f"{begin}-{end}"


def written_keys(keys: Keys, syntax_uid: str, charset: str = "") -> bytes:
    """A data set of attributes of `query_tags.VR`, with its character set."""
    texts = list(_texts(keys))
    term = charset
    if not all(text.isascii() for text in texts):
        fits = charset and all(to_bytes(text, charset) is not None for text in texts)
        term = charset if fits else _UTF_8
    if term:
        keys = {**keys, tags.SPECIFIC_CHARACTER_SET: term}
    return _written(keys, term, implicit=syntax_uid == IMPLICIT_UID)


def _texts(keys: Mapping[int, "str | list[Keys]"]) -> Iterator[str]:
    for value in keys.values():
        if isinstance(value, str):
            yield value
        else:
            for item in value:
                yield from _texts(item)


def _written(keys: Keys, term: str, *, implicit: bool) -> bytes:
    parts = []
    for tag, value in sorted(keys.items()):
        vr = q.VR[tag]
        if isinstance(value, str):
            raw = _value(vr, value, term)
        else:
            items = (_written(item, term, implicit=implicit) for item in value)
            raw = b"".join(_head(_ITEM, "", len(i), implicit=True) + i for i in items)
        parts.append(_head(tag, vr, len(raw), implicit=implicit) + raw)
    return b"".join(parts)


def _value(vr: str, text: str, term: str) -> bytes:
    raw = to_bytes(text, term) if vr in q.TEXT_VRS else text.encode("ascii", "replace")
    raw = raw or b""
    return raw + (b"\0" if vr == "UI" else b" ") * (len(raw) % 2)


def _head(tag: int, vr: str, length: int, *, implicit: bool) -> bytes:
    group, element = tag >> 16, tag & 0xFFFF
    if implicit:
        return struct.pack("<HHI", group, element, length)
    if vr.encode() in LONG_VRS:
        return struct.pack("<HH2s2xI", group, element, vr.encode(), length)
    return struct.pack("<HH2sH", group, element, vr.encode(), length)
