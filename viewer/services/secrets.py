"""What only the user and a peer may know, or the user alone: passcodes, tokens, keys.

They belong to the system's keyring. Where there is none (a server without a desktop)
they go to a file of ours that only this user can read, and the user is told so.
"""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from viewer.core.errors import EnvironmentFailure
from viewer.core.peers import Peer
from viewer.services.file_lock import alone
from viewer.services.places import prepare
from viewer.services.whole_file import write_whole

PASSCODE: Final = "passcode"  # of the user identity on an association
PROJECT_KEY: Final = "project-key"  # of anonymized exports; its owner is no peer
_SERVICE: Final = "lightbox"


class Secrets:
    """The secrets of one data folder, each by the peer's name and its kind."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._file = data_dir / "secrets.json"

    def passcode(self, peer: Peer) -> str:
        """The passcode that goes with the peer's user; empty if it has none.

        Raises
        ------
        EnvironmentFailure
            As `read`.
        """
        return self.read(peer.name) if peer.user else ""

    def read(self, peer: str, kind: str = PASSCODE) -> str:
        """The secret; empty if there is none.

        Raises
        ------
        EnvironmentFailure
            If the keyring is locked, or the file cannot be read.
        """
        if self._has_keyring():
            import keyring  # noqa: PLC0415 - asks the desktop
            from keyring.errors import KeyringError  # noqa: PLC0415

            try:
                found = keyring.get_password(_SERVICE, self._key(peer, kind))
            except KeyringError as cause:
                raise _locked() from cause
            if found is not None:
                return found
        return self._kept().get(self._key(peer, kind), "")

    def keep(self, peer: str, secret: str, kind: str = PASSCODE) -> str:
        """Remember a secret; where it went, as a sentence if that was not the keyring.

        Raises
        ------
        EnvironmentFailure
            If it cannot be kept.
        """
        key = self._key(peer, kind)
        if self._has_keyring():
            import keyring  # noqa: PLC0415
            from keyring.errors import KeyringError  # noqa: PLC0415

            try:
                keyring.set_password(_SERVICE, key, secret)
            except KeyringError as cause:
                raise _locked() from cause
            return ""
        with self._alone():
            self._write({**self._kept(), key: secret})
        return (
            "This computer has no keyring: the passcode is in "
            f"{self._file}, which only you can read."
        )

    def forget(self, peer: str) -> None:
        """Remember no secret of a peer any more.

        Raises
        ------
        EnvironmentFailure
        """
        start = self._key(peer, "")
        if any(key.startswith(start) for key in self._kept()):
            with self._alone():
                kept = self._kept().items()
                self._write({k: v for k, v in kept if not k.startswith(start)})
        if self._has_keyring():
            import keyring  # noqa: PLC0415
            from keyring.errors import KeyringError, PasswordDeleteError  # noqa: PLC0415

            for kind in KINDS:
                try:
                    keyring.delete_password(_SERVICE, self._key(peer, kind))
                except PasswordDeleteError:
                    continue  # there was none
                except KeyringError as cause:
                    raise _locked() from cause

    def _key(self, peer: str, kind: str) -> str:
        """Names a secret; two data folders may call two peers alike."""
        return f"{self._data_dir.absolute()}\n{peer}\n{kind}"

    @staticmethod
    def _has_keyring() -> bool:
        import keyring  # noqa: PLC0415
        from keyring.backends import fail, null  # noqa: PLC0415

        return not isinstance(keyring.get_keyring(), (fail.Keyring, null.Keyring))

    def _kept(self) -> dict[str, str]:
        try:
            kept = json.loads(self._file.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as cause:
            raise EnvironmentFailure(
                "The file of passcodes cannot be read.", hint=f"See {self._file}."
            ) from cause
        return kept if isinstance(kept, dict) else {}

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """No other process changes the file meanwhile."""
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(alone(prepare(self._data_dir)))
            except OSError as cause:
                raise self._unkept() from cause
            yield

    def _write(self, kept: dict[str, str]) -> None:
        try:
            prepare(self._data_dir)
            write_whole(self._file, json.dumps(kept).encode())
        except OSError as cause:
            raise self._unkept() from cause

    def _unkept(self) -> EnvironmentFailure:
        return EnvironmentFailure(
            "The passcode cannot be kept.",
            hint=f"Is {self._data_dir} full, or closed to you?",
        )


KINDS: Final = (PASSCODE, "password", "token", "refresh", PROJECT_KEY)
"""Every kind of secret: of associations, of DICOMweb, of anonymized exports."""


def _locked() -> EnvironmentFailure:
    return EnvironmentFailure(
        "The system's keyring does not open.", hint="Unlock it, and try again."
    )
