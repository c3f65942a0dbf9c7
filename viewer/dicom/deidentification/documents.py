"""Documents that an object carries, which go only if they are asked for.

Nobody can clean a PDF with certainty: it goes as it is, with a word of caution, unless
a name of the patient lies open in it. A CDA states its patient by its very form, and
never goes. PS3.3 A.45, A.85, A.104.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from viewer.dicom.deidentification.codes import Decided
from viewer.dicom.deidentification.identifying import Identifying
from viewer.dicom.deidentification.tree import Item, base, raw, raw_of, text_of

DOCUMENT: Final = 0x00420011
_SOP_CLASS, _MIME, _LENGTH = 0x00080016, 0x00420012, 0x00420015
_CLASSES: Final = "1.2.840.10008.5.1.4.1.1.104."

_STL_HEADER, _FACET = 84, 50
_FACET_TAIL: Final = 2


def is_document(item: Item) -> bool:
    """Whether a data set carries a document, or should."""
    return text_of(item, _SOP_CLASS).startswith(_CLASSES) or base(DOCUMENT) in item


def document_changes(item: Item, known: Identifying) -> Decided | None:
    """What becomes of a document that was asked for.

    Returns
    -------
    dict or None
        None: it stays here, because it is none that can go, or names the patient.
    """
    if not is_document(item):
        return {}
    kind = _KINDS.get(text_of(item, _SOP_CLASS))
    stated = text_of(item, _MIME)
    if kind is None or stated not in kind[0]:
        return None
    document = kind[1](_without_tail(item))
    if not document or known.found_in_stream(document):
        return None
    length = len(document)
    return {
        DOCUMENT: raw(DOCUMENT, "OB", document + bytes(length % 2)),
        _MIME: raw(_MIME, "LO", stated.encode()),
        _LENGTH: raw(_LENGTH, "UL", length.to_bytes(4, "little")),
    }


def _without_tail(item: Item) -> bytes:
    """The document up to the length it has, where that is stated."""
    value, stated = raw_of(item, DOCUMENT), raw_of(item, _LENGTH)
    length = int.from_bytes(stated, "little") if len(stated) == 4 else len(value)
    return value[:length]


def _pdf(document: bytes) -> bytes:
    """A PDF as it is, up to its last mark; empty if it is none."""
    end = document.rfind(b"%%EOF")
    if not document.startswith(b"%PDF-") or end < 0:
        return b""
    return document[: end + 5] + b"\n"


def _stl(document: bytes) -> bytes:
    """A binary STL without what is not its surface; empty if it is none.

    Its header is 80 bytes of anything, and each facet ends with two more.
    """
    facets = int.from_bytes(document[80:_STL_HEADER], "little")
    size = _STL_HEADER + facets * _FACET
    if len(document) < _STL_HEADER or len(document) < size:
        return b""
    body = np.frombuffer(document[_STL_HEADER:size], np.uint8).reshape(-1, _FACET)
    clean = body.copy()
    clean[:, -_FACET_TAIL:] = 0
    return bytes(80) + document[80:_STL_HEADER] + clean.tobytes()


_Kind = tuple[frozenset[str], Callable[[bytes], bytes]]
_KINDS: Final[dict[str, _Kind]] = {
    f"{_CLASSES}1": (frozenset({"application/pdf"}), _pdf),
    f"{_CLASSES}3": (frozenset({"model/stl", "application/sla"}), _stl),
}
"""MIME types and how a document of the class is cut, by SOP class."""
