"""An export as pictures: each frame a PNG, JPEG or TIFF, called by counters."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from viewer.core.errors import Cancelled, ViewerError
from viewer.core.export import NotExported
from viewer.core.export_forms import TIFF, Form
from viewer.core.image import Image
from viewer.core.records import FileRecord, StoredInstance
from viewer.core.view import proportion
from viewer.services.export_selection import Chosen
from viewer.services.exporters import Conversion, LeftOut
from viewer.services.picture_file import (
    ENDINGS,
    LONGEST_SIDE,
    picture_bytes,
    value_bytes,
    write_forced,
)
from viewer.services.picture_source import PictureSource, UnfitError, not_exported
from viewer.services.pixel_values import is_measured, values_of
from viewer.services.rendering import Wish
from viewer.services.side_by_side import side_by_side

if TYPE_CHECKING:
    from viewer.services.jobs import Progress


def export_pictures(conversion: Conversion, progress: "Progress") -> LeftOut:
    """Write a file for each frame; all of an image's, or none.

    Raises
    ------
    Cancelled
    EnvironmentFailure
        If it cannot be written.
    """
    left_out: dict[int, NotExported] = {}
    with PictureSource(conversion) as source:
        pictures = _Pictures(conversion, source)

        def took(answer: tuple[int, NotExported | None]) -> None:
            number, why = answer
            if why is not None:
                left_out[number] = why

        def watch() -> None:
            progress.report(pictures.made, pictures.frames)
            progress.checkpoint()

        instances = enumerate(conversion.instances)
        side_by_side(instances, pictures.export, took, watch)
    return left_out


class _Pictures:
    """Makes the files of one instance after the other.

    Attributes
    ----------
    made, frames : int
        How many frames were seen to, of how many.
    """

    def __init__(self, conversion: Conversion, source: PictureSource) -> None:
        self._content, self._reserve = conversion.content, conversion.reserve
        self._form, self._look = conversion.wish.form, conversion.wish.look
        self._source = source
        self._counting = threading.Lock()
        self.made, self.frames = 0, sum(map(_frames, conversion.instances))

    def export(
        self, numbered: tuple[int, Chosen], stop: threading.Event
    ) -> tuple[int, NotExported | None]:
        """Write an instance, or say why it stays behind; with its number."""
        number, one = numbered
        written: list[Path] = []
        try:
            for path, raw in self._files(one):
                if stop.is_set():
                    raise Cancelled
                written.append(path)
                write_forced(path, raw, self._reserve)
                self._count(1)
        except ViewerError as error:
            for path in written:
                path.unlink(missing_ok=True)
            self._count(_frames(one) - len(written))
            return number, not_exported(one, error)
        return number, None

    def _count(self, frames: int) -> None:
        with self._counting:
            self.made += frames

    def _files(self, one: Chosen) -> Iterator[tuple[Path, bytes]]:
        image = self._source.image(one)
        self._check(image)
        record = self._source.record(one)
        frames = image.pixels.frames
        for frame in range(1, frames + 1):
            path = self._content / _file_name(one, frame, frames, self._form)
            yield path, self._bytes(one, image, record, frame)

    def _check(self, image: Image) -> None:
        if self._look.bits > 8 and not is_measured(image):
            raise UnfitError("Colours have no values of 16 bits.")
        longest = max(image.pixels.columns, image.pixels.rows)
        if longest > LONGEST_SIDE.get(self._form.name, longest):
            raise UnfitError(f"It is too large for {self._form.title}.")

    def _bytes(
        self, one: Chosen, image: Image, record: FileRecord, frame: int
    ) -> bytes:
        look = self._look
        if look.bits > 8:
            decoded = self._source.values(one, frame)
            values = values_of(decoded, image, frame, stored=look.stored)
            shape = proportion(image.frame(frame))
            return value_bytes(fitted(values, self._form), self._form, shape)
        wish = Wish(annotations=look.annotations)
        rendered = self._source.picture(one, record, frame, wish)
        return picture_bytes(
            rendered.pixels, self._form, look.quality, rendered.row_proportion
        )


def fitted(values: npt.NDArray[np.generic], form: Form) -> npt.NDArray[np.integer[Any]]:
    """The same values in 16 bits.

    A TIFF holds them with a sign wherever that fits, so that slices answer alike.

    Raises
    ------
    UnfitError
        If one of them would change.
    """
    kinds = (np.int16, np.uint16) if form is TIFF else (np.uint16,)
    for kind in kinds:
        limits = np.iinfo(kind)
        if values.min() >= limits.min and values.max() <= limits.max:
            fit = values.astype(kind)
            if np.array_equal(fit, values):
                return fit
    raise UnfitError(
        "Its values are fractions, or too large for 16 bits; stored values may fit."
        if form is TIFF
        else "Its values are fractions, below 0 or too large for 16 bits; a TIFF or"
        " stored values may hold them."
    )


def _frames(one: Chosen) -> int:
    """How many a catalogued image has; what is none counts once."""
    if not isinstance(one.stored, StoredInstance) or one.stored.instance.image is None:
        return 1
    return one.stored.instance.image.pixels.frames


def _file_name(one: Chosen, frame: int, frames: int, form: Form) -> str:
    counter = f"-{frame:05}" if frames > 1 else ""
    return f"{one.name}{counter}{ENDINGS[form.name]}"
