"""Real peers answer, and say what is wrong where they do not."""

from dataclasses import replace

import pytest

from tests.peers.conftest import Peers
from viewer.core.peers import Peer, Tls
from viewer.network.echo import echo
from viewer.network.faults import Fault, PeerFault


def fault_of(peer: Peer) -> Fault:
    with pytest.raises(PeerFault) as caught:
        echo(peer)
    return caught.value.fault


@pytest.mark.parametrize("name", ["orthanc", "orthanc_tls", "dcmqr", "worklist"])
def test_every_peer_answers(peers: Peers, name: str) -> None:
    assert echo(getattr(peers, name)).implementation.startswith("OFFIS_DCMTK")


@pytest.mark.parametrize("name", ["dcmqr", "worklist"])
def test_a_wrong_title_of_theirs_is_told(peers: Peers, name: str) -> None:
    peer = replace(getattr(peers, name), aet="NOBODY")
    assert fault_of(peer) is Fault.CALLED_TITLE


def test_a_peer_that_expects_tls_is_told(peers: Peers) -> None:
    assert fault_of(replace(peers.orthanc_tls, tls=None)) is Fault.TLS_WANTED


@pytest.mark.parametrize("name", ["orthanc", "dcmqr", "worklist"])
def test_a_peer_that_does_not_encrypt_is_told(peers: Peers, name: str) -> None:
    peer = replace(getattr(peers, name), tls=peers.orthanc_tls.tls)
    assert fault_of(peer) is Fault.TLS_UNWANTED


def test_a_missing_or_foreign_certificate_of_ours_is_told(peers: Peers) -> None:
    peer = replace(peers.orthanc_tls, tls=Tls(peers.tls / "ca.crt"))
    assert fault_of(peer) is Fault.OUR_CERTIFICATE


def test_a_peer_nobody_vouches_for_is_told(peers: Peers) -> None:
    ours = Tls(None, peers.tls / "client.crt", peers.tls / "client.key")
    peer = replace(peers.orthanc_tls, tls=ours)
    assert fault_of(peer) is Fault.PEER_CERTIFICATE
    assert echo(replace(peer, tls=replace(ours, verify=False))).seconds < 60


def test_a_user_is_made_known_over_tls(peers: Peers) -> None:
    assert echo(replace(peers.orthanc_tls, user="me"), secret="x").seconds < 60  # noqa: S106 - a test's


def test_a_port_of_http_is_no_dicom(peers: Peers) -> None:
    assert fault_of(replace(peers.orthanc, port=18042)) is Fault.MANNERS
