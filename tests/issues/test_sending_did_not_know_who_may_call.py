"""Who may call, as settled for the listener, did not hold while `send --commit` waited.

An archive of several computers was not believed where the user had said from where its
title calls, and whoever was not on the list could call.
"""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pydicom import Dataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian
from pynetdicom import AE, build_role, evt

from tests.cli.test_transfers import no_window
from tests.services.import_files import DirectReader, write_image
from tests.services.test_commitment import (
    PUSH,
    WELL_KNOWN,
    port_that_no_caller_gets,
    reported,
)
from viewer.cli.program import DONE, REFUSED, run
from viewer.core.peers import Peer
from viewer.network.quiet import hush
from viewer.services.importing import Importing, ImportRequest
from viewer.services.library import Library
from viewer.services.peers import Peers
from viewer.services.settings import SettingsFile

ITSELF, BESIDE = "127.0.0.1", "127.0.0.2"
UID = "1.2.3.1.1"


def _is_ours(address: str) -> bool:
    try:
        socket.create_server((address, 0)).close()
    except OSError:
        return False
    return True


beside = pytest.mark.skipif(
    not _is_ours(BESIDE), reason=f"{BESIDE} is not this machine"
)


@dataclass
class Cluster:
    """An archive that answers from where it likes, under whatever title.

    Attributes
    ----------
    our_port : int
        Where it calls us.
    calls : list of (title, address)
        How it does, before it says that it was asked.
    heard : list of (int or None)
        What we said to each call: the status, None if we did not let it in.
    """

    our_port: int
    calls: list[tuple[str, str]]
    stored: list[str] = field(default_factory=list)
    heard: list[int | None] = field(default_factory=list)

    def store(self, event: Any) -> int:
        """Keep an object."""
        self.stored.append(str(event.request.AffectedSOPInstanceUID))
        return 0x0000

    def commit(self, event: evt.Event) -> tuple[int, None]:
        """Answer for what we are asked, on associations of our own."""
        answer = reported(event.action_information)
        self.heard += [self._tell(answer, *call) for call in self.calls]
        return 0x0000, None

    def _tell(self, answer: Dataset, title: str, address: str) -> int | None:
        entity = AE(title)
        entity.add_requested_context(PUSH)
        association = entity.associate(
            ITSELF,
            self.our_port,
            ae_title="LIGHTBOX",
            ext_neg=[build_role(PUSH, scp_role=True)],
            bind_address=(address, 0),
        )
        if not association.is_established:
            return None
        status, _ = association.send_n_event_report(answer, 1, PUSH, WELL_KNOWN)
        association.release()
        return int(status.Status)


@contextmanager
def listening(cluster: Cluster) -> Iterator[Peer]:
    """The archive, as we know it: by its own address alone."""
    hush()
    entity = AE("ARCHIVE")
    entity.add_supported_context(PUSH)
    entity.add_supported_context(CTImageStorage, ExplicitVRLittleEndian)
    handlers = [(evt.EVT_N_ACTION, cluster.commit), (evt.EVT_C_STORE, cluster.store)]
    server = entity.start_server((ITSELF, 0), block=False, evt_handlers=handlers)  # type: ignore[arg-type] # a list
    assert server is not None
    try:
        port = server.server_address[1]
        yield Peer("archive", ITSELF, port, "ARCHIVE", our_port=cluster.our_port)
    finally:
        server.shutdown()


class Answer(NamedTuple):
    """Exit status, what the peer answers for, and what people are told."""

    status: int
    promise: object
    told: str


Send = Callable[[Cluster], Answer]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with an image."""
    with Library(tmp_path / "data", DirectReader()) as library:
        Importing(library).run(ImportRequest((write_image(tmp_path / "a.dcm"),)))
    return tmp_path / "data"


@pytest.fixture
def send(data: Path, capsys: pytest.CaptureFixture[str]) -> Send:
    """Sends the image to an archive, and has it answer for it."""

    def sent(cluster: Cluster) -> Answer:
        words = ["send", "archive", UID, "--commit", "--wait", "0.1", "--json"]
        with listening(cluster) as peer:
            Peers(data).keep(peer)
            status = run([*words, "--data-dir", str(data)], no_window)
        said, told = capsys.readouterr()
        promise = json.loads(said).get("commitment")
        return Answer(status, promise and promise["state"], told)

    return sent


def cluster_that_calls(*calls: tuple[str, str]) -> Cluster:
    return Cluster(port_that_no_caller_gets(), list(calls))


@beside
def test_an_archive_is_believed_where_its_title_is_settled_to_call_from(
    data: Path, send: Send
) -> None:
    SettingsFile(data).change(listen_callers=(f"ARCHIVE@{BESIDE}",))
    cluster = cluster_that_calls(("ARCHIVE", BESIDE))
    assert send(cluster) == (DONE, "committed", "")
    assert cluster.heard == [0x0000]


@beside
def test_elsewhere_it_is_not_believed(send: Send) -> None:
    cluster = cluster_that_calls(("ARCHIVE", BESIDE))
    assert send(cluster) == (REFUSED, "pending", "")
    assert cluster.heard not in ([0x0000], [None])  # it was let in, and refused


def test_nobody_calls_meanwhile_but_who_is_settled_and_the_archive_itself(
    data: Path, send: Send
) -> None:
    SettingsFile(data).change(listen_callers=("CT_1",))
    cluster = cluster_that_calls(("STRANGER", ITSELF), ("ARCHIVE", ITSELF))
    assert send(cluster) == (DONE, "committed", "")
    assert cluster.heard == [None, 0x0000]


def test_where_nobody_is_settled_everybody_may_call(send: Send) -> None:
    cluster = cluster_that_calls(("STRANGER", ITSELF))
    assert send(cluster) == (REFUSED, "pending", "")
    assert cluster.heard not in ([0x0000], [None])


def test_who_is_settled_at_no_known_host_is_told_of_and_calls_from_nowhere(
    data: Path, send: Send
) -> None:
    SettingsFile(data).change(listen_callers=("CT_1@nobody..here",))
    cluster = cluster_that_calls(("CT_1", ITSELF), ("ARCHIVE", ITSELF))
    told = "The host nobody..here is not known.\n"
    assert send(cluster) == (DONE, "committed", told)
    assert cluster.heard == [None, 0x0000]


def test_nothing_is_sent_while_nobody_knows_who_may_call(
    data: Path, send: Send
) -> None:
    (data / "settings.toml").write_text("= =")
    cluster = cluster_that_calls()
    status, promise, told = send(cluster)
    assert (status, promise) == (REFUSED, None)
    assert "damaged" in told
    assert cluster.stored == []
