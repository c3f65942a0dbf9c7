"""A passcode goes to the keyring, or to a file nobody else can read."""

import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import KeyringLocked, PasswordDeleteError
from typing_extensions import override

from viewer.core.errors import EnvironmentFailure
from viewer.core.peers import Peer
from viewer.services.secrets import Secrets

PEER = Peer("Archive", "h", 104, "A", user="me")


class Remembering(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    @override
    def get_password(self, service: str, username: str) -> str | None:
        self._look()
        return self.kept.get((service, username))

    @override
    def set_password(self, service: str, username: str, password: str) -> None:
        self._look()
        self.kept[service, username] = password

    @override
    def delete_password(self, service: str, username: str) -> None:
        self._look()
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError

    def _look(self) -> None:
        if self.locked:
            raise KeyringLocked


@pytest.fixture
def ring() -> Iterator[Remembering]:
    before, ring = keyring.get_keyring(), Remembering()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


@pytest.fixture
def no_ring() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call] # theirs
    yield
    keyring.set_keyring(before)


def test_the_keyring_has_it_and_no_file_does(ring: Remembering, tmp_path: Path) -> None:
    secrets = Secrets(tmp_path)
    assert secrets.passcode(PEER) == ""
    assert secrets.keep("Archive", "sesame") == ""
    assert Secrets(tmp_path).passcode(PEER) == "sesame"
    assert list(ring.kept.values()) == ["sesame"]
    assert not list(tmp_path.iterdir())


def test_two_folders_and_two_kinds_are_kept_apart(
    ring: Remembering, tmp_path: Path
) -> None:
    Secrets(tmp_path / "a").keep("Archive", "one")
    Secrets(tmp_path / "a").keep("Archive", "web", "password")
    Secrets(tmp_path / "b").keep("Archive", "two")
    assert Secrets(tmp_path / "a").read("Archive") == "one"
    assert Secrets(tmp_path / "a").read("Archive", "password") == "web"
    assert Secrets(tmp_path / "b").read("Archive") == "two"
    Secrets(tmp_path / "a").forget("Archive")
    assert list(ring.kept.values()) == ["two"]


def test_a_locked_keyring_is_told(ring: Remembering, tmp_path: Path) -> None:
    secrets = Secrets(tmp_path)
    secrets.keep("Archive", "sesame")
    ring.locked = True
    with pytest.raises(EnvironmentFailure, match="keyring"):
        secrets.read("Archive")
    with pytest.raises(EnvironmentFailure, match="keyring"):
        secrets.keep("Archive", "other")
    with pytest.raises(EnvironmentFailure, match="keyring"):
        secrets.forget("Archive")


@pytest.mark.usefixtures("no_ring")
def test_without_a_keyring_only_the_user_can_read_it(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path / "data")
    note = secrets.keep("Archive", "sesame")
    secrets.keep("Other", "open")
    file = tmp_path / "data" / "secrets.json"
    assert str(file) in note
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert Secrets(tmp_path / "data").read("Archive") == "sesame"
    secrets.forget("Archive")
    assert secrets.read("Archive") == ""
    assert secrets.read("Other") == "open"
    assert [path.name for path in file.parent.iterdir()] == ["secrets.json"]


@pytest.mark.usefixtures("no_ring")
def test_a_damaged_file_of_passcodes_is_told_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    file.write_text("{")
    with pytest.raises(EnvironmentFailure):
        Secrets(tmp_path).read("Archive")
    with pytest.raises(EnvironmentFailure):
        Secrets(tmp_path).keep("Archive", "x")
    assert file.read_text() == "{"


def test_who_names_no_user_needs_no_passcode(ring: Remembering, tmp_path: Path) -> None:
    ring.locked = True
    assert Secrets(tmp_path).passcode(replace(PEER, user="")) == ""
