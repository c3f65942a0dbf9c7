"""What the window is asked to show when it starts."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class WindowRequest:
    """One start of the window.

    Attributes
    ----------
    data_dir : Path
        Where catalog, store, settings and log lie; it need not exist yet.
    paths : tuple of Path
        Files and folders to open without importing; each exists.
    demo : bool
        Whether to open the demo study.
    """

    data_dir: Path
    paths: tuple[Path, ...] = ()
    demo: bool = False
