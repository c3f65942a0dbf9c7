"""Open studies whose pixels lie in files: no DICOM, only the bytes of the frames."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from viewer.core.image import FrameIndex, Image
from viewer.core.opened import OpenSeries
from viewer.core.records import StoredInstance
from viewer.services.store import stamp_of

Values = npt.NDArray[np.uint16]


def with_pixels(
    series: OpenSeries, folder: Path, values: Callable[[int], Values] | None = None
) -> OpenSeries:
    """The series with a file for each instance.

    Parameters
    ----------
    series : OpenSeries
        Of 48 rows and 64 columns, as `reading_studies` builds them.
    folder : Path
    values : callable
        Stored values of the n-th instance, counted from 0; by default n everywhere
        and the column's number added.
    """
    made = values or to_ramp
    instances = tuple(
        _on_disk(stored, folder, made(number))
        for number, stored in enumerate(series.instances)
    )
    return replace(series, instances=instances)


def to_ramp(number: int) -> Values:
    """Values that tell both the image and the column."""
    row = np.arange(64, dtype=np.uint16) + np.uint16(1024 + 10 * number)
    return np.tile(row, (48, 1))


def _on_disk(stored: StoredInstance, folder: Path, values: Values) -> StoredInstance:
    path = folder / f"{stored.instance.sop_instance_uid}.raw"
    path.write_bytes(values.astype("<u2").tobytes())
    image = stored.instance.image
    assert image is not None
    placed: Image = replace(image, index=FrameIndex((((0, path.stat().st_size),),)))
    instance = replace(stored.instance, image=placed)
    return replace(stored, instance=instance, path=str(path), stamp=stamp_of(path))
