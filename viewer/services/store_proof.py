"""Is every file of the library still the one that was kept? All of them are hashed."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.core.audit import AuditLine
from viewer.services import places
from viewer.services.store import Store

if TYPE_CHECKING:
    from viewer.services.jobs import Progress


@dataclass(frozen=True, slots=True)
class StoreProof:
    """What was found in the store.

    Attributes
    ----------
    files, bytes : int
        That were hashed.
    changed : tuple of str
        Names of files that are not what they are called after.
    missing : tuple of str
        SHA-256 of files that the catalog has and the store has not.
    surplus : int
        Files that the catalog does not know; they are left alone.
    """

    files: int
    bytes: int
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    surplus: int

    @property
    def holds(self) -> bool:
        """Whether every file is there and the one that was kept."""
        return not (self.changed or self.missing)


def prove_store(data_dir: Path, progress: "Progress") -> StoreProof:
    """Hash every file of the library, and write down what came of it.

    Raises
    ------
    EnvironmentFailure
        If the catalog cannot be read.
    Cancelled
    """
    from viewer.catalog.integrity import kept_files  # noqa: PLC0415 - SQLAlchemy is slow

    kept = frozenset[bytes]()
    if places.has_catalog(data_dir):
        kept = kept_files(places.catalog_file(data_dir))
    there = dict(Store(data_dir / "store").all())
    changed: list[str] = []
    size = 0
    for number, (sha256, path) in enumerate(there.items()):
        progress.checkpoint()
        progress.report(number, len(there), "Reading the store")
        found, length = _hashed(path)
        size += length
        if found != sha256:
            changed.append(path.name)
    missing = tuple(sorted(one.hex() for one in kept - there.keys()))
    proof = StoreProof(
        len(there), size, tuple(changed), missing, len(there.keys() - kept)
    )
    _note(data_dir, proof)
    return proof


def _hashed(path: Path) -> tuple[bytes, int]:
    """SHA-256 and bytes of a file; one that cannot be read has neither."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest(), file.tell()
    except OSError:
        return b"", 0


def _note(data_dir: Path, proof: StoreProof) -> None:
    if not places.has_catalog(data_dir):
        return
    from viewer.services.library import Library  # noqa: PLC0415 - SQLAlchemy is slow

    with Library(data_dir) as library:
        library.catalog.audit.add(
            AuditLine(
                "verify-store",
                "proven" if proof.holds else "findings",
                {
                    "files": proof.files,
                    "bytes": proof.bytes,
                    "changed": len(proof.changed),
                    "missing": len(proof.missing),
                },
            )
        )
