"""One export from its wish to its proof, as the window and its jobs run it."""

from typing import TYPE_CHECKING

from viewer.core.export import ExportWish
from viewer.services.export_told import ExportTold
from viewer.services.exporting import Exporting
from viewer.services.projects import Projects

if TYPE_CHECKING:  # SQLAlchemy loads when the catalog is opened
    from viewer.services.jobs import Progress
    from viewer.services.library import Library
    from viewer.services.workers import Workers


def run_export(
    library: "Library",
    workers: "Workers",
    wish: ExportWish,
    progress: "Progress",
    *,
    change: bool = False,
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

    Raises
    ------
    ViewerError
        As `Exporting.run`.
    """
    asked = wish.anonymization
    if asked is not None and change:
        Projects(library.data_dir).change(asked.project, asked.policy)
    report = Exporting(library, workers).run(wish, progress)
    return ExportTold(report, wish.packing, asked is not None)
