"""One export from its wish to its proof, as the window and its jobs run it."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.core.counts import counted
from viewer.core.errors import Cancelled, Closing, ViewerError
from viewer.core.export import ExportWish
from viewer.services.export_told import ExportTold
from viewer.services.exporting import Exporting
from viewer.services.projects import Projects

if TYPE_CHECKING:  # SQLAlchemy loads when the catalog is opened
    from viewer.services.jobs import Progress
    from viewer.services.library import Library
    from viewer.services.workers import Workers


def run_export(  # noqa: PLR0913 - what the window and the command line can ask
    library: "Library",
    workers: "Workers",
    wish: ExportWish,
    progress: "Progress",
    *,
    change: bool = False,
    verify: bool = True,
) -> ExportTold:
    """Export, and say what came of it.

    Parameters
    ----------
    library : Library
    workers : Workers
    wish : ExportWish
    progress : Progress
    change : bool
        Whether the project is to leave out from now on what this export does.
    verify : bool
        Whether what is anonymous is read again when it is finished.

    Raises
    ------
    ViewerError
        As `Exporting.run`.
    """
    asked = wish.anonymization
    if asked is not None and change:
        Projects(library.data_dir).change(asked.project, asked.policy)
    report = Exporting(library, workers).run(wish, progress)
    told = ExportTold(report, wish.packing, asked is not None)
    if not verify or asked is None or told.folder is None:
        return told
    try:
        return _proven(library, workers, wish, told, progress)
    except Closing:
        raise
    except Cancelled:
        return replace(told, proof="It was not read again: the proof was stopped.")
    except ViewerError as error:
        return replace(told, proof=f"It could not be proven: {error.message}")


def _proven(
    library: "Library",
    workers: "Workers",
    wish: ExportWish,
    told: ExportTold,
    progress: "Progress",
) -> ExportTold:
    """Read the finished export again, and write what that shows beside it."""
    from viewer.services.proof_report import write_reports  # noqa: PLC0415 - heavy
    from viewer.services.proving import Proving  # noqa: PLC0415

    place = Path(told.report.to)
    proof = Proving(library, workers).run(
        place, wish.uids, progress, wish.password or None
    )
    page, _ = write_reports(proof, place.parent, f"{place.name}-proof")
    files = counted(proof.files, "file")
    said = f"Proven: {files} read again, nothing of the source is in them."
    if not proof.holds:
        found = counted(len(proof.findings), "finding")
        said = (
            f"Not proven: {found} in {files}. Do not pass it on; the report says why."
        )
    return replace(told, proof=said, proven=proof.holds, proof_page=page)
