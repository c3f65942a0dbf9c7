"""Who makes the files of each form of an export but DICOM; each loads when it is used.

An exporter writes into a folder that gets its final name when all is done, and says
what stayed behind. It needs to know nothing of that: see `export_converting`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from viewer.core.export import ExportWish, NotExported

if TYPE_CHECKING:  # SQLAlchemy loads when the catalog is opened
    from viewer.services.export_selection import Chosen
    from viewer.services.jobs import Progress
    from viewer.services.library import Library
    from viewer.services.workers import Workers


@dataclass(frozen=True, slots=True)
class Conversion:
    """What an exporter is to make files of.

    Attributes
    ----------
    wish : ExportWish
    instances : tuple of Chosen
        In the order of the export. Files are called after `Chosen.name`, so that
        nothing of a patient is in a name.
    library : Library
    workers : Workers
    content : Path
        The folder to write into.
    reserve : int
        Bytes of the disk that stay free; `export_converting.check_room` looks.
    """

    wish: ExportWish
    instances: "tuple[Chosen, ...]"
    library: "Library"
    workers: "Workers"
    content: Path
    reserve: int


LeftOut = Mapping[int, NotExported]
"""What stayed behind, by its place in `Conversion.instances`: it is `UNFIT` if the form
cannot hold it, `FAILED` if it could not be read."""

Exporter = Callable[[Conversion, "Progress"], LeftOut]


EXPORTERS: Final[Mapping[str, Exporter]] = {}
"""By the name of the form; each imports its module when it is called."""
