"""Real files with an overlay plane, opened without a catalog."""

from pathlib import Path

import numpy as np
from pydicom.dataset import FileDataset

from tests.golden.phantoms import grey_image, saved
from viewer.core.identity import SeriesUID
from viewer.core.opened import OpenSeries
from viewer.core.records import StoredInstance
from viewer.core.stacks import Stack, StackFrame
from viewer.dicom.read import read_file
from viewer.services.store import stamp_of

BITS = np.random.default_rng(1).integers(0, 2, (8, 8), np.uint8)


def with_plane(ds: FileDataset) -> FileDataset:
    """The 8 × 8 image with `BITS` over it."""
    ds.add_new(0x60000010, "US", 8)
    ds.add_new(0x60000011, "US", 8)
    ds.add_new(0x60003000, "OW", np.packbits(BITS, bitorder="little").tobytes())
    return ds


def grey_file(folder: Path) -> Path:
    """A dark ramp, windowed to itself, with an overlay plane."""
    ds = with_plane(grey_image(np.arange(64, dtype=np.uint8).reshape(8, 8)))
    ds.WindowCenter, ds.WindowWidth = "128", "256"
    return saved(ds, folder)


def series_of(path: Path) -> OpenSeries:
    """The series of a single file, as a study has it open."""
    record = read_file(path)
    stored = StoredInstance(record.instance, str(path), stamp_of(path))
    frames = (StackFrame(record.instance.sop_instance_uid),)
    stack = Stack(SeriesUID(record.series.series_uid), 0, frames)
    return OpenSeries(record.series, (stored,), (stack,))
