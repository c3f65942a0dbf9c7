"""What an import was asked for, and what became of every file it saw."""

from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from viewer.core.errors import NotDicomError, ViewerError
from viewer.core.listing import ConflictKind
from viewer.core.records import IndexedRecord


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What to import.

    Attributes
    ----------
    paths : tuple of Path
        Files, folders, DICOMDIR and ZIP.
    reference : bool
        Whether to leave the files where they are; members of a ZIP are copied all
        the same.
    password : str or None
        For encrypted archives.
    """

    paths: tuple[Path, ...]
    reference: bool = False
    password: str | None = field(default=None, repr=False)


class Refusal(NamedTuple):
    """A file that was not taken, and why."""

    path: str
    reason: str


class ConflictItem(NamedTuple):
    """A file that was kept beside the studies, and why."""

    path: str
    kind: ConflictKind


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of every file that was seen.

    Attributes
    ----------
    seen : int
        imported + duplicates + conflicts + not_dicom + refused.
    imported, duplicates, conflicts, not_dicom : int
    failed : tuple of Refusal
        DICOM files that cannot be read or filed, and paths that lead nowhere.
    skipped : tuple of Refusal
        The files that are no DICOM.
    named_not_dicom : int
        How many of these the user had named.
    conflict_items : tuple of ConflictItem
    studies, series, instances : int
        What the imported files and the duplicates make, each counted once.
    seconds : float
    """

    seen: int
    imported: int
    duplicates: int
    conflicts: int
    not_dicom: int
    failed: tuple[Refusal, ...]
    skipped: tuple[Refusal, ...]
    named_not_dicom: int
    conflict_items: tuple[ConflictItem, ...]
    studies: int
    series: int
    instances: int
    seconds: float

    @property
    def complete(self) -> bool:
        """Whether every file that was named, or is DICOM, was taken."""
        return not (self.failed or self.named_not_dicom)


@dataclass(slots=True)
class Tally:
    """Counts while an import runs; thread of the import only."""

    seen: int = 0
    imported: int = 0
    duplicates: int = 0
    failed: list[Refusal] = field(default_factory=list)
    skipped: list[Refusal] = field(default_factory=list)
    conflicts: list[ConflictItem] = field(default_factory=list)
    named_not_dicom: int = 0
    studies: set[str] = field(default_factory=set)
    series: set[tuple[str, str]] = field(default_factory=set)
    instances: set[str] = field(default_factory=set)
    began: float = field(default_factory=monotonic)

    def refuse(self, path: str, error: ViewerError, *, named: bool) -> None:
        """Count a file that is not taken."""
        self.seen += 1
        refusal = Refusal(path, f"{error.message} {error.hint}".strip())
        if isinstance(error, NotDicomError):
            self.skipped.append(refusal)
            self.named_not_dicom += named
        else:
            self.failed.append(refusal)

    def keep_beside(self, path: str, kind: ConflictKind) -> None:
        """Count a file in conflict."""
        self.seen += 1
        self.conflicts.append(ConflictItem(path, kind))

    def take(self, record: IndexedRecord, *, new: bool) -> None:
        """Count a file that is in the library now."""
        self.seen += 1
        self.imported += new
        self.duplicates += not new
        study = record.study.study_uid
        self.studies.add(study)
        self.series.add((study, record.series.series_uid))
        self.instances.add(record.instance.sop_instance_uid)

    def report(self) -> ImportReport:
        """The whole, at the end."""
        return ImportReport(
            self.seen,
            self.imported,
            self.duplicates,
            len(self.conflicts),
            len(self.skipped),
            tuple(self.failed),
            tuple(self.skipped),
            self.named_not_dicom,
            tuple(self.conflicts),
            len(self.studies),
            len(self.series),
            len(self.instances),
            round(monotonic() - self.began, 3),
        )
