"""The account beside the files of an anonymized export, free of identifiers."""

import json
import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from viewer import __version__
from viewer.core.export import ExportReport, NotExported
from viewer.core.manifest import FORMAT, NAME
from viewer.services.export_account import Files
from viewer.services.export_identity import Identity
from viewer.services.export_part import writable


def write_manifest(
    folder: Path, identity: Identity, report: ExportReport, files: Files
) -> int:
    """Write it into the topmost folder, forced to disk, and return its bytes.

    Raises
    ------
    EnvironmentFailure
        If it cannot be written.
    """
    document = to_manifest(identity, report, files)
    raw = json.dumps(document, indent=1).encode() + b"\n"
    with writable(folder), (folder / NAME).open("wb") as out:
        out.write(raw)
        out.flush()
        os.fsync(out.fileno())
    return len(raw)


def to_manifest(
    identity: Identity, report: ExportReport, files: Files
) -> dict[str, Any]:
    """Its document; `core.manifest` reads it.

    ``wanted`` is ``exported`` and the counts of ``withheld`` and ``failed`` together.
    What stayed behind is named by the UID it would have had.
    """
    policy = identity.asked.policy
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
        "withheld": _by_reason(report.withheld, identity.new_uid),
        "failed": _by_reason(report.failed, identity.new_uid),
        "cautions": dict(report.cautions),
        "files": [
            {
                "name": name,
                "sop_instance_uid": entry.uid,
                "sha256": entry.sha256,
                "bytes": entry.size,
            }
            for _, name, entry in files
        ],
    }


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
