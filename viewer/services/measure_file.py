"""Measure on one frame of a file, for scripts."""

from collections.abc import Sequence
from pathlib import Path

from viewer.core.annotation import Annotation, Shape
from viewer.core.errors import PixelError, ViewerError
from viewer.core.image_classes import why_no_image
from viewer.core.measurement import Measurement
from viewer.core.measuring import measured
from viewer.core.view import Point
from viewer.dicom.frames import decoded_photometric
from viewer.services.decoding import FrameRef
from viewer.services.workers import Workers


def measure_file(
    path: Path, number: int, shape: Shape, points: Sequence[Point]
) -> Measurement:
    """What a shape measures on frame `number` (counted from 1) of a file.

    Pixels are decoded only for shapes that read them. The file is read by a process
    that can be killed.

    Raises
    ------
    ViewerError
        If the file cannot be read, has no such frame, or the points make no shape.
    """
    with Workers(1) as workers:
        ((_, found),) = workers.read_files([path])
        if isinstance(found, ViewerError):
            raise found
        image = found.instance.image
        if image is None:
            raise PixelError(why_no_image(found.instance))
        if not 1 <= number <= image.pixels.frames:
            raise PixelError(f"There is no frame {number} of {image.pixels.frames}.")
        uid = found.instance.sop_instance_uid
        annotation = Annotation("", uid, number, shape, tuple(points))
        decoded = None
        if shape.reads_pixels:
            decoded = workers.decode(FrameRef(str(path), image, number))
    photometric = decoded_photometric(image.pixels)
    return measured(annotation, image, decoded, photometric)
