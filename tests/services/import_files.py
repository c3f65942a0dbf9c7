"""Small DICOM files to import, and a reader that needs no process of its own."""

from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from viewer.catalog.blobs import packed
from viewer.core.errors import ViewerError
from viewer.core.records import FileRecord, FileStamp
from viewer.dicom.read import read_file
from viewer.services.courtesy import Courtesy
from viewer.services.indexing import Indexed, IndexOutcome
from viewer.services.store import stamp_of

SIDE = 16


class DirectReader:
    """Reads headers where it is asked."""

    def __init__(self) -> None:
        self.courtesy = Courtesy()

    def read_files(
        self, paths: Iterable[str | Path]
    ) -> Iterator[tuple[Path, FileRecord | ViewerError]]:
        """Each path with what its file says, or why it says nothing."""
        for path in paths:
            try:
                yield Path(path), read_file(path)
            except ViewerError as error:
                yield Path(path), error

    def index_files(
        self, paths: Iterable[str | Path], *, hashed: bool = False
    ) -> Iterator[IndexOutcome]:
        """The same for the catalog; hashing is left to whoever asks."""
        del hashed
        asked, stamps = iter(paths), deque[FileStamp]()

        def stamped() -> Iterator[str | Path]:
            for path in asked:
                stamps.append(stamp_of(path))
                yield path

        for path, outcome in self.read_files(stamped()):
            stamp = stamps.popleft()
            if isinstance(outcome, ViewerError):
                yield path, outcome
            else:
                yield path, Indexed(packed(outcome), stamp)


def write_image(
    path: Path, number: int = 1, *, without: str = "", **changed: object
) -> Path:
    """A CT slice of an invented patient, perhaps without one of its attributes."""
    ds = Dataset()
    ds.SOPClassUID = CTImageStorage
    ds.SOPInstanceUID = f"1.2.3.1.{number}"
    ds.StudyInstanceUID, ds.SeriesInstanceUID = "1.2.3", "1.2.3.1"
    ds.PatientName, ds.PatientID, ds.PatientBirthDate = "Muster^Max", "P1", "19700517"
    ds.StudyDate, ds.Modality, ds.StudyDescription = "20240301", "CT", "Thorax"
    ds.SeriesNumber, ds.InstanceNumber = 1, number
    ds.ImagePositionPatient = [0, 0, number]
    ds.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    ds.PixelSpacing, ds.SliceThickness = [1, 1], 1
    ds.Rows = ds.Columns = SIDE
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.BitsAllocated = ds.BitsStored = 16
    ds.HighBit, ds.PixelRepresentation = 15, 0
    ds.PixelData = number.to_bytes(2, "little") * SIDE**2
    for keyword, value in changed.items():
        setattr(ds, keyword, value)
    if without:
        delattr(ds, without)
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID
    ds.file_meta.MediaStorageSOPInstanceUID = ds.get("SOPInstanceUID", "1.2.3.9")
    path.parent.mkdir(parents=True, exist_ok=True)
    ds.save_as(path, enforce_file_format=True)
    return path


def write_series(folder: Path, count: int) -> Path:
    """A folder of `count` slices."""
    for number in range(1, count + 1):
        write_image(folder / f"{number:04d}.dcm", number)
    return folder
