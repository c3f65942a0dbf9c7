"""What a worker makes of pictures in which text is looked for."""

import os
import sys
from functools import cache
from typing import Final

from viewer.services.text_messages import FindText, Texts

_COURTESY: Final = 10  # of 19


@cache
def prepare() -> None:
    """Load the network: a busy machine needs long, and no picture is to blame.

    The worker looks for nothing else from then on, and leaves the processors to whoever
    reviews meanwhile.
    """
    from viewer.services import text_detection  # noqa: PLC0415 - loads OpenCV

    if sys.platform != "win32":
        os.nice(_COURTESY)
    text_detection.load()


def found(request: FindText, room: memoryview) -> Texts:
    """Where something is written in any of the pictures in `room`."""
    import numpy as np  # noqa: PLC0415 - only where it is asked

    from viewer.services.text_detection import text_extents  # noqa: PLC0415

    shape = (request.pictures, request.rows, request.columns)
    pictures = np.ndarray(shape, np.uint16, room)
    extents = [
        extent
        for picture in pictures
        for extent in text_extents(picture.astype(np.float32) / np.float32(257))
    ]
    return Texts(tuple(extents))
