"""Memory a codec may fill itself, so that a frame is not copied once more."""

import numpy as np
import numpy.typing as npt

from viewer.core.image import PixelFormat
from viewer.dicom.codecs.stored import stored_bytes, stored_dtype, stored_shape

Samples = npt.NDArray[np.generic]


def to_room(cells: memoryview, pixels: PixelFormat) -> Samples | None:
    """A frame's place in the first bytes of `cells`; None if they are too few."""
    if cells.nbytes < stored_bytes(pixels):
        return None
    return np.ndarray(stored_shape(pixels), stored_dtype(pixels), cells)


def fitting(
    room: Samples | None, precision: int, *, signed: bool = False
) -> Samples | None:
    """`room` with the type that a codec gives samples of `precision` bits.

    None if that type has another width: the codec would refuse it.
    """
    if room is None or room.dtype.kind not in "iu":
        return None
    width = 1 if precision <= 8 else 2 if precision <= 16 else 4
    if room.dtype.itemsize != width:
        return None
    return room.view(f"{'i' if signed else 'u'}{width}")
