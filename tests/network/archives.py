"""An archive in the test process: it answers by pynetdicom, and remembers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pydicom.dataset import Dataset
from pydicom.uid import UID
from pynetdicom import AE, AllStoragePresentationContexts, build_context, evt
from pynetdicom.sop_class import (  # type: ignore[attr-defined] # made at run time
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelGet,
    StudyRootQueryRetrieveInformationModelMove,
    Verification,
)

from tests.network.steady import steady
from viewer.core.peers import Peer
from viewer.network.quiet import hush

steady()


@dataclass
class Archive:
    """What it holds, what it was sent, and how it behaves."""

    held: list[Dataset] = field(default_factory=list)
    asked: list[Dataset] = field(default_factory=list)
    stored: list[tuple[str, str, bytes]] = field(default_factory=list)  # UID, syntax
    answers: dict[str, int] = field(default_factory=dict)  # status by instance
    destinations: dict[str, tuple[str, int]] = field(default_factory=dict)
    syntaxes: tuple[str, ...] = ("1.2.840.10008.1.2.1", "1.2.840.10008.1.2")
    unsent: set[str] = field(default_factory=set)  # told of, but not sent
    breaks_off: int = 0  # so many objects from now, once
    may_send: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    @property
    def peer(self) -> Peer:
        """How to reach it."""
        return Peer("archive", "127.0.0.1", self.port, "ARCHIVE", "VIEWER")

    def matches(self, identifier: Dataset) -> list[Dataset]:
        """What the unique keys of a request name."""
        found = self.held
        for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
            value = identifier.get(keyword)
            if value:
                wanted = {value} if isinstance(value, UID) else set(value)
                found = [one for one in found if one[keyword].value in wanted]
        return found

    def _send(self, event: Any) -> Iterator[Any]:
        self.asked.append(event.identifier)
        matching = self.matches(event.identifier)
        found = [one for one in matching if one.SOPInstanceUID not in self.unsent]
        if event.request.msg_type == "C-MOVE":
            place = self.destinations.get(event.move_destination)
            contexts = [build_context(one.SOPClassUID) for one in found[:1]]
            yield (*place, {"contexts": contexts}) if place else (None, None)
        yield len(found)
        for one in found:
            self.may_send.wait()
            self.breaks_off -= 1
            if self.breaks_off == 0:
                event.assoc.abort()
                return
            if event.is_cancelled:
                yield 0xFE00, None
                return
            yield 0xFF00, one

    def _find(self, event: Any) -> Iterator[Any]:
        asked = event.identifier
        seen: set[str] = set()
        level = {"STUDY": "Study", "SERIES": "Series", "IMAGE": "SOP"}
        name = f"{level[asked.QueryRetrieveLevel]}InstanceUID"
        wanted = Dataset()
        for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
            if asked.get(keyword):
                setattr(wanted, keyword, asked[keyword].value)
        for one in self.matches(wanted):
            if one[name].value not in seen:
                seen.add(one[name].value)
                found = Dataset()
                found.QueryRetrieveLevel = asked.QueryRetrieveLevel
                for element in asked:
                    if element.tag in one and element.keyword != "QueryRetrieveLevel":
                        found[element.tag] = one[element.tag]
                yield 0xFF00, found

    def _store(self, event: Any) -> int:
        uid = str(event.request.AffectedSOPInstanceUID)
        raw = event.request.DataSet.getvalue()
        self.stored.append((uid, str(event.context.transfer_syntax), raw))
        return self.answers.get(uid, 0)


@contextmanager
def archive(*held: Dataset, **how: Any) -> Iterator[Archive]:
    """An archive on a free port, for the length of a block."""
    hush()
    made = Archive(list(held), **how)
    made.may_send.set()
    entity = AE("ARCHIVE")
    entity.maximum_associations = 20
    entity.add_supported_context(Verification)
    entity.add_supported_context(StudyRootQueryRetrieveInformationModelFind)
    entity.add_supported_context(StudyRootQueryRetrieveInformationModelGet)
    entity.add_supported_context(StudyRootQueryRetrieveInformationModelMove)
    for context in AllStoragePresentationContexts:
        entity.add_supported_context(
            str(context.abstract_syntax),
            list(made.syntaxes),
            scu_role=True,
            scp_role=True,
        )
    handlers = [
        (evt.EVT_C_GET, made._send),
        (evt.EVT_C_MOVE, made._send),
        (evt.EVT_C_FIND, made._find),
        (evt.EVT_C_STORE, made._store),
    ]
    server = entity.start_server(("127.0.0.1", 0), block=False, evt_handlers=handlers)  # type: ignore[arg-type] # a list
    assert server is not None
    assert server.socket is not None
    try:
        made.port = server.socket.getsockname()[1]
        yield made
    finally:
        made.may_send.set()
        server.shutdown()
        entity.shutdown()
