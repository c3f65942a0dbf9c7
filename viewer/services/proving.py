"""Prove that an anonymized export holds nothing of anybody: all of it is read again.

Nothing the export did is believed. Its files are held against the rules, against each
other and against its own account, and every form of every identifying value of the
source is sought in every byte.
"""

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final, NamedTuple

from viewer.core.audit import AuditLine
from viewer.core.deidentification import Option
from viewer.core.export import ExportWish
from viewer.core.manifest import Manifest
from viewer.core.proof import Fault, Finding, Own, Proof
from viewer.core.records import StoredInstance
from viewer.core.telltale import Telltale
from viewer.services.export_selection import select
from viewer.services.exported_files import Exported, opened_export
from viewer.services.proof_account import ReadFile, loose_ends, miscounts, misfits
from viewer.services.proof_account import outside as leading_outside
from viewer.services.proof_crew import ProofCrew
from viewer.services.proof_findings import in_names, in_others, labels_of, read_again
from viewer.services.proof_messages import Gathered, Proven
from viewer.services.proof_origins import Origins, Told

if TYPE_CHECKING:
    from viewer.services.jobs import Progress
    from viewer.services.library import Library
    from viewer.services.workers import Workers

_WORKSPACE: Final = "proofs"
NO_SOURCE: Final = (
    "No source was named: rules, markers and account were checked, values of patients"
    " were not sought."
)
NO_ACCOUNT: Final = (
    "The export gives no account of itself: whether a file is missing is not known."
)


@dataclass(frozen=True, slots=True)
class _Source:
    """What the source says: the values to seek, and each instance."""

    values: frozenset[Telltale] = frozenset()
    told: tuple[Told, ...] = ()
    count: int = 0
    unread: int = 0

    @property
    def objects(self) -> tuple[Own, ...]:
        """Which objects it has."""
        return tuple(one.gathered.own for one in self.told)


class _Work(NamedTuple):
    """Who works on a proof, and how it reports."""

    crew: ProofCrew
    progress: "Progress"


class Proving:
    """Proofs of exports out of one library. Any thread may use it, and waits.

    Parameters
    ----------
    library : Library
    workers : Workers
        They read the source and the export.
    """

    def __init__(self, library: "Library", workers: "Workers") -> None:
        self._library, self._workers = library, workers

    def run(
        self,
        place: Path,
        source: Sequence[str],
        progress: "Progress",
        password: str | None = None,
    ) -> Proof:
        """Read an export again, and write down what came of it.

        Parameters
        ----------
        place : Path
            A folder or ZIP.
        source : sequence of str
            UIDs of the studies, series or images it was made of; empty proves the
            rules only.
        progress : Progress
        password : str or None
            Of a ZIP.

        Raises
        ------
        ViewerError
            If there is no such export or source.
        EnvironmentFailure
            If no process can be started.
        Cancelled
        """
        began = monotonic()
        workspace = self._library.data_dir / _WORKSPACE
        work = _Work(self._workers.proof_crew(), progress)
        with opened_export(place, workspace, password) as export:
            options = _options(export, work)
            told = self._gathered(source, place, work, options or frozenset())
            proof = _proof(export, work, options, told, self._library.data_dir)
        proof = replace(proof, seconds=monotonic() - began)
        self._library.catalog.audit.add(_line(proof))
        return proof

    def _gathered(
        self,
        uids: Sequence[str],
        place: Path,
        work: _Work,
        options: frozenset[Option],
    ) -> _Source:
        if not uids:
            return _Source()
        wish = ExportWish(tuple(uids), place)
        selection = select(self._library, self._workers, wish)
        chosen = selection.instances
        stored = [
            (one, Path(one.stored.path))
            for one in chosen
            if isinstance(one.stored, StoredInstance)
        ]
        paths = [path for _, path in stored]
        found = work.crew.gather(paths, options, work.progress)
        told = tuple(
            Told(one, answer)
            for (one, _), answer in zip(stored, found, strict=True)
            if isinstance(answer, Gathered)
        )
        gone = {value for one in told for value in one.gathered.gone}
        kept = {value for one in told for value in one.gathered.kept}
        return _Source(
            frozenset(gone - kept),
            told,
            len(chosen) + len(selection.conflicts),
            len(chosen) - len(told),
        )


def _options(export: Exported, work: _Work) -> frozenset[Option] | None:
    """What it was written with, by its account or else by its first file."""
    if export.manifest is not None:
        return export.manifest.options
    for file in export.files[:1]:
        work.crew.learn((), frozenset(), b"")
        (found,) = work.crew.prove([file.path], None, work.progress)
        if isinstance(found, Proven):
            return frozenset(found.options)
    return None


def _proof(
    export: Exported,
    work: _Work,
    options: frozenset[Option] | None,
    source: _Source,
    data_dir: Path,
) -> Proof:
    from viewer.dicom.deidentification.survivors import (  # noqa: PLC0415 - loads pydicom
        sought,
    )
    from viewer.dicom.deidentification.table import table  # noqa: PLC0415 - with it

    key = secrets.token_bytes(32)
    values = sought(source.values, options or frozenset())
    labels = labels_of(export)
    work.crew.learn(sorted(source.values), options or frozenset(), key)
    paths = [file.path for file in export.files]
    outcomes = work.crew.prove(paths, options, work.progress)
    origins = Origins(data_dir, source.told, options or frozenset())
    outcomes, note = origins.look_twice(paths, outcomes, work.crew, work.progress)
    read, findings = read_again(export.files, outcomes, labels)
    findings += in_names(export, values, labels)
    findings += in_others(export.others, values)
    findings += misfits(read)
    held = export.manifest.held if export.manifest else {}
    if source.count:
        findings += loose_ends(read, source.objects, held)
    findings += _miscounted(export.manifest, read, source)
    manifest = export.manifest
    return Proof(
        files=len(export.files),
        bytes=sum(one.size for one in outcomes if isinstance(one, Proven)),
        against=source.count,
        values=Counter(value.kind for value in values.values),
        forms=values.needles.count,
        wanted=manifest.wanted if manifest else None,
        exported=manifest.exported if manifest else None,
        stayed=manifest.stayed if manifest else None,
        reasons=manifest.reasons if manifest else {},
        outside=len(leading_outside([file.own for file in read], held)),
        findings=tuple(findings),
        profile=manifest.profile if manifest else "",
        program=manifest.program if manifest else "",
        table=table().edition,
        options=tuple(sorted(options or ())),
        notes=tuple(_notes(manifest, source, note)),
    )


def _miscounted(
    manifest: Manifest | None, read: Sequence[ReadFile], source: _Source
) -> list[Finding]:
    found = list(miscounts(manifest, read)) if manifest is not None else []
    if manifest is not None and source.count and manifest.wanted > source.count:
        rule = "all of the source is named, so that all its values are sought"
        found.append(Finding(Fault.COUNT, "", rule=rule))
    if source.unread:
        rule = "all of the source can be read"
        found.append(Finding(Fault.COUNT, "", rule=rule))
    return found


def _notes(manifest: Manifest | None, source: _Source, note: str) -> list[str]:
    notes = [note] if note else []
    notes += [] if source.count else [NO_SOURCE]
    return notes if manifest is not None else [*notes, NO_ACCOUNT]


def _line(proof: Proof) -> AuditLine:
    return AuditLine(
        "verify",
        "proven" if proof.holds else "findings",
        {
            "files": proof.files,
            "bytes": proof.bytes,
            "against": proof.against,
            "findings": len(proof.findings),
            "faults": [f"{fault} {count}" for fault, count in proof.faults.items()],
            "profile": proof.profile,
            "options": list(proof.options),
            "table": proof.table,
            "program": proof.program,
        },
    )
