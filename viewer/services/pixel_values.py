"""The values of one frame of a file, for scripts."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from viewer.core.errors import PixelError, ViewerError
from viewer.core.image import Image
from viewer.core.image_classes import why_no_image
from viewer.core.modality import modality_values
from viewer.dicom.codecs import decoder_for, transfer_syntax
from viewer.dicom.frames import decoded_photometric
from viewer.services.frame_ref import FrameRef
from viewer.services.workers import Workers


@dataclass(frozen=True, slots=True)
class PixelValues:
    """What one frame holds.

    Attributes
    ----------
    values : numpy.ndarray
        ``(rows, columns)`` or ``(rows, columns, samples)``.
    frame, frames : int
        Which one, counted from 1, of how many.
    stored : bool
        Whether they are stored values; modality values otherwise.
    unit : str
        Of modality values; empty if the file does not say.
    photometric : str
        What the samples are: colours may have left their decoder as RGB.
    transfer_syntax_uid, transfer_syntax, decoder : str
    """

    values: npt.NDArray[np.generic]
    frame: int
    frames: int
    stored: bool
    unit: str
    photometric: str
    transfer_syntax_uid: str
    transfer_syntax: str
    decoder: str


def read_values(path: Path, number: int, *, stored: bool) -> PixelValues:
    """Decode frame `number` (counted from 1) of a file that nobody has vouched for.

    Parameters
    ----------
    stored : bool
        Leave the values as the file stores them. Otherwise they go through rescale or
        modality LUT, in the smallest type that holds them exactly: see
        `viewer.core.modality.modality_values`. Colours and palette indices have no
        modality value and stay.

    Raises
    ------
    ViewerError
        If there is no such frame, or it cannot be read.
    """
    with Workers(1) as workers:
        (found,) = (outcome for _, outcome in workers.read_files([path]))
        if isinstance(found, ViewerError):
            raise found
        image = found.instance.image
        if image is None:
            raise PixelError(why_no_image(found.instance))
        values = workers.decode(FrameRef(str(path), image, number))
    syntax = transfer_syntax(image.pixels.transfer_syntax_uid)
    unit = ""
    if not stored and is_measured(image):
        display = image.display(number)
        lut = display.modality_lut
        unit = lut.explanation if lut is not None else display.rescale.unit
    return PixelValues(
        values_of(values, image, number, stored=stored),
        number,
        image.pixels.frames,
        stored,
        unit,
        decoded_photometric(image.pixels),
        syntax.uid,
        syntax.name,
        decoder_for(syntax.uid).version,
    )


def values_of(
    decoded: npt.NDArray[np.generic], image: Image, number: int, *, stored: bool
) -> npt.NDArray[np.generic]:
    """What is exported of a decoded frame: see `read_values`."""
    if stored or not is_measured(image):
        return decoded
    return modality_values(decoded, image.display(number))


def is_measured(image: Image) -> bool:
    """Whether the samples are something a modality measured."""
    return image.pixels.samples == 1 and image.pixels.photometric != "PALETTE COLOR"
