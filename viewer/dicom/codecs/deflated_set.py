"""The pixels of a data set that is deflated as a whole, PS3.5 A.5.

They have no place in the file, so the data set is inflated again for each frame, up to
a bound; this transfer syntax is rare and its images are small.
"""

from pathlib import Path

from viewer.core.errors import PixelError
from viewer.dicom.encoding import UNDEFINED
from viewer.dicom.part10 import open_dicom


def inflated_pixels(path: str | Path) -> bytes:
    """Value of the pixel attribute.

    Raises
    ------
    ViewerError
        If the data set is damaged, has no pixels, or grows beyond every bound.
    """
    with open_dicom(path) as opened:
        element = opened.pixels
        if element is None or element.length == UNDEFINED:
            raise PixelError("The file has no pixels.")
        source = opened.data_set.cutter.source
        return source.read(element.offset, element.length)
