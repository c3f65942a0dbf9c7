"""A colour ultrasound clip played from a cold cache, beside its frames decoded."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pydicom
from pydicom.encaps import encapsulate
from pydicom.uid import JPEGBaseline8Bit, UltrasoundMultiFrameImageStorage

from tests.benchmarks.phantoms import study_uid, write_series
from tests.benchmarks.race import Race
from tests.benchmarks.scale import Scale
from tests.benchmarks.stage import Stage, stage

_PACE_MS = 10.0  # what the clip asks for: faster than it need be shown
_DIFFERENT = 10


def races(scale: Scale, folder: Path) -> Iterator[Race]:
    """Every frame is shown: a cine that decodes too slowly plays slowly."""
    columns, rows, frames = scale.clip
    codes = [_code(rows, columns, seed) for seed in range(_DIFFERENT)]
    _write(folder / "us", codes, rows, columns, frames)
    with stage(folder / "data") as played:
        played.take_in(folder / "us")
        yield Race(
            f"Cine of {frames} × {columns}×{rows} JPEG, a frame",
            partial(_play, played, frames),
            lambda: [_decoded(codes[n % _DIFFERENT]) for n in range(frames)],
            "the decoder alone, one thread",
            frames,
            played.forget,
            rounds=scale.volumes,
        )


def _play(played: Stage, frames: int) -> None:
    viewport = played.open(study_uid(5))
    session = played.program.desk.session
    shown = set[int]()

    def all_shown() -> bool:
        if viewport.frame.subject is not None and not viewport.frame.waiting:
            shown.add(viewport.frame.subject.image)
        return len(shown) == frames

    session.toggle_playing()
    played.until(all_shown)
    session.toggle_playing()


def _code(rows: int, columns: int, seed: int) -> bytes:
    y, x = np.mgrid[-1 : 1 : rows * 1j, 0 : 1 : columns * 1j]
    fan = np.hypot(x, y) < 0.9 + 0.01 * seed
    speckle = np.random.default_rng(seed).gamma(2, 30, (rows, columns))
    grey = np.clip(speckle * fan, 0, 255)
    colours = np.stack([grey, grey * 0.9, grey * (0.5 + 0.5 * x)], axis=2)
    return bytes(imagecodecs.jpeg8_encode(colours.astype(np.uint8), level=85))


def _decoded(code: bytes) -> Any:
    return imagecodecs.jpeg8_decode(code)


def _write(
    folder: Path, codes: list[bytes], rows: int, columns: int, frames: int
) -> None:
    (path,) = write_series(folder, 1, 8, study=5)
    ds = pydicom.dcmread(path)
    kind = UltrasoundMultiFrameImageStorage
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = kind
    ds.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    ds.Modality, ds.Rows, ds.Columns, ds.NumberOfFrames = "US", rows, columns, frames
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 3, "YBR_FULL_422"
    ds.PlanarConfiguration, ds.PixelRepresentation = 0, 0
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 8, 8, 7
    ds.FrameTime = str(_PACE_MS)
    ds.FrameIncrementPointer = 0x00181063
    for name in (
        "ImagePositionPatient",
        "ImageOrientationPatient",
        "PixelSpacing",
        "WindowCenter",
        "WindowWidth",
        "RescaleSlope",
        "RescaleIntercept",
    ):
        delattr(ds, name)
    ds.PixelData = encapsulate([codes[n % len(codes)] for n in range(frames)])
    ds["PixelData"].is_undefined_length = True
    ds.save_as(path, enforce_file_format=True)
