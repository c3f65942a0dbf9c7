"""Storage commitment: asked and answered, here and there, at once and later."""

import random
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydicom import Dataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian
from pynetdicom import AE, build_role, evt

from tests.network.steady import steady
from tests.services.import_files import DirectReader, write_image
from viewer.core.commitment import (
    CommitmentReport,
    CommitmentRequest,
    CommitmentState,
    ObjectRef,
)
from viewer.core.errors import UnreadableError
from viewer.core.peers import Peer
from viewer.dicom.commitment_sets import (
    read_report,
    read_request,
    written_report,
    written_request,
)
from viewer.network.faults import PeerFault
from viewer.network.listener.policy import Caller
from viewer.network.quiet import hush
from viewer.services.awaiting import commitment_awaited
from viewer.services.commitment import CommitmentLedger, Commitments
from viewer.services.importing import Importing, ImportRequest
from viewer.services.library import Library
from viewer.services.listening import Listening, ListenRequest
from viewer.services.peers import Peers

hush()
steady()

PUSH, WELL_KNOWN = "1.2.840.10008.1.20.1", "1.2.840.10008.1.20.1.1"
IMPLICIT = "1.2.840.10008.1.2"
HERE = ObjectRef(CTImageStorage, "1.2.3.1.1")
AWAY = ObjectRef(CTImageStorage, "1.2.3.1.99")
OTHER = ObjectRef("1.2.840.10008.5.1.4.1.1.4", "1.2.3.1.1")
PATIENCE = 200.0


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "data", DirectReader()) as opened:
        Importing(opened).run(ImportRequest((write_image(tmp_path / "a.dcm"),)))
        yield opened


@contextmanager
def listening(library: Library) -> Iterator[Peer]:
    """Our listener, as the others know it."""
    with Listening(library, ListenRequest(port=0, host="127.0.0.1")) as here:
        yield Peer("us", "127.0.0.1", here.port, "LIGHTBOX", our_aet="CALLER")


@pytest.mark.parametrize("syntax", [IMPLICIT, ExplicitVRLittleEndian])
def test_requests_and_reports_are_read_as_they_were_written(syntax: str) -> None:
    request = CommitmentRequest("1.2.3.4", (HERE, AWAY))
    assert read_request(written_request(request, syntax), syntax) == request
    report = CommitmentReport("1.2.3.4", (HERE,), {AWAY: 0x0112})
    assert read_report(written_report(report, syntax), syntax) == report
    with pytest.raises(UnreadableError):
        read_request(b"", syntax)


def test_we_answer_for_what_we_keep_and_for_nothing_else(library: Library) -> None:
    with Library(library.data_dir / "asking", DirectReader()) as asking:
        with listening(library) as peer:
            good = Commitments(asking).request(peer, [HERE], wait=PATIENCE)
            mixed = Commitments(asking).request(peer, [AWAY], wait=PATIENCE)
            wrong = Commitments(asking).request(peer, [OTHER], wait=PATIENCE)
        assert (good.state, good.kept) == (CommitmentState.COMMITTED, 1)
        assert mixed.state is CommitmentState.FAILED
        assert mixed.failed == {"1.2.3.1.99": "The peer does not have it."}
        assert wrong.failed == {"1.2.3.1.1": "The peer has it with another class."}
        assert asking.catalog.commitments.all() == (wrong, mixed, good)


def test_we_do_not_answer_for_a_file_that_others_may_change(
    library: Library, tmp_path: Path
) -> None:
    source = write_image(tmp_path / "b.dcm", 2)
    Importing(library).run(ImportRequest((source,), reference=True))
    two = ObjectRef(CTImageStorage, "1.2.3.1.2")
    with Library(tmp_path / "asking", DirectReader()) as asking:
        with listening(library) as peer:
            said = Commitments(asking).request(peer, [HERE, two], wait=PATIENCE)
        assert said.state is CommitmentState.FAILED
        assert list(said.failed) == ["1.2.3.1.2"]


Handler = Callable[[evt.Event], tuple[int, Dataset | None]]


@contextmanager
def committing(handle: Handler) -> Iterator[Peer]:
    """A pynetdicom entity that is asked for storage commitment."""
    ae = AE("ARCHIVE")
    ae.add_supported_context(PUSH)
    server = ae.start_server(
        ("127.0.0.1", 0),
        block=False,
        evt_handlers=[(evt.EVT_N_ACTION, handle)],
    )
    assert server is not None
    try:
        port = server.server_address[1]
        yield Peer("archive", "127.0.0.1", port, "ARCHIVE", our_aet="LIGHTBOX")
    finally:
        server.shutdown()


def reported(request: Dataset) -> Dataset:
    answer = Dataset()
    answer.TransactionUID = request.TransactionUID
    answer.ReferencedSOPSequence = request.ReferencedSOPSequence
    return answer


def tell(port: int, answer: Dataset) -> int:
    """Report on a new association with the roles reversed."""
    ae = AE("ARCHIVE")
    ae.add_requested_context(PUSH)
    role = build_role(PUSH, scp_role=True)
    association = ae.associate("127.0.0.1", port, ae_title="LIGHTBOX", ext_neg=[role])
    assert association.is_established
    status, _ = association.send_n_event_report(answer, 1, PUSH, WELL_KNOWN)
    association.release()
    return int(status.Status)


def test_a_word_that_comes_later_on_another_association_is_heard(
    library: Library,
) -> None:
    asked: list[Dataset] = []

    def handle(event: evt.Event) -> tuple[int, None]:
        asked.append(event.action_information)
        return 0x0000, None

    with committing(handle) as peer, listening(library) as us:
        Peers(library.data_dir).keep(peer)
        pending = Commitments(library).request(peer, [HERE, AWAY], wait=0)
        assert (pending.state, pending.pending) == (CommitmentState.PENDING, 2)
        assert tell(us.port, reported(asked[0])) == 0x0000
        (now,) = library.catalog.commitments.all()
        assert (now.state, now.kept) == (CommitmentState.COMMITTED, 2)
        stranger = reported(asked[0])
        stranger.TransactionUID = "1.2.3.4.5"
        assert tell(us.port, stranger) != 0x0000


def port_that_no_caller_gets() -> int:
    """A free port below those that the system gives to outgoing connections."""
    while True:
        with suppress(OSError):
            port = random.randint(20_000, 30_000)  # noqa: S311 - any will do
            socket.create_server(("127.0.0.1", port)).close()
            return port


def test_while_we_wait_we_listen_where_the_peer_calls_us(library: Library) -> None:
    calling: list[threading.Thread] = []

    def handle(event: evt.Event) -> tuple[int, None]:
        answer = reported(event.action_information)
        calling.append(threading.Thread(target=tell, args=(port, answer)))
        calling[0].start()
        return 0x0000, None

    port = port_that_no_caller_gets()
    with committing(handle) as peer:
        ours = replace(peer, our_port=port)
        Peers(library.data_dir).keep(ours)
        said = commitment_awaited(library, ours, [HERE], wait=PATIENCE)
    calling[0].join(PATIENCE)
    assert (said.state, said.kept) == (CommitmentState.COMMITTED, 1)


def test_a_word_that_never_comes_leaves_it_pending(library: Library) -> None:
    with committing(lambda _: (0x0000, None)) as peer:
        said = Commitments(library).request(peer, [HERE], wait=0.3)
    assert (said.state, said.answered) == (CommitmentState.PENDING, None)


def test_a_peer_that_refuses_is_noted_as_such(library: Library) -> None:
    with (
        committing(lambda _: (0x0122, None)) as peer,
        pytest.raises(PeerFault, match="does not support"),
    ):
        Commitments(library).request(peer, [HERE])
    (said,) = library.catalog.commitments.all()
    assert said.state is CommitmentState.REFUSED


def test_who_leaves_after_asking_is_called_back(library: Library) -> None:
    heard: list[Any] = []
    told = threading.Event()

    def hear(event: evt.Event) -> tuple[int, None]:
        heard.append((event.event_type, event.event_information))
        told.set()
        return 0x0000, None

    waiting = AE("ARCHIVE")
    waiting.add_supported_context(PUSH, scu_role=True, scp_role=True)
    server = waiting.start_server(
        ("127.0.0.1", 0), block=False, evt_handlers=[(evt.EVT_N_EVENT_REPORT, hear)]
    )
    assert server is not None
    port = server.server_address[1]
    Peers(library.data_dir).keep(Peer("archive", "127.0.0.1", port, "ARCHIVE"))
    with listening(library) as us:
        ae = AE("ARCHIVE")
        ae.add_requested_context(PUSH)
        association = ae.associate("127.0.0.1", us.port, ae_title="LIGHTBOX")
        asked = Dataset()
        asked.TransactionUID = "1.2.3.4"
        item = Dataset()
        item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = CTImageStorage, "9"
        asked.ReferencedSOPSequence = [item]
        status, _ = association.send_n_action(asked, 1, PUSH, WELL_KNOWN)
        assert status.Status == 0x0000
        association.release()
        assert told.wait(PATIENCE)
    server.shutdown()
    ((event, answer),) = heard
    assert event == 2
    assert answer.TransactionUID == "1.2.3.4"
    assert answer.FailedSOPSequence[0].FailureReason == 0x0112


def test_who_asks_and_leaves_again_and_again_costs_us_little(library: Library) -> None:
    gone = Peer("them", "127.0.0.1", port_that_no_caller_gets(), "CALLER")
    Peers(library.data_dir).keep(gone)
    request = written_request(CommitmentRequest("1.2.3.4", (HERE,)), IMPLICIT)
    with CommitmentLedger(library, lambda: None) as ledger:
        for _ in range(40):
            ledger.asked(request, IMPLICIT, Caller("CALLER", "127.0.0.1")).later()
        assert len(callers_back()) == 16
    assert not callers_back()


def callers_back() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name == "commitment"]
