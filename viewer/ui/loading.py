"""Load what is heavy while the window stands: libraries, the catalog, the workers."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.core.errors import Closing

if TYPE_CHECKING:
    from viewer.services.library import Library
    from viewer.services.workers import Workers

_HEAVY = (
    "sqlalchemy",
    "cv2",
    "viewer.services.library",
    "viewer.catalog.catalog",
    "viewer.services.workers",
    "viewer.services.decoding",
    "viewer.services.session",
    "viewer.core.render",
    "viewer.commands.reading",
    "viewer.ui.icon_font",
    "viewer.ui.joining",
)
"""Modules whose libraries take hundreds of milliseconds; none makes a Qt object."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was opened off the GUI thread."""

    workers: "Workers"
    library: "Library"


def load(data_dir: Path, leaving: Callable[[], bool]) -> Loaded:
    """Import what is heavy and open the catalog; for a thread that may be held up.

    Parameters
    ----------
    data_dir : Path
    leaving : callable
        Whether the window has been closed meanwhile, so that nobody waits for more.

    Raises
    ------
    EnvironmentFailure
        If the catalog cannot be used.
    Closing
        If nobody waits any more.
    """
    for name in _HEAVY:
        _stop_if(leaving)
        importlib.import_module(name)
    _stop_if(leaving)
    from viewer.services.library import Library  # noqa: PLC0415 - just imported above
    from viewer.services.workers import Workers  # noqa: PLC0415

    workers = Workers()
    try:
        library = Library(data_dir, workers)
    except BaseException:
        workers.close()
        raise
    return Loaded(workers, library)


def _stop_if(leaving: Callable[[], bool]) -> None:
    if leaving():
        raise Closing
