"""Who makes the files of each form of an export but DICOM; each loads when it is used.

An exporter writes into a folder that gets its final name when all is done, and says
what stayed behind. It needs to know nothing of that: see `export_converting`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from viewer.core.export import ExportWish, NotExported
from viewer.core.export_forms import JPEG, MP4, NIFTI, PDF, PNG, TIFF

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
        Bytes of the disk that stay free; `disk_room.check_room` looks.
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


def _pictures(conversion: Conversion, progress: "Progress") -> LeftOut:
    from viewer.services.picture_export import export_pictures  # noqa: PLC0415

    return export_pictures(conversion, progress)


def _contact_sheets(conversion: Conversion, progress: "Progress") -> LeftOut:
    from viewer.services.contact_sheet import export_sheets  # noqa: PLC0415

    return export_sheets(conversion, progress)


def _volumes(conversion: Conversion, progress: "Progress") -> LeftOut:
    from viewer.services.volume_export import export_volumes  # noqa: PLC0415

    return export_volumes(conversion, progress)


def _films(conversion: Conversion, progress: "Progress") -> LeftOut:
    from viewer.services.video_export import export_films  # noqa: PLC0415

    return export_films(conversion, progress)


EXPORTERS: Final[Mapping[str, Exporter]] = {
    PNG.name: _pictures,
    JPEG.name: _pictures,
    TIFF.name: _pictures,
    PDF.name: _contact_sheets,
    NIFTI.name: _volumes,
    MP4.name: _films,
}
"""By the name of the form."""
