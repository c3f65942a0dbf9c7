"""A whole archive in the test process: it answers queries and gives what it has."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from pydicom.dataset import Dataset
from pynetdicom import AE, AllStoragePresentationContexts, evt
from pynetdicom.sop_class import (  # type: ignore[attr-defined] # made at run time
    StudyRootQueryRetrieveInformationModelGet,
)

from tests.network import archives, query_archive
from viewer.core.peers import Peer, Way
from viewer.network.find import PATIENT_ROOT, STUDY_ROOT


@dataclass(frozen=True)
class Pacs:
    """The archive, and the side of it that gives.

    Setting and clearing ``giver.may_send`` lets it give, or stall.
    """

    giver: archives.Archive
    asked: query_archive.Archive
    port: int

    def peer(self, name: str) -> Peer:
        """The archive as a peer of ours."""
        return Peer(name, "127.0.0.1", self.port, "ARCHIVE", ways=(Way.GET,))


@contextmanager
def pacs(data_sets: Sequence[Dataset]) -> Iterator[Pacs]:
    """An archive that holds these, on a free port."""
    giver = archives.Archive(list(data_sets))
    giver.may_send.set()
    asked = query_archive.Archive(data_sets)
    entity = AE("ARCHIVE")
    entity.maximum_associations = 20
    for root in (STUDY_ROOT, PATIENT_ROOT):
        entity.add_supported_context(root)
    entity.add_supported_context(StudyRootQueryRetrieveInformationModelGet)
    for context in AllStoragePresentationContexts:
        syntaxes = ["1.2.840.10008.1.2.1", "1.2.840.10008.1.2"]
        entity.add_supported_context(
            str(context.abstract_syntax), syntaxes, scu_role=True, scp_role=True
        )
    handlers = [(evt.EVT_C_GET, giver._send), (evt.EVT_C_FIND, asked.answer)]
    server = entity.start_server(("127.0.0.1", 0), block=False, evt_handlers=handlers)  # type: ignore[arg-type] # a list
    assert server is not None
    try:
        yield Pacs(giver, asked, server.server_address[1])
    finally:
        giver.may_send.set()
        entity.shutdown()
