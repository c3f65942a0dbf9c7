"""Files into the catalog, beside the bytes read or safely written alone."""

import os
import shutil
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pydicom
from pydicom.dataset import Dataset

from tests.benchmarks.peers import Peers, program
from tests.benchmarks.phantoms import write_series
from tests.benchmarks.race import Peer, Race
from tests.benchmarks.scale import Scale
from viewer.services.importing import Importing, ImportRequest
from viewer.services.library import Library
from viewer.services.workers import Workers

_ROUNDS = 5
_SMALL_SIDE = 64  # 8 kB of pixels


class Bench:
    """A library that is new for every run."""

    def __init__(self, folder: Path, workers: Workers) -> None:
        self._folder = folder
        self._workers = workers
        self._library: Library | None = None
        self.renew()

    def renew(self) -> None:
        """Forget what was imported."""
        self.close()
        self._library = Library(self._folder / "data", self._workers)
        (self._folder / "copies").mkdir(parents=True)

    def close(self) -> None:
        """Remove everything."""
        if self._library is not None:
            self._library.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def imported(self, folder: Path, count: int, *, reference: bool) -> None:
        """Import the folder; every file must arrive."""
        assert self._library is not None
        request = ImportRequest((folder,), reference=reference)
        report = Importing(self._library, self._workers).run(request)
        assert report.imported == count, report.failed

    def copied(self, paths: Sequence[Path]) -> None:
        """Write every file's bytes anew, each safely on the disk."""
        for path in paths:
            with (self._folder / "copies" / path.name).open("wb") as target:
                target.write(path.read_bytes())
                target.flush()
                os.fsync(target.fileno())


def races(scale: Scale, folder: Path) -> Iterator[Race]:
    """Import by copying, and in place."""
    big = write_series(folder / "big", scale.files, scale.side)
    small = write_small(folder / "small", scale.files * 8)
    with Workers() as workers, Peers() as peers:
        bench = Bench(folder / "bench", workers)
        yield Race(
            "Small file of 12 kB imported in place",
            partial(bench.imported, small[0].parent, len(small), reference=True),
            partial(_read, small),
            "the file read",
            len(small),
            bench.renew,
            _ROUNDS,
            _header_readers(peers, small),
        )
        for name, paths in (("0.5 MB", big), ("12 kB", small)):
            yield Race(
                f"File of {name} imported by copying",
                partial(bench.imported, paths[0].parent, len(paths), reference=False),
                partial(bench.copied, paths),
                "copy and fsync",
                len(paths),
                bench.renew,
                _ROUNDS,
            )
        yield Race(
            "File of 0.5 MB imported in place",
            partial(bench.imported, big[0].parent, len(big), reference=True),
            partial(_read, big),
            "the file read",
            len(big),
            bench.renew,
            _ROUNDS,
        )
        bench.close()


def write_small(folder: Path, count: int, side: int = _SMALL_SIDE) -> list[Path]:
    """Ordinary headers of 4 kB, as scanners write them, before small pictures."""
    paths = write_series(folder, count, side, study=2)
    for number, path in enumerate(paths):
        ds = pydicom.dcmread(path)
        for keyword, value in _SCANNER.items():
            setattr(ds, keyword, value)
        ds.AcquisitionTime = f"12{number // 60 % 60:02}{number % 60:02}.5"
        ds.SliceLocation = str(number * 1.5)
        code = Dataset()
        code.CodeValue, code.CodingSchemeDesignator = "P5-09051", "SRT"
        code.CodeMeaning = "CT of the chest"
        ds.ProcedureCodeSequence = [code]
        block = ds.private_block(0x0019, "LIGHTBOX BENCH", create=True)
        for element in range(60):
            block.add_new(element, "LO", f"a private value {element:02} of 32 bytes")
        ds.save_as(path, enforce_file_format=True)
    return paths


def _header_readers(peers: Peers, paths: Sequence[Path]) -> tuple[Peer, ...]:
    """Who else reads headers; none of them files what it has read."""
    folder = str(paths[0].parent)
    return (
        peers.python("pydicom, headers only", "pydicom", _PYDICOM, folder),
        peers.python("gdcm's scanner", "gdcm", _GDCM, folder),
        peers.python("SimpleITK, headers only", "SimpleITK", _SIMPLEITK, folder),
        program("dcmdump", ["dcmdump", "+sd", folder]),
    )


_SCANNER = {
    "Manufacturer": "Bench",
    "InstitutionName": "Hospital of the Bench",
    "ReferringPhysicianName": "Doctor^Bench",
    "SeriesDescription": "Chest 1.5 mm",
    "BodyPartExamined": "CHEST",
    "ProtocolName": "Chest routine",
    "ImageType": ["ORIGINAL", "PRIMARY", "AXIAL"],
    "AcquisitionDate": "20260101",
    "KVP": "120",
    "XRayTubeCurrent": "200",
    "ExposureTime": "500",
    "ConvolutionKernel": "B",
    "PatientPosition": "HFS",
    "AcquisitionNumber": "1",
    "DeviceSerialNumber": "1234567",
    "SoftwareVersions": "1.0",
    "GantryDetectorTilt": "0",
    "TableHeight": "150",
    "RotationDirection": "CW",
    "FilterType": "BODY",
    "FocalSpots": "1.2",
    "RescaleType": "HU",
    "WindowCenterWidthExplanation": "SOFT",
}
"""What scanners say of an image beside what the program asks for."""

_PYDICOM = """
import os, pydicom
def work(folder):
    for path in [file.path for file in os.scandir(folder)]:
        pydicom.dcmread(path, stop_before_pixels=True).SOPInstanceUID
"""

_GDCM = """
import os, gdcm
def work(folder):
    scanner = gdcm.Scanner()
    for tag in TAGS:
        scanner.AddTag(gdcm.Tag(*tag))
    files = gdcm.FilenamesType()
    for file in os.scandir(folder):
        files.append(file.path)
    assert scanner.Scan(files)
TAGS = [(8, 0x18), (8, 0x20), (8, 0x60), (0x10, 0x10), (0x10, 0x20), (0x20, 0xD),
        (0x20, 0xE), (0x20, 0x13), (0x20, 0x32), (0x20, 0x37), (0x28, 0x10),
        (0x28, 0x11), (0x28, 0x30), (0x28, 0x1050), (0x28, 0x1051)]
"""

_SIMPLEITK = """
import os, SimpleITK
def work(folder):
    for path in [file.path for file in os.scandir(folder)]:
        reader = SimpleITK.ImageFileReader()
        reader.SetFileName(path)
        reader.ReadImageInformation()
        reader.GetMetaData("0008|0018")
"""


def _read(paths: Sequence[Path]) -> None:
    for path in paths:
        path.read_bytes()
