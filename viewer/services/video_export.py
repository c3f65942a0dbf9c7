"""An export as films: each image of several frames an MP4, as fast as its file says."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.core.errors import Cancelled, EnvironmentFailure, ViewerError
from viewer.core.grayscale import Voi, Window
from viewer.core.image import Image
from viewer.core.records import FileRecord, StoredInstance
from viewer.core.voi import is_valid
from viewer.services.disk_room import check_room
from viewer.services.export_selection import Chosen
from viewer.services.exporters import Conversion, LeftOut
from viewer.services.film_times import film_times
from viewer.services.picture_source import PictureSource, UnfitError, not_exported
from viewer.services.rendering import Rendered, Wish
from viewer.services.side_by_side import side_by_side
from viewer.services.video_file import (
    ENDING,
    LONGEST_SIDE,
    check_encoder,
    mp4_file,
    ticks,
)

if TYPE_CHECKING:
    from viewer.core.export import NotExported
    from viewer.services.jobs import Progress


def export_films(conversion: Conversion, progress: "Progress") -> LeftOut:
    """Write a file for each film.

    Raises
    ------
    ViewerError
        If no encoder is installed.
    Cancelled
    EnvironmentFailure
        If it cannot be written.
    """
    check_encoder()
    left_out: dict[int, NotExported] = {}
    with PictureSource(conversion) as source:
        films = _Films(conversion, source, progress)
        for number, one in enumerate(conversion.instances):
            path = conversion.content / f"{one.name}{ENDING}"
            try:
                films.export(one, path)
            except ViewerError as error:
                path.unlink(missing_ok=True)
                left_out[number] = not_exported(one, error)
    return left_out


class _Films:
    """Makes one film after the other."""

    def __init__(
        self, conversion: Conversion, source: PictureSource, progress: "Progress"
    ) -> None:
        self._source, self._progress = source, progress
        self._telling = conversion.workers.telling
        self._reserve = conversion.reserve
        self._made = 0
        self._frames = sum(map(_frames, conversion.instances))

    def export(self, one: Chosen, path: Path) -> None:
        """Write a film.

        Raises
        ------
        UnfitError
            If it is none.
        ViewerError
            If it cannot be read or written.
        """
        done = self._made
        try:
            image = self._source.image(one)
            moments = self._moments(one, image)
            self._write(path, one, image, moments)
        finally:
            self._made = done + _frames(one)
            self._watch()

    def _moments(self, one: Chosen, image: Image) -> list[int]:
        pixels = image.pixels
        if pixels.frames == 1:
            raise UnfitError("It is a single picture, not a film.")
        if max(pixels.columns, pixels.rows) > LONGEST_SIDE:
            raise UnfitError("It is too large for MP4.")
        if isinstance(one.stored, ViewerError):
            raise one.stored
        model = self._telling.model(one.stored.path)
        times = film_times(model, pixels.frames, image.frame_time_ms)
        moments = ticks(times or ())
        if len(set(moments)) <= pixels.frames:
            raise UnfitError("Its file does not say how long its frames last.")
        return moments

    def _write(self, path: Path, one: Chosen, image: Image, moments: list[int]) -> None:
        record = self._source.record(one)
        wish = self._wish(one, image, record)
        first = self._source.picture(one, record, 1, wish)

        def bring(frame: int, stop: threading.Event) -> Rendered:
            if stop.is_set():
                raise Cancelled
            return self._source.picture(one, record, frame, wish)

        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with mp4_file(path, moments, first.row_proportion) as write:

                def took(picture: Rendered) -> None:
                    check_room(path.parent, picture.pixels.nbytes + self._reserve)
                    write(picture.pixels)
                    self._made += 1

                frames = range(1, image.pixels.frames + 1)
                side_by_side(frames, bring, took, self._watch)
        except OSError as cause:
            raise EnvironmentFailure(
                "The export cannot be written.",
                hint="Is the disk full, or the folder closed to you? Nothing was left.",
            ) from cause

    def _wish(self, one: Chosen, image: Image, record: FileRecord) -> Wish:
        """The file's windows; if it has none, that of the first frame for all."""
        display = image.display(1)
        stated: tuple[Voi, ...] = (*display.windows, *display.voi_luts)
        if any(map(is_valid, stated)):
            return Wish()
        chosen = self._source.picture(one, record, 1, Wish()).voi
        if not isinstance(chosen, Window):
            return Wish()
        return Wish(window=(chosen.center, chosen.width))

    def _watch(self) -> None:
        self._progress.report(self._made, self._frames)
        self._progress.checkpoint()


def _frames(one: Chosen) -> int:
    """How many a catalogued image has; what is none counts once."""
    if not isinstance(one.stored, StoredInstance) or one.stored.instance.image is None:
        return 1
    return one.stored.instance.image.pixels.frames
