"""The picture of one image, as the viewport shows it, without a window."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from viewer.core.annotation import Annotation
from viewer.core.corners import Showing, corners
from viewer.core.errors import PixelError, ViewerError
from viewer.core.facts import ImageFacts
from viewer.core.frame_parts import FrameParts
from viewer.core.grayscale import Voi, Window, WindowFunction
from viewer.core.image import Image
from viewer.core.image_classes import why_no_image
from viewer.core.measurement import Measurement
from viewer.core.measuring import measured
from viewer.core.orientation import side_letters
from viewer.core.records import FileRecord
from viewer.core.render import FramePainter
from viewer.core.ruler import rulers_of
from viewer.core.view import Size, View, ViewTransform, proportion
from viewer.core.voi import is_valid
from viewer.core.windowing import default_voi, takes_window
from viewer.dicom.frames import decoded_photometric
from viewer.services.annotating import Annotations, annotated
from viewer.services.decoding import Decoding, FrameRef
from viewer.services.drawn_measures import DrawnMeasures
from viewer.services.frame_parts import parts_of
from viewer.services.presets import voi_choices
from viewer.services.workers import Workers

Stored = npt.NDArray[np.generic]
Picture = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Wish:
    """How the picture is wanted; at most one of the first three.

    Attributes
    ----------
    window : tuple of float or None
        Center and width.
    preset : str
        Name in the window menu, in any case; empty for none.
    voi : int or None
        Which window or VOI LUT of the file, counted from 1, windows first.
    size : Size or None
        Width and height of the viewport the image is fitted to; None is one pixel
        for each pixel of the file.
    annotations : bool
        Whether corner texts, letters, rulers and measures are drawn.
    overlays, shutter, profile : bool
        Whether the file's overlay planes lie on the picture, its shutter covers it and
        its colour profile is applied.
    drawings : tuple of Annotation
        What was drawn on the image; with the annotations those of the frame are shown.
    """

    window: tuple[float, float] | None = None
    preset: str = ""
    voi: int | None = None
    size: Size | None = None
    annotations: bool = False
    overlays: bool = True
    shutter: bool = True
    profile: bool = True
    drawings: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True)
class Rendered:
    """A picture and how it came about.

    Attributes
    ----------
    pixels : numpy.ndarray
        ``(height, width)`` grey or ``(height, width, 3)`` red, green, blue.
    voi : Voi or None
        None for colour.
    row_proportion : float
        Height of a pixel over its width.
    """

    pixels: Picture
    voi: Voi | None
    row_proportion: float = 1.0


def painter_of(
    stored: Stored, image: Image, number: int, parts: FrameParts | None = None
) -> FramePainter:
    """The painter of a frame that `viewer.dicom.frames` decoded."""
    photometric = decoded_photometric(image.pixels)
    return FramePainter(stored, image, number, photometric, parts)


def read_one(path: Path, number: int) -> tuple[FileRecord, Stored, FrameParts]:
    """A file's record, one decoded frame and what lies beside it in the file.

    What is parsed or decoded is so in a process that can be killed.

    Raises
    ------
    ViewerError
        If the file cannot be read, is no image, has no such frame, or cannot be
        decoded.
    """
    with Workers(1) as workers:
        ((_, record),) = workers.read_files([path])
        if isinstance(record, ViewerError):
            raise record
        image = record.instance.image
        if image is None:
            raise PixelError(why_no_image(record.instance))
        decoding = Decoding(lambda call: call(), workers)
        try:
            ref = FrameRef(str(path), image, number)
            return record, decoding.frame(ref), parts_of(ref, decoding)
        finally:
            decoding.close()


def render(
    record: FileRecord,
    number: int,
    stored: Stored,
    wish: Wish,
    parts: FrameParts | None = None,
) -> Rendered:
    """The picture of frame `number`.

    Raises
    ------
    ViewerError
        If the image has no such window, or cannot be shown truthfully.
    """
    image = record.instance.image
    if image is None:
        raise PixelError(why_no_image(record.instance))
    voi = _voi(record, image, number, stored, wish)
    painter = painter_of(stored, image, number, parts)
    columns, rows = image.pixels.columns, image.pixels.rows
    if wish.size is None:
        view, size = replace(_view(wish), zoom=1.0), (columns, rows)
        pixels = painter.native(voi, view)
        transform = ViewTransform(view, size, size)  # nothing is brought in shape
    else:
        view, size = _view(wish), wish.size
        pixels = painter.paint(view, size, voi)
        transform = painter.transform(view, size)
    if wish.annotations:
        facts = ImageFacts.of_file(record, number)
        frame = image.frame(number)
        showing = Showing(voi, transform.zoom, number, image.pixels.frames)
        notes = Annotations(
            corners(facts, showing, size=size, faults=painter.marks(voi)),
            side_letters(frame, view),
            rulers_of(transform, image, number),
            DrawnMeasures(_measures(wish, image, number, stored), transform),
        )
        pixels = annotated(pixels, notes)
    shape = proportion(image.frame(number)) if wish.size is None else 1.0
    return Rendered(pixels, voi, shape)


def _measures(
    wish: Wish, image: Image, number: int, stored: Stored
) -> list[Measurement]:
    photometric = decoded_photometric(image.pixels)
    return [
        measured(one, image, stored, photometric)
        for one in wish.drawings
        if one.frame == number
    ]


def _view(wish: Wish) -> View:
    return View(
        overlaid=wish.overlays, shuttered=wish.shutter, color_managed=wish.profile
    )


def _voi(
    record: FileRecord, image: Image, number: int, stored: Stored, wish: Wish
) -> Voi | None:
    if not takes_window(image):
        if wish.window or wish.preset or wish.voi:
            raise ViewerError("A colour image takes no window.")
        return None
    if wish.window:
        return _typed(image, number, *wish.window)
    if wish.voi is not None:
        return _of_file(image, number, wish.voi)
    if wish.preset:
        return _named(record.series.modality, image, number, stored, wish.preset)
    return default_voi(image, number, stored)


def _typed(image: Image, number: int, center: float, width: float) -> Window:
    """The function the file's windows have, else LINEAR as the standard says.

    LINEAR means nothing below a width of 1; LINEAR_EXACT takes its place there.
    """
    stated = image.display(number).windows
    function = stated[0].function if stated else WindowFunction.LINEAR
    if function is WindowFunction.LINEAR and width < 1:
        function = WindowFunction.LINEAR_EXACT
    return Window(center, width, function)


def _of_file(image: Image, number: int, place: int) -> Voi:
    display = image.display(number)
    stated: tuple[Voi, ...] = (*display.windows, *display.voi_luts)
    if not 1 <= place <= len(stated):
        raise ViewerError(
            f"There is no window {place}: the image has {len(stated)} of its own."
        )
    if not is_valid(stated[place - 1]):
        raise ViewerError(f"Window {place} of the image has no meaning.")
    return stated[place - 1]


def _named(modality: str, image: Image, number: int, stored: Stored, name: str) -> Voi:
    offers = voi_choices(modality, image, number, stored)
    for offer in offers:
        if offer.name.casefold() == name.casefold():
            return offer.voi
    presets = ", ".join(offer.name for offer in offers if offer.source != "file")
    raise ViewerError(f"There is no window {name}.", hint=f"Presets: {presets}.")
