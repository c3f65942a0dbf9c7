"""A peer that speaks DICOMweb alone once let every caller read what is here."""

from pathlib import Path

from tests.services.import_files import DirectReader
from viewer.core.peers import Peer, Way, WebAccess
from viewer.network.listener.policy import Caller, Policy
from viewer.services.library import Library
from viewer.services.listening import ListenRequest, readers_of
from viewer.services.peers import Peers


def test_a_peer_without_title_and_host_lets_nobody_read(tmp_path: Path) -> None:
    request = ListenRequest(port=0, answers_queries=True)
    peers = Peers(tmp_path)
    web = WebAccess("https://pacs.example.org/dicom-web")
    peers.keep(Peer("Cloud", ways=(Way.WEB,), web=web))
    peers.keep(Peer("Archive", "10.0.0.7", 104, "ARCHIVE"))
    with Library(tmp_path, DirectReader()) as library:
        readers = readers_of(request, library)
    policy = Policy(port=0, answers_queries=True, readers=readers)
    assert not policy.may_read(Caller("ANYBODY", "10.0.0.9"))
    assert not policy.may_read(Caller("", "10.0.0.9"))
    assert policy.may_read(Caller("ARCHIVE", "10.0.0.7"))
