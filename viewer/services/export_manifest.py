"""The account beside the files of an anonymized export, free of identifiers."""

import json
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from viewer import __version__
from viewer.core.deidentification import Policy
from viewer.core.export import FAILED, ExportReport, NotExported
from viewer.core.manifest import FORMAT, NAME
from viewer.services.export_part import Entry, writable


def write_manifest(
    folder: Path,
    policy: Policy,
    report: ExportReport,
    files: Sequence[tuple[str, Entry]],
    new_uid: Callable[[str], str],
) -> int:
    """Write it, forced to disk, and return its bytes.

    Parameters
    ----------
    folder : Path
        The topmost of the export.
    policy : Policy
    report : ExportReport
    files : sequence of (str, Entry)
        Each file's name below `folder`, and what was written.
    new_uid : callable
        What stands for a SOP Instance UID of the library.

    Raises
    ------
    EnvironmentFailure
        If it cannot be written.
    """
    document = to_manifest(policy, report, files, new_uid)
    raw = json.dumps(document, indent=1).encode() + b"\n"
    with writable(folder), (folder / NAME).open("wb") as out:
        out.write(raw)
        out.flush()
        os.fsync(out.fileno())
    return len(raw)


def to_manifest(
    policy: Policy,
    report: ExportReport,
    files: Sequence[tuple[str, Entry]],
    new_uid: Callable[[str], str],
) -> dict[str, Any]:
    """Its document; see `write_manifest`.

    ``wanted`` is ``exported`` and the counts of ``withheld`` and ``failed`` together.
    What stayed behind is named by the UID it would have had.
    """
    stayed = _by_reason(report.withheld, new_uid)
    return {
        "format": FORMAT,
        "program": f"Lightbox {__version__}",
        "profile": policy.name,
        "options": sorted(map(str, policy.options)),
        "keep_documents": policy.keep_documents,
        "keep_video": policy.keep_video,
        "withhold_faces": policy.withhold_faces,
        "wanted": report.wanted,
        "exported": report.exported,
        "withheld": stayed,
        "failed": _by_reason(
            [NotExported(one.sop_instance_uid, FAILED, "") for one in report.failed],
            new_uid,
        ),
        "cautions": dict(report.cautions),
        "files": [
            {
                "name": name,
                "sop_instance_uid": entry.uid,
                "sha256": entry.sha256,
                "bytes": entry.size,
            }
            for name, entry in files
        ],
    }


def cautions_of(entries: Sequence[Entry]) -> dict[str, int]:
    """How many files each caution is about."""
    return dict(Counter(word for entry in entries for word in entry.cautions))


def _by_reason(
    stayed: Sequence[NotExported], new_uid: Callable[[str], str]
) -> list[dict[str, Any]]:
    uids: dict[str, list[str]] = defaultdict(list)
    for one in stayed:
        uids[one.reason].append(new_uid(one.sop_instance_uid))
    return [
        {"reason": reason, "count": len(found), "sop_instance_uids": sorted(found)}
        for reason, found in sorted(uids.items())
    ]
