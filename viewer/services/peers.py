"""The peers the user has described, in a TOML file people can read and edit.

Secrets are not in it; see `secrets`.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from viewer.core.errors import EnvironmentFailure, ViewerError
from viewer.core.peers import Peer, Tls, WebAccess
from viewer.dicom.text_writing import is_known
from viewer.services.places import prepare
from viewer.services.whole_file import write_whole

_TABLE = "peer"


class Peers:
    """The peers of one data folder. Other processes may change them meanwhile."""

    def __init__(self, data_dir: Path) -> None:
        self._file = data_dir / "peers.toml"

    def all(self) -> tuple[Peer, ...]:
        """Every peer, in the order of the file.

        Raises
        ------
        EnvironmentFailure
            If the file cannot be read or understood.
        """
        try:
            stored = tomllib.loads(self._file.read_text("utf-8"))
        except FileNotFoundError:
            return ()
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as cause:
            raise self._damaged() from cause
        tables = stored.get(_TABLE, [])
        if not isinstance(tables, list):
            raise self._damaged()
        return tuple(self._peer(table) for table in tables)

    def get(self, name: str) -> Peer:
        """The peer of a name, in small letters or capitals.

        Raises
        ------
        ViewerError
            If there is none, or several are written nearly so.
        EnvironmentFailure
            If the file cannot be understood.
        """
        every = self.all()
        exact = [peer for peer in every if peer.name == name]
        alike = [p for p in every if p.name.casefold() == name.casefold()]
        for found in (exact, alike):
            if len(found) == 1:
                return found[0]
        known = ", ".join(peer.name for peer in every)
        hint = f"There are: {known}." if known else "lightbox peers add makes one."
        raise ViewerError(f"There is no peer {name}.", hint=hint)

    def keep(self, peer: Peer) -> None:
        """Add a peer, or put it in the place of the one of its name.

        Raises
        ------
        ViewerError
            If its character set is none.
        EnvironmentFailure
            If it cannot be written down.
        """
        if not is_known(peer.charset):
            raise ViewerError(
                f"There is no character set {peer.charset}.",
                hint="ISO_IR 100, ISO_IR 192, GB18030 and others of PS3.3 C.12.1.1.2.",
            )
        every = self.all()
        if any(known.name == peer.name for known in every):
            self._write(peer if known.name == peer.name else known for known in every)
        else:
            self._write((*every, peer))

    def remove(self, name: str) -> None:
        """Forget the peer of a name.

        Raises
        ------
        ViewerError
            If there is none.
        EnvironmentFailure
        """
        gone = self.get(name)
        self._write(peer for peer in self.all() if peer != gone)

    def _peer(self, table: object) -> Peer:
        if not isinstance(table, dict):
            raise self._damaged()
        try:
            return _to_peer(table)
        except (TypeError, ValueError) as cause:
            raise self._damaged() from cause
        except ViewerError as cause:
            raise EnvironmentFailure(
                f"A peer in {self._file} is not understood: {cause.message}",
                hint=cause.hint,
            ) from cause

    def _damaged(self) -> EnvironmentFailure:
        return EnvironmentFailure(
            f"The peers in {self._file} are not understood.",
            hint="Correct the file, or remove it and add the peers anew.",
        )

    def _write(self, every: Iterable[Peer]) -> None:
        """Replace the peers; comments and whatever else is in the file stay."""
        import tomlkit  # noqa: PLC0415 - only writing needs it
        from tomlkit.exceptions import TOMLKitError  # noqa: PLC0415

        try:
            document = tomlkit.parse(self._file.read_text("utf-8"))
        except FileNotFoundError:
            document = tomlkit.document()
        except (OSError, UnicodeDecodeError, TOMLKitError) as cause:
            raise self._damaged() from cause
        tables = document.setdefault(_TABLE, tomlkit.aot())
        wanted = {peer.name: to_table(peer) for peer in every}
        for place in reversed(range(len(tables))):
            if tables[place].get("name") not in wanted:
                del tables[place]
        for table in tables:
            _fill(table, wanted.pop(table["name"]))
        for values in wanted.values():
            tables.append(tomlkit.item(values))
        self._replace(tomlkit.dumps(document))

    def _replace(self, text: str) -> None:
        try:
            prepare(self._file.parent)
            write_whole(self._file, text.encode())
        except OSError as cause:
            raise EnvironmentFailure(
                "The peers could not be saved.",
                hint=f"Is {self._file.parent} full, or closed to you?",
            ) from cause


def to_table(peer: Peer | Tls | WebAccess) -> dict[str, Any]:
    """A peer as plain values: what is not given or as usual is left out."""
    table: dict[str, Any] = {}
    for known in fields(peer):
        value = getattr(peer, known.name)
        if value is None or (known.default is not MISSING and value == known.default):
            continue
        table[known.name] = _plain(value)
    return table


def _plain(value: object) -> object:
    match value:
        case Tls() | WebAccess():
            return to_table(value)
        case Path() | StrEnum():
            return str(value)
        case tuple():
            return [_plain(item) for item in value]
    return value


def _to_peer(table: Mapping[str, Any]) -> Peer:
    import msgspec  # noqa: PLC0415 - only where there are peers

    return msgspec.convert(table, Peer, dec_hook=_to_path)


def _to_path(kind: type, value: object) -> object:
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise TypeError


def _fill(table: Any, values: Mapping[str, Any]) -> None:
    for name in [name for name in table if name not in values]:
        if name in _KNOWN:
            del table[name]
    for name, value in values.items():
        if table.get(name) != value:
            table[name] = value


_KNOWN = {known.name for known in fields(Peer)}
