"""A peer is described in texts; what is wrong is said by the field it is about."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from viewer.core.errors import ViewerError
from viewer.core.peers import Login, Peer, Tls, Way, WebAccess
from viewer.services.peer_drafts import PeerDraft
from viewer.services.peer_keeping import keep_peers
from viewer.services.peers import Peers
from viewer.services.secrets import Secrets
from viewer.services.web_drafts import WebDraft

GOOD = PeerDraft(name="Hospital", host="pacs.example", aet="ARCHIVE")


def test_a_kept_peer_comes_back_from_its_fields_unchanged(tmp_path: Path) -> None:
    peer = Peer(
        "Hospital",
        "pacs.example",
        104,
        "ARCHIVE",
        "US",
        11113,
        Tls(tmp_path / "ca", tmp_path / "crt", tmp_path / "key", verify=False),
        user="reader",
        ways=(Way.MOVE,),
        syntaxes=("1.2.840.10008.1.2.1",),
        charset="ISO_IR 100",
        web=WebAccess("https://pacs.example/dicom-web"),
    )
    assert PeerDraft.of(peer).to_peer() == peer


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("name", "  "),
        ("host", "two words"),
        ("host", ""),
        ("port", "0"),
        ("port", "65536"),
        ("port", "٣"),
        ("our_port", "x"),
        ("aet", "SEVENTEEN_LETTERS"),
        ("our_aet", ""),
    ],
)
def test_a_wrong_field_is_named_and_is_no_peer(field: str, text: str) -> None:
    draft = replace(GOOD, **{field: text})  # type: ignore[arg-type] # all are texts
    assert set(draft.faults()) == {field}
    with pytest.raises(ViewerError):
        draft.to_peer()


def test_names_differ_by_more_than_capitals() -> None:
    assert set(GOOD.faults((replace(GOOD, name="HOSPITAL "),))) == {"name"}
    assert not GOOD.faults((replace(GOOD, name="Other"),))


def test_files_matter_only_where_they_are_used() -> None:
    draft = replace(GOOD, ca="/no/such/file")
    assert not draft.faults()
    assert set(replace(draft, encrypted=True).faults()) == {"ca"}


def test_a_user_without_tls_is_in_clear() -> None:
    assert replace(GOOD, user="reader").in_clear
    assert not replace(GOOD, user="reader", encrypted=True).in_clear
    assert not GOOD.in_clear


def test_a_passcode_follows_its_peer_to_another_name_and_goes_with_it(
    tmp_path: Path,
) -> None:
    peers, secrets = Peers(tmp_path), Secrets(tmp_path)
    named = replace(GOOD, user="reader", passcode="sesame", encrypted=True)
    assert keep_peers(peers, secrets, [named])  # it says where the secret went
    kept = PeerDraft.of(peers.get("Hospital"))
    keep_peers(peers, secrets, [replace(kept, name="Clinic")])
    assert [peer.name for peer in peers.all()] == ["Clinic"]
    assert secrets.read("Clinic") == "sesame"
    assert secrets.read("Hospital") == ""
    keep_peers(peers, secrets, [])
    assert not peers.all()
    assert secrets.read("Clinic") == ""


def test_one_wrong_peer_changes_none(tmp_path: Path) -> None:
    peers, secrets = Peers(tmp_path), Secrets(tmp_path)
    keep_peers(peers, secrets, [GOOD])
    with pytest.raises(ViewerError):
        keep_peers(peers, secrets, [replace(GOOD, name="A"), replace(GOOD, port="")])
    assert [peer.name for peer in peers.all()] == ["Hospital"]


WEB = WebDraft("https://pacs.example/dicom-web", Login.BASIC, "me")


def test_a_peer_with_dicomweb_needs_no_dicom_service() -> None:
    draft = replace(PeerDraft(name="Cloud"), web=WEB)
    assert draft.faults() == {}
    peer = draft.to_peer()
    assert (peer.has_dicom, peer.ways, peer.port) == (False, (Way.WEB,), 0)
    assert PeerDraft.of(peer).to_peer() == peer
    assert set(replace(draft, aet="A").faults()) == {"host"}
    both = replace(draft, aet="A", host="h", ways=(Way.WEB, Way.GET)).to_peer()
    assert (both.has_dicom, both.prefers_web) == (True, True)
    without = replace(GOOD, ways=(Way.WEB, Way.GET)).to_peer()
    assert without.ways == (Way.GET,)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": "pacs.example"}, "url"),
        ({"web_user": " "}, "web_user"),
        ({"login": Login.OAUTH}, "client_id"),
        ({"login": Login.OAUTH}, "token_url"),
        ({"login": Login.OAUTH}, "authorize_url"),
        ({"login": Login.OAUTH, "device_url": "http://a/b"}, "device_url"),
    ],
)
def test_a_wrong_field_of_dicomweb_is_named(
    changes: dict[str, Any], field: str
) -> None:
    draft = replace(GOOD, web=replace(WEB, **changes))
    assert field in draft.faults()
    with pytest.raises(ViewerError):
        draft.to_peer()


def test_what_logs_in_follows_its_peer_and_goes_with_its_server(
    tmp_path: Path,
) -> None:
    peers, secrets = Peers(tmp_path), Secrets(tmp_path)
    draft = replace(GOOD, web=WEB, web_secret="sesame")  # noqa: S106 - none of ours
    keep_peers(peers, secrets, [draft])
    assert secrets.read("Hospital", "password") == "sesame"
    kept = PeerDraft.of(peers.get("Hospital"))
    keep_peers(peers, secrets, [replace(kept, name="Clinic")])
    assert secrets.read("Clinic", "password") == "sesame"
    assert secrets.read("Hospital", "password") == ""
    kept = PeerDraft.of(peers.get("Clinic"))
    elsewhere = replace(WEB, url="https://elsewhere.example/web")
    keep_peers(peers, secrets, [replace(kept, web=elsewhere)])
    assert secrets.read("Clinic", "password") == ""
