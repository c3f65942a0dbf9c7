"""Peers are kept in a file that people may edit."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viewer.core.errors import EnvironmentFailure, ViewerError
from viewer.core.peers import Login, Peer, Tls, Way, WebAccess
from viewer.services.peers import Peers

PEER = Peer("Archive", "pacs.example.org", 104, "ARCHIVE")
RICH = Peer(
    "Größe",
    "localhost",
    11113,
    "THEIRS",
    our_aet="OURS",
    our_port=2,
    tls=Tls(Path("/ca.pem"), Path("/c.pem"), Path("/k.pem"), verify=False),
    user="me",
    insecure_identity=True,
    ways=(Way.WEB, Way.MOVE),
    syntaxes=("1.2.840.10008.1.2.4.70",),
    charset="ISO_IR 100",
    web=WebAccess("https://x/dicom-web", Login.BASIC, "me"),
)


def test_peers_are_remembered_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    peers = Peers(tmp_path)
    assert peers.all() == ()
    for peer in (PEER, RICH):
        peers.keep(peer)
    assert Peers(tmp_path).all() == (PEER, RICH)
    changed = replace(PEER, port=105)
    peers.keep(changed)
    assert Peers(tmp_path).all() == (changed, RICH)
    peers.remove("Archive")
    assert Peers(tmp_path).all() == (RICH,)


def test_a_peer_is_found_by_its_name_in_any_case(tmp_path: Path) -> None:
    peers = Peers(tmp_path)
    peers.keep(PEER)
    assert peers.get("aRCHIVE") == PEER
    peers.keep(replace(PEER, name="ARCHIVE", port=1))
    assert peers.get("ARCHIVE").port == 1
    for name in ("archive", "nobody"):
        with pytest.raises(ViewerError, match="no peer"):
            peers.get(name)


def test_what_people_write_into_the_file_stays(tmp_path: Path) -> None:
    peers, file = Peers(tmp_path), tmp_path / "peers.toml"
    peers.keep(PEER)
    file.write_text(
        "# our clinic\ncolor = 'green'\n\n" + file.read_text() + "# the old one\n"
        "note = 'call Jo'\n"
    )
    peers.keep(RICH)
    peers.keep(replace(PEER, our_aet="NEW"))
    text = file.read_text("utf-8")
    for kept in ("# our clinic", "green", "# the old one", "call Jo", "NEW"):
        assert kept in text
    peers.keep(PEER)
    assert '"NEW"' not in file.read_text("utf-8")
    assert peers.all() == (PEER, RICH)


def test_writing_the_same_again_changes_nothing(tmp_path: Path) -> None:
    peers, file = Peers(tmp_path), tmp_path / "peers.toml"
    for peer in (PEER, RICH, replace(PEER, name="Third")):
        peers.keep(peer)
    before = file.read_bytes()
    for _ in range(5):
        peers.keep(PEER)
        peers.keep(RICH)
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "text",
    [
        "not toml",
        "peer = 3",
        "peer = [3]",
        "[[peer]]\nname = 'x'",
        "[[peer]]\nname = 'x'\nhost = 'h'\nport = '104'\naet = 'A'",
        "[[peer]]\nname = 'x'\nhost = 'h'\nport = 104\naet = 'A'\nways = ['fax']",
        "[[peer]]\nname = 'x'\nhost = 'h'\nport = 104\naet = 'A' \ntls = {ca = 3}",
        "[[peer]]\nname = 'x'\nhost = 'h'\nport = 70000\naet = 'A'",
    ],
)
def test_a_file_that_is_not_understood_is_told_and_left_alone(
    tmp_path: Path, text: str
) -> None:
    file = tmp_path / "peers.toml"
    file.write_text(text)
    peers = Peers(tmp_path)
    for act in (peers.all, partial(peers.keep, PEER), partial(peers.remove, "x")):
        with pytest.raises(EnvironmentFailure) as caught:
            act()
        assert str(file) in caught.value.message
    assert file.read_text() == text


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": " x"},
        {"name": "two\nlines"},
        {"host": ""},
        {"host": "two words"},
        {"port": 0},
        {"our_port": 65536},
        {"aet": ""},
        {"aet": "SEVENTEENLETTERS!"},
        {"our_aet": "ÄTHER"},
        {"our_aet": "BACK\\SLASH"},
        {"syntaxes": ("JPEG",)},
    ],
    ids=str,
)
def test_what_cannot_be_a_peer_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ViewerError):
        replace(PEER, **changes)


def test_a_character_set_that_is_none_is_not_kept(tmp_path: Path) -> None:
    peers = Peers(tmp_path)
    for charset in ("", "ISO_IR 100", "\\ISO 2022 IR 87", "GB18030"):
        peers.keep(replace(PEER, charset=charset))
    with pytest.raises(ViewerError, match="character set"):
        peers.keep(replace(PEER, charset="LATIN"))
    assert peers.get("Archive").charset == "GB18030"


@settings(deadline=None)  # the machine may be busy
@given(st.text(), st.text())
def test_any_name_and_title_make_a_peer_or_are_refused(name: str, title: str) -> None:
    try:
        peer = Peer(name, "h", 1, title)
    except ViewerError:
        return
    assert peer.name.isprintable()
    assert len(peer.aet) <= 16
