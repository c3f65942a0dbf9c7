"""An export as contact sheets: one PDF a study, small pictures of all its images."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import Image

from viewer.core.errors import Cancelled, ViewerError
from viewer.core.export import NotExported
from viewer.core.identity import PersonName
from viewer.core.records import FileRecord
from viewer.services.contact_page import COLUMNS, DPI, ROWS, SIDE, Thumbnail, page
from viewer.services.contact_pictures import spread
from viewer.services.export_selection import Chosen
from viewer.services.exporters import Conversion, LeftOut
from viewer.services.picture_file import forced, may_write
from viewer.services.picture_source import PictureSource, not_exported
from viewer.services.rendering import Wish
from viewer.services.side_by_side import side_by_side

if TYPE_CHECKING:
    from viewer.services.jobs import Progress

_FRAMES: Final = 8
_PAGES_AT_ONCE: Final = 16
_ROOM: Final = 16 << 20  # so many pages take less
_SMALL: Final = Wish(size=(SIDE, SIDE))


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was made of one instance."""

    number: int
    thumbnails: tuple[Thumbnail, ...] = ()
    title: tuple[str, str] = ("", "")
    why: NotExported | None = None


def export_sheets(conversion: Conversion, progress: "Progress") -> LeftOut:
    """Write a PDF for each study, called by counters.

    Of an image of many frames some are shown, from the first to the last.

    Raises
    ------
    Cancelled
    EnvironmentFailure
        If it cannot be written.
    """
    instances, left_out = conversion.instances, dict[int, NotExported]()
    names = conversion.wish.look.annotations
    sheet = _Sheet(conversion)
    with PictureSource(conversion) as source:

        def work(numbered: tuple[int, Chosen], stop: threading.Event) -> _Seen:
            return _seen(source, *numbered, stop, names=names)

        def took(seen: _Seen) -> None:
            if seen.why is not None:
                left_out[seen.number] = seen.why
            else:
                sheet.add(instances[seen.number], seen)
            progress.report(seen.number + 1, len(instances))

        side_by_side(enumerate(instances), work, took, progress.checkpoint)
    sheet.close()
    return left_out


class _Sheet:
    """The PDF of the study that is under way; its pages go to disk as they come."""

    def __init__(self, conversion: Conversion) -> None:
        self._content, self._reserve = conversion.content, conversion.reserve
        self._quality = conversion.wish.look.quality
        self._study = ""
        self._title = ("", "")
        self._waiting: list[Thumbnail] = []
        self._pages: list[Image.Image] = []
        self._count = 0

    def add(self, one: Chosen, seen: _Seen) -> None:
        """Put an image on it; one of another study closes the last."""
        study = _study_of(one)
        if study != self._study:
            self.close()
            self._study, self._title = study, seen.title
        for thumbnail in seen.thumbnails:
            self._waiting.append(thumbnail)
            if len(self._waiting) == COLUMNS * ROWS:
                self._turn()

    def close(self) -> None:
        """Write what is left of the study."""
        if self._waiting:
            self._turn()
        self._write()
        self._count = 0

    def _turn(self) -> None:
        self._count += 1
        self._pages.append(page(self._title, self._count, tuple(self._waiting)))
        self._waiting.clear()
        if len(self._pages) == _PAGES_AT_ONCE:
            self._write()

    def _write(self) -> None:
        if not self._pages:
            return
        path = self._content / f"{self._study}.pdf"
        with may_write(path, _ROOM + self._reserve):
            _append(path, self._pages, self._quality)
            forced(path)
        self._pages.clear()


def _append(path: Path, pages: Sequence[Image.Image], quality: int) -> None:
    pages[0].save(
        path,
        "PDF",
        save_all=True,
        append=path.exists(),
        append_images=pages[1:],
        resolution=DPI,
        quality=quality,
        title="Contact sheet",
    )


def _seen(
    source: PictureSource,
    number: int,
    one: Chosen,
    stop: threading.Event,
    *,
    names: bool,
) -> _Seen:
    try:
        frames = source.image(one).pixels.frames
        record = source.record(one)
        thumbnails = []
        for frame in spread(frames, _FRAMES):
            if stop.is_set():
                raise Cancelled
            pixels = source.picture(one, record, frame, _SMALL).pixels
            thumbnails.append(Thumbnail(pixels, _lines(record, frame, frames)))
    except ViewerError as error:
        return _Seen(number, why=not_exported(one, error))
    title = _named(record) if names else (f"Contact sheet {_study_of(one)}", "")
    return _Seen(number, tuple(thumbnails), title)


def _lines(record: FileRecord, frame: int, frames: int) -> tuple[str, str]:
    series, number = record.series, record.instance.number
    parts = [f"Series {series.number}" if series.number is not None else "Series"]
    parts.append(series.description or series.modality)
    image = "Image" if number is None else f"Image {number}"
    shown = f" · frame {frame} of {frames}" if frames > 1 else ""
    return " · ".join(filter(None, parts)), image + shown


def _named(record: FileRecord) -> tuple[str, str]:
    who, study = record.patient, record.study
    day = study.study_date.isoformat() if study.study_date else ""
    born = f"born {who.birth_date.isoformat()}" if who.birth_date else ""
    names = (PersonName.from_pn(who.name).display, who.patient_id, born)
    return " · ".join(filter(None, names)), " · ".join(
        filter(None, (day, study.description))
    )


def _study_of(one: Chosen) -> str:
    """The folders that its file would lie in, without that of the series."""
    return one.name.rsplit("/", 2)[0]
