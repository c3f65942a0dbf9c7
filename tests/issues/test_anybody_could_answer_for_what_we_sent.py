"""Whoever said an archive's AE title was believed that it keeps what we sent there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from viewer.core.commitment import (
    CommitmentReport,
    CommitmentRequest,
    CommitmentState,
    ObjectRef,
)
from viewer.core.errors import UnreadableError
from viewer.core.peers import Peer
from viewer.dicom.commitment_sets import written_report
from viewer.network.listener.policy import Allowed, Caller
from viewer.services.commitment import CommitmentLedger
from viewer.services.library import Library
from viewer.services.peers import Peers

SYNTAX = "1.2.840.10008.1.2"
OBJECT = ObjectRef("1.2.840.10008.5.1.4.1.1.2", "1.2.3")
REPORT = written_report(CommitmentReport("2.25.1", (OBJECT,), {}), SYNTAX)
CLUSTER = "10.0.0.9"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A library that has asked one of two archives, which go by the same title."""
    with Library(tmp_path) as opened:
        peers = Peers(opened.data_dir)
        peers.keep(Peer("asked", "127.0.0.1", 104, "ARCHIVE"))
        peers.keep(Peer("another", "127.0.0.2", 104, "ARCHIVE"))
        request = CommitmentRequest("2.25.1", (OBJECT,))
        opened.catalog.commitments.add(request, "asked")
        yield opened


def state(library: Library) -> CommitmentState:
    (one,) = library.catalog.commitments.all()
    return one.state


@pytest.mark.parametrize("address", ["127.0.0.2", CLUSTER, "::1"])
def test_only_the_archive_that_was_asked_is_believed(
    library: Library, address: str
) -> None:
    with CommitmentLedger(library, lambda: None) as ledger:
        with pytest.raises(UnreadableError):
            ledger.told(REPORT, SYNTAX, Caller("ARCHIVE", address))
        assert state(library) is CommitmentState.PENDING
        ledger.told(REPORT, SYNTAX, Caller("ARCHIVE", "::ffff:127.0.0.1"))
    assert state(library) is CommitmentState.COMMITTED


def test_an_archive_of_several_computers_is_believed_where_the_user_says_so(
    library: Library,
) -> None:
    vague = (Allowed("ARCHIVE"), Allowed("", frozenset({CLUSTER})))
    caller = Caller("ARCHIVE", CLUSTER)
    with (
        CommitmentLedger(library, lambda: None, vague) as ledger,
        pytest.raises(UnreadableError),
    ):
        ledger.told(REPORT, SYNTAX, caller)
    listed = (*vague, Allowed("ARCHIVE", frozenset({CLUSTER})))
    with CommitmentLedger(library, lambda: None, listed) as ledger:
        ledger.told(REPORT, SYNTAX, caller)
    assert state(library) is CommitmentState.COMMITTED
