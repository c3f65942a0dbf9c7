"""One picture of the gallery, or why there is none."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydicom.config import IGNORE
from pydicom.uid import UID

from viewer.core.errors import ViewerError
from viewer.core.grayscale import Voi, Window
from viewer.core.image import Image
from viewer.core.orientation import SideLetters, side_letters
from viewer.core.records import FileRecord
from viewer.core.view import View
from viewer.dicom.codecs.syntaxes import SYNTAXES
from viewer.services.decoding import Decoding, FrameRef
from viewer.services.frame_parts import parts_of
from viewer.services.rendering import Wish, painter_of, render
from viewer.services.workers import Workers

SIDE = 212
_CAPACITY = 64 << 20  # bytes of frames; none is shown twice


@dataclass(frozen=True, slots=True)
class Tile:
    """One frame of one file; nothing on it is a value of a patient.

    Attributes
    ----------
    path : Path
    facts : tuple of str
        What kind of image it is, and how it is shown.
    picture : numpy.ndarray or None
        ``(SIDE, SIDE)`` or ``(SIDE, SIDE, 3)``, as the viewport fits it.
    letters : SideLetters
    marks : tuple of str
        What the viewport says beside the picture.
    reason : str
        Why there is no picture; empty if there is one.
    """

    path: Path
    facts: tuple[str, ...] = ()
    picture: npt.NDArray[np.uint8] | None = field(default=None, repr=False)
    letters: SideLetters = field(default_factory=SideLetters)
    marks: tuple[str, ...] = ()
    reason: str = ""


def tiles_of(paths: Iterable[Path]) -> Iterator[Tile]:
    """The tiles of all files, in order.

    Of several frames the first, the middle and the last one are shown; if one of them
    cannot be, those behind it are left out.
    """
    with Workers(2) as workers:
        decoding = Decoding(lambda call: call(), workers, capacity=_CAPACITY)
        try:
            for path, outcome in workers.read_files(paths):
                if isinstance(outcome, ViewerError):
                    yield Tile(path, reason=outcome.message)
                else:
                    yield from _of_file(path, outcome, decoding)
        finally:
            decoding.close()


def _of_file(path: Path, record: FileRecord, decoding: Decoding) -> Iterator[Tile]:
    image = record.instance.image
    if image is None:
        kind = UID(record.instance.sop_class_uid, validation_mode=IGNORE)
        known = kind.name if kind.name != kind else "of an unknown kind"
        yield Tile(path, (known,), reason="The file holds no image.")
        return
    frames = image.pixels.frames
    for number in sorted({1, (frames + 1) // 2, frames}):
        tile = _of_frame(FrameRef(str(path), image, number), record, decoding)
        yield tile
        if tile.reason:
            return


def _of_frame(ref: FrameRef, record: FileRecord, decoding: Decoding) -> Tile:
    image, path = ref.image, Path(ref.path)
    facts = (_kind(record, image, ref.number), _coding(image))
    try:
        stored, parts = decoding.frame(ref), parts_of(ref, decoding)
        rendered = render(record, ref.number, stored, Wish(size=(SIDE, SIDE)), parts)
        painter = painter_of(stored, image, ref.number, parts)
    except ViewerError as error:
        return Tile(path, facts, reason=error.message)
    return Tile(
        path,
        (*facts, _shown_with(rendered.voi, image)),
        rendered.pixels,
        side_letters(image.frame(ref.number), View()),
        painter.marks(rendered.voi),
    )


def _kind(record: FileRecord, image: Image, number: int) -> str:
    pixels = image.pixels
    frame = f" · {number}/{pixels.frames}" if pixels.frames > 1 else ""
    return f"{record.series.modality} {pixels.columns}x{pixels.rows}{frame}"


def _coding(image: Image) -> str:
    pixels = image.pixels
    sign = "s" if pixels.signed else "u"
    syntax = SYNTAXES.get(pixels.transfer_syntax_uid)
    coding = syntax.name if syntax else "unknown coding"
    return f"{pixels.photometric} {sign}{pixels.bits_stored} {coding}"


def _shown_with(voi: Voi | None, image: Image) -> str:
    """The window, and whose it is; not its name, which is free text of the file."""
    if voi is None:
        return "colour"
    if not isinstance(voi, Window):
        return f"VOI LUT of {voi.values.size}"
    stated = any(voi in display.windows for display in image.displays)
    whose = "of the file" if stated else "automatic"
    return f"C {voi.center:.6g} W {voi.width:.6g} {whose}"
