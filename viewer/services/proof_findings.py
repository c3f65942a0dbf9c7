"""What a proof has to say of each file, its name, and what lies beside the files."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from viewer.core.errors import ViewerError
from viewer.core.proof import Fault, Finding
from viewer.services.exported_files import Exported, ExportedFile
from viewer.services.proof_account import ReadFile
from viewer.services.proof_messages import Proven

_OURS: Final = re.compile(r"(?:[A-Z]{2}\d{3,6}/){3}IM\d{5,6}(?:\.dcm)?")

if TYPE_CHECKING:
    from viewer.dicom.deidentification.survivors import Sought


def labels_of(export: Exported) -> dict[str, str]:
    """What a report calls each file: its name if it is one that exports give."""
    return {
        file.name: file.name if _OURS.fullmatch(file.name) else f"file {number}"
        for number, file in enumerate(export.files, 1)
    }


def read_again(
    files: Sequence[ExportedFile],
    outcomes: Sequence[Proven | ViewerError],
    labels: dict[str, str],
) -> tuple[list[ReadFile], list[Finding]]:
    """The files that could be read, and all that was found in any."""
    read: list[ReadFile] = []
    findings: list[Finding] = []
    for file, outcome in zip(files, outcomes, strict=True):
        label = labels[file.name]
        if isinstance(outcome, ViewerError):
            findings.append(Finding(Fault.UNREADABLE, label, rule=outcome.message))
            continue
        findings += [replace(one, file=label) for one in outcome.findings]
        if outcome.own is not None:
            read.append(ReadFile(file.name, label, outcome.own, outcome.sha256))
    return read, findings


def in_names(
    export: Exported, values: "Sought", labels: dict[str, str]
) -> list[Finding]:
    """Names of files and folders that tell of somebody."""
    return [
        Finding(Fault.SURVIVOR, labels.get(name, ""), "the name of the file")
        for name in export.names
        if values.in_name(name)
    ]


def in_others(others: Sequence[ExportedFile], values: "Sought") -> list[Finding]:
    """Values in the account and the directory, which are no objects."""
    return [
        Finding(Fault.SURVIVOR, file.name, one.place, one.kind)
        for file in others
        for one in values.in_plain(file.path.read_bytes())
    ]
