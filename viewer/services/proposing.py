"""Propose what to burn black, so that whoever reviews has less to draw.

A proposal releases nothing: somebody must look at the image (`Verdict.PROPOSED`).
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from viewer.core.boxes import Box, without_doubles
from viewer.core.errors import Cancelled, ViewerError
from viewer.core.identity import SeriesUID, SOPInstanceUID
from viewer.core.image import Image
from viewer.core.records import SeriesRecord, StoredInstance
from viewer.core.region_boxes import beside_regions
from viewer.core.review import Review
from viewer.core.suspicion import Suspicion, suspicion, traits_of
from viewer.core.text_pictures import Film, Picture, greys_of, to_pictures
from viewer.core.text_pictures import without_doubles as each_once
from viewer.services.frame_ref import FrameRef
from viewer.services.known_regions import known_boxes
from viewer.services.text_finding import TextFinding, is_available

if TYPE_CHECKING:
    from viewer.services.jobs import Progress
    from viewer.services.library import Library
    from viewer.services.workers import Workers

_MOST_FRAMES: Final = 96  # of a film; letters stand in more of them
_LOOKED_AT_ALONE: Final = 3  # of these, one by one
_MOST_PIXELS: Final = 1 << 28  # decoded for one image
_MODEL: Final = "ManufacturerModelName"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An image that somebody must look at.

    Attributes
    ----------
    series : SeriesRecord
    stored : StoredInstance
    """

    series: SeriesRecord
    stored: StoredInstance

    @property
    def uid(self) -> SOPInstanceUID:
        """Its SOP Instance UID."""
        return self.stored.instance.sop_instance_uid


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where something may be written in an image.

    Attributes
    ----------
    uid : SOPInstanceUID
    review : Review
    failure : str
        Why writing could not be looked for, in a sentence; the boxes are then only
        what is known of the machine.
    """

    uid: SOPInstanceUID
    review: Review
    failure: str = ""


class _Stop(threading.Event):
    """Set when the work is to stop, for who waits for a worker."""

    def __init__(self, progress: "Progress") -> None:
        super().__init__()
        self._progress = progress

    @override
    def is_set(self) -> bool:
        try:
            self._progress.checkpoint()
        except Cancelled:
            return True
        return False


class Proposing:
    """Proposes boxes for images; not for the GUI thread.

    Parameters
    ----------
    workers : Workers
        Decode the frames.
    """

    def __init__(self, workers: "Workers") -> None:
        self._workers = workers
        self._models: dict[SeriesUID, str] = {}

    def run(
        self, candidates: Sequence[Candidate], progress: "Progress"
    ) -> Iterator[Proposal]:
        """A proposal for each, in their order.

        Without the extra ocr only what is known of machines and of the regions of
        ultrasound is proposed; `text_finding.is_available` tells.

        Raises
        ------
        Cancelled
        """
        finding = TextFinding() if is_available() else None
        try:
            stop = _Stop(progress)
            for done, one in enumerate(candidates):
                progress.checkpoint()
                progress.report(done, len(candidates), "Looking for writing")
                yield self._proposal(one, finding, stop)
            progress.report(len(candidates), len(candidates), "Looking for writing")
        finally:
            if finding is not None:
                finding.close()

    def _proposal(
        self, one: Candidate, finding: TextFinding | None, stop: "_Stop"
    ) -> Proposal:
        image = one.stored.instance.image
        if image is None:
            raise ValueError("only an image can be looked at")
        columns, rows = image.pixels.columns, image.pixels.rows
        boxes, failure = list(self._known(one, image)), ""
        if finding is not None:
            try:
                boxes += finding.boxes(self._pictures(one.stored, image, stop), stop)
            except Cancelled:
                raise
            except ViewerError as error:
                failure = error.message
        return Proposal(one.uid, Review(columns, rows, without_doubles(boxes)), failure)

    def _known(self, one: Candidate, image: Image) -> Iterator[Box]:
        """What is known without a look at the pixels."""
        columns, rows = image.pixels.columns, image.pixels.rows
        why = suspicion(traits_of(one.series, one.stored.instance))
        if why is Suspicion.DOSE_PAGE or why is Suspicion.SLIDE_LABEL:
            yield Box(0, 0, columns, rows)
            return
        yield from beside_regions(image.regions, columns, rows)
        yield from known_boxes(
            one.series.modality,
            one.series.manufacturer,
            self._model(one),
            (columns, rows),
        )

    def _model(self, one: Candidate) -> str:
        """Manufacturer's Model Name, asked once for a series."""
        series = one.series.series_uid
        if series not in self._models:
            self._models[series] = ""
            with suppress(ViewerError):
                rows = self._workers.telling.rows(one.stored.path)
                own = (row.value for row in rows if row.keyword == _MODEL)
                self._models[series] = next(own, "")
        return self._models[series]

    def _pictures(
        self, stored: StoredInstance, image: Image, stop: "_Stop"
    ) -> list[Picture]:
        """What is to be looked at of an image: some frames, and what films have."""
        from viewer.dicom.frames import decoded_photometric  # noqa: PLC0415 - codecs

        photometric = decoded_photometric(image.pixels)
        numbers = _chosen(image)
        alone = set(numbers[:: max(len(numbers) // _LOOKED_AT_ALONE, 1)])
        films = (Film(), Film())
        planes = []
        for number in numbers:
            ref = FrameRef(stored.path, image, number, stored.stamp)
            greys = greys_of(self._workers.decode(ref, stop), image, photometric)
            planes += greys if number in alone else []
            for film, plane in zip(films, greys, strict=False):
                film.add(plane)
        if len(numbers) > 1:
            planes += [plane for film in films for plane in film.planes()]
        return each_once([one for plane in planes for one in to_pictures(plane)])


def _chosen(image: Image) -> list[int]:
    """Which frames are looked at: all of a short film, evenly many of a long one."""
    pixels = image.pixels
    affordable = max(_MOST_PIXELS // max(pixels.frame_pixels, 1), 1)
    most = min(_MOST_FRAMES, affordable)
    step = max(-(-pixels.frames // most), 1)
    return list(range(1, pixels.frames + 1, step))


def candidates_of(library: "Library", uids: Iterable[str]) -> tuple[Candidate, ...]:
    """The images of studies and series that somebody must look at.

    And those that are named one by one: a file can say more of itself than the catalog
    knows, and be withheld for it.

    Raises
    ------
    ViewerError
        If the catalog has no such study, series or image.
    """
    from viewer.services.refreshing import refreshed  # noqa: PLC0415 - the catalog

    found: dict[SOPInstanceUID, Candidate] = {}
    for uid in uids:
        key = library.catalog.locating.key_of(uid)
        if key is None:
            raise ViewerError(
                "There is no such study, series or image in the catalog.",
                hint="lightbox studies and lightbox show list what there is.",
            )
        for series, members in library.catalog.filed_series(key.study_uid):
            if key.series_uid not in ("", series.series_uid):
                continue
            meant = [
                one
                for one in members
                if key.sop_instance_uid in ("", one.sop_instance_uid)
            ]
            for stored in refreshed(library, meant).values():
                if isinstance(stored, StoredInstance) and (
                    _is_suspect(series, stored)
                    or (key.sop_instance_uid and stored.instance.image is not None)
                ):
                    one = Candidate(series, stored)
                    found.setdefault(one.uid, one)
    return tuple(found.values())


def _is_suspect(series: SeriesRecord, stored: StoredInstance) -> bool:
    return suspicion(traits_of(series, stored.instance)) is not None
