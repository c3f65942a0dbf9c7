"""An archive of a few studies in the test's process, with the quirks real ones have."""

import contextlib
import fnmatch
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pydicom import Dataset
from pydicom.multival import MultiValue
from pynetdicom import AE, evt
from pynetdicom.transport import AssociationSocket

from tests.network.steady import steady
from viewer.core.peers import Peer
from viewer.network.find import PATIENT_ROOT, STUDY_ROOT, WORKLIST
from viewer.network.quiet import hush

hush()
steady()


def _shut(connection: AssociationSocket) -> None:
    """Close what cannot be shut down any more, too: pynetdicom leaves it open."""
    if connection.socket is not None:
        with contextlib.suppress(OSError):
            connection.socket.shutdown(socket.SHUT_RDWR)
        connection.socket.close()


AssociationSocket._shutdown_socket = _shut  # type: ignore[method-assign, assignment] # see there

_PENDING, _CANCELLED, _DONE = 0xFF00, 0xFE00, 0x0000
_RETURNED_ALWAYS = ("SpecificCharacterSet", "StudyInstanceUID")


@dataclass
class Archive:
    """Rows of data sets that C-FIND looks through, level by level.

    Attributes
    ----------
    rows : sequence of Dataset
        One for each instance, with everything a question may ask for.
    ignores_case : bool
    ignored : tuple of str
        Keywords it does not match by.
    untold : tuple of str
        Keywords it does not answer.
    roots : tuple of str
        UIDs it offers.
    port : int
    asked : list of Dataset
        The identifiers of all questions so far.
    cancelled : threading.Event
        Somebody said C-CANCEL.
    """

    rows: Sequence[Dataset]
    ignores_case: bool = False
    ignored: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()
    roots: tuple[str, ...] = (STUDY_ROOT, PATIENT_ROOT, WORKLIST)
    port: int = 0
    asked: list[Dataset] = field(default_factory=list)
    cancelled: threading.Event = field(default_factory=threading.Event)

    def peer(self, **changes: Any) -> Peer:
        """The archive as a peer of ours."""
        usual = {"name": "Archive", "host": "127.0.0.1", "aet": "ARCHIVE"}
        return Peer(**{**usual, "port": self.port, **changes})

    def answer(self, event: Any) -> Iterator[tuple[int, Dataset | None]]:
        """Answer one C-FIND."""
        question = event.identifier
        self.asked.append(question)
        level = question.get("QueryRetrieveLevel", "")
        seen = set()
        for row in self.rows:
            name = tuple(str(row.get(k, "")) for k in _UNIQUE.get(level, ()))
            if (name and name in seen) or not self._meets(question, row):
                continue
            seen.add(name)
            if event.is_cancelled:
                self.cancelled.set()
                yield _CANCELLED, None
                return
            yield _PENDING, self._told(question, row)

    def _meets(self, question: Dataset, row: Dataset) -> bool:
        for element in question:
            key = element.keyword
            if key in self.ignored or key in _NO_KEYS or element.is_empty:
                continue
            if element.VR == "SQ":
                held = row[key].value[0] if key in row else Dataset()
                if not all(self._meets(item, held) for item in element.value):
                    return False
            elif not self._is_one_of(str(element.value), row.get(key), element.VR):
                return False
        return True

    def _is_one_of(self, asked: str, told: Any, vr: str) -> bool:
        values = told if isinstance(told, MultiValue) else [told]
        texts = [str(value) for value in values if value is not None]
        if vr == "DA" and "-" in asked:
            first, _, last = asked.partition("-")
            return any((first or "0") <= text <= (last or "9") for text in texts)
        if self.ignores_case and vr != "UI":
            asked, texts = asked.casefold(), [text.casefold() for text in texts]
        return any(fnmatch.fnmatchcase(text, asked) for text in texts)

    def _told(self, question: Dataset, row: Dataset) -> Dataset:
        answer = Dataset()
        for key in (*_RETURNED_ALWAYS, *(e.keyword for e in question)):
            if key in row and key not in self.untold:
                answer[key] = row[key]
        if "QueryRetrieveLevel" in question:
            answer.QueryRetrieveLevel = question.QueryRetrieveLevel
        return answer


_NO_KEYS = {"SpecificCharacterSet", "QueryRetrieveLevel", "TimezoneOffsetFromUTC"}
_UNIQUE = {
    "PATIENT": ("PatientID",),
    "STUDY": ("StudyInstanceUID",),
    "SERIES": ("SeriesInstanceUID",),
    "IMAGE": ("SOPInstanceUID",),
}


@contextmanager
def archive(rows: Sequence[Dataset], **quirks: Any) -> Iterator[Archive]:
    """A running archive."""
    kept = Archive(rows, **quirks)
    entity = AE("ARCHIVE")
    for root in kept.roots:
        entity.add_supported_context(root)
    server = entity.start_server(
        ("127.0.0.1", 0),
        block=False,
        evt_handlers=[(evt.EVT_C_FIND, kept.answer)],
    )
    assert server is not None
    kept.port = server.server_address[1]
    try:
        yield kept
    finally:
        entity.shutdown()


def row(study: int, series: int = 1, instance: int = 1, **values: Any) -> Dataset:
    """One instance: its UIDs, and what else is given."""
    data_set = Dataset()
    data_set.SpecificCharacterSet = "ISO_IR 192"
    data_set.StudyInstanceUID = f"2.25.{study}"
    data_set.SeriesInstanceUID = f"2.25.{study}.{series}"
    data_set.SOPInstanceUID = f"2.25.{study}.{series}.{instance}"
    data_set.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    for keyword, value in values.items():
        setattr(data_set, keyword, value)
    return data_set
