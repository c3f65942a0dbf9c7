"""Load what is heavy while the window stands: libraries, the catalog, the workers."""

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from viewer.services.library import Library
    from viewer.services.workers import Workers

_HEAVY = (
    "viewer.services.library",
    "viewer.catalog.catalog",
    "viewer.services.workers",
    "viewer.services.decoding",
    "viewer.services.session",
    "viewer.core.render",
    "viewer.commands.reading",
    "qtawesome",
)
"""Modules whose libraries take hundreds of milliseconds; none makes a Qt object."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was opened off the GUI thread."""

    workers: "Workers"
    library: "Library"


def load(data_dir: Path) -> Loaded:
    """Import what is heavy and open the catalog; for a thread that may be held up.

    Raises
    ------
    EnvironmentFailure
        If the catalog cannot be used.
    """
    for name in _HEAVY:
        importlib.import_module(name)
    from viewer.services.library import Library  # noqa: PLC0415 - just imported above
    from viewer.services.workers import Workers  # noqa: PLC0415

    workers = Workers()
    try:
        library = Library(data_dir, workers)
    except BaseException:
        workers.close()
        raise
    return Loaded(workers, library)
