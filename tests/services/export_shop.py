"""A library of small studies, and what is exported from it."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pydicom

from tests.services.import_files import DirectReader, write_image
from viewer.core.deidentification import PROFILES
from viewer.core.export import Anonymization, ExportReport, ExportWish, Packing
from viewer.services.exporting import Exporting
from viewer.services.importing import Importing, ImportRequest
from viewer.services.jobs import Progress, Silent
from viewer.services.library import Library
from viewer.services.workers import Workers

STRICTEST = PROFILES[-1]
RESEARCH = PROFILES[0]
SCANNED: dict[str, Any] = {
    "ImageType": ["ORIGINAL", "PRIMARY", "AXIAL"],
    "BodyPartExamined": "ABDOMEN",
}
"""What tells that nothing is written in an image, and that it shows no face."""


class Shop:
    """One library, in a folder of its own."""

    def __init__(self, folder: Path, workers: Workers) -> None:
        self.folder, self.workers = folder, workers
        self.data_dir = folder / "data"
        self.library = Library(self.data_dir, DirectReader())
        self.exporting = Exporting(self.library, workers, reserve=0)

    def take_in(self, *folders: Path, reference: bool = True) -> None:
        """Import folders, where they lie or by copying."""
        Importing(self.library, DirectReader()).run(
            ImportRequest(folders, reference=reference)
        )

    def out(self, name: str = "out") -> Path:
        """A place that nothing lies at."""
        return self.folder / name

    def run(self, wish: ExportWish, progress: Progress | None = None) -> ExportReport:
        """Export it."""
        return self.exporting.run(wish, progress or Silent())


def wish(*uids: str, to: Path, packing: Packing = Packing.FOLDER) -> ExportWish:
    """Studies as they are."""
    return ExportWish(uids, to, packing)


def anonymous(asked: ExportWish, project: str = "study of livers") -> ExportWish:
    """The same with all identities taken out."""
    return replace(asked, anonymization=Anonymization(project, STRICTEST))


def write_study(
    folder: Path, number: int, images: int, series: int = 1, **changed: Any
) -> str:
    """A study of CT series; its UID."""
    study = f"1.2.40.{number}"
    for at in range(1, series + 1):
        for image in range(1, images + 1):
            own: dict[str, Any] = {
                "StudyInstanceUID": study,
                "SeriesInstanceUID": f"{study}.{at}",
                "SOPInstanceUID": f"{study}.{at}.{image}",
                "SeriesNumber": at,
                **SCANNED,
                **changed,
            }
            write_image(folder / f"{number}/{at}/{image:04}.dcm", image, **own)
    return study


def dicom_files(folder: Path) -> list[Path]:
    """Every instance below a folder."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and path.name not in ("export.json", "DICOMDIR")
    )


def uids(paths: Iterable[Path]) -> set[str]:
    """SOP Instance UIDs of files."""
    return {str(pydicom.dcmread(path).SOPInstanceUID) for path in paths}


def sums(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
