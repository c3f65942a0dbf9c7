"""Reports of what was measured, made and filed as a series of their study.

A report that says what the last one said is that one; another names it as its
predecessor. So an archive that has them all knows which holds.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

import msgspec

from viewer.core.errors import PixelError, ViewerError
from viewer.core.identity import SeriesUID, SOPInstanceUID, StudyUID
from viewer.core.image_classes import why_no_image
from viewer.core.measured_report import (
    MeasuredImage,
    MeasuredReport,
    Observer,
    ReportFiling,
    derived_uid,
)
from viewer.core.measuring import measured
from viewer.core.remote import RemoteKey
from viewer.dicom.frames import decoded_photometric
from viewer.services.file_lock import alone
from viewer.services.frame_ref import FrameRef
from viewer.services.places import prepare

if TYPE_CHECKING:  # SQLAlchemy loads when the catalog is opened
    from collections.abc import Iterable, Sequence

    from viewer.catalog.catalog import FiledInstance
    from viewer.core.annotation import Annotation
    from viewer.core.image import Image
    from viewer.core.measurement import Measurement
    from viewer.core.records import StoredInstance
    from viewer.services.library import Library
    from viewer.services.workers import Workers


@dataclass(frozen=True, slots=True)
class ReportMaking:
    """Where reports come from.

    Attributes
    ----------
    library : Library
    workers : Workers
        They decode what drawings enclose, and write the reports.
    observer : Observer
    """

    library: "Library"
    workers: "Workers"
    observer: Observer

    def filed(self, study_uid: StudyUID) -> RemoteKey | None:
        """The report of all that is drawn on a study; None if nothing is.

        It is in the catalog when this returns.

        Raises
        ------
        ViewerError
            If an image that is drawn on cannot be read, or the report not be filed.
        """
        drawn = self.library.catalog.annotations.of_study(study_uid)
        if not drawn:
            return None
        report = self._report(study_uid, drawn)
        # A series is of one installation: two that measure have one each.
        station = report.observer.device_uid
        series_uid = SeriesUID(derived_uid("measurements", station, study_uid))
        with alone(prepare(self.library.store.folder)):  # one is numbered at a time
            number, last = self._last(study_uid, series_uid)
            if last != _uid(report, series_uid, number):
                last = self._made(report, series_uid, number + 1, last)
        return RemoteKey(study_uid, series_uid, last)

    def _report(
        self, study_uid: StudyUID, drawn: "Sequence[Annotation]"
    ) -> MeasuredReport:
        series = {
            one.sop_instance_uid: record
            for record, own in self.library.catalog.filed_series(study_uid)
            for one in own
        }
        found: dict[str, Measurement] = {}
        images: dict[SOPInstanceUID, MeasuredImage] = {}
        for uid, on_image in _by_image(drawn):
            stored = self.library.instance(uid)
            image = stored.instance.image
            if image is None:
                raise PixelError(why_no_image(stored.instance))
            images[uid] = MeasuredImage.of(series[uid], stored, image)
            for one in self._measured(stored, image, on_image):
                found[one.annotation.uid] = one
        in_order = tuple(found[one.uid] for one in drawn)
        used = dict.fromkeys(one.sop_instance_uid for one in drawn)
        return MeasuredReport(
            study_uid, self.observer, tuple(images[uid] for uid in used), in_order
        )

    def _measured(
        self, stored: "StoredInstance", image: "Image", drawn: "Iterable[Annotation]"
    ) -> "Iterable[Measurement]":
        """What drawings on one image measure; each frame is decoded once."""
        photometric = decoded_photometric(image.pixels)
        for number, on_frame in groupby(drawn, lambda one: one.frame):
            if number > image.pixels.frames:
                raise PixelError("There is a drawing on a frame that the image lacks.")
            every, decoded = list(on_frame), None
            if any(one.shape.reads_pixels for one in every):
                ref = FrameRef(stored.path, image, number, stored.stamp)
                decoded = self.workers.decode(ref)
            for one in every:
                yield measured(one, image, decoded, photometric)

    def _last(
        self, study_uid: StudyUID, series_uid: SeriesUID
    ) -> tuple[int, SOPInstanceUID]:
        """Number and UID of the newest report of the study; 0 and empty for none."""
        ours = [
            (self._number(one), one.sop_instance_uid)
            for record, own in self.library.catalog.filed_series(study_uid)
            for one in own
            if record.series_uid == series_uid
        ]
        return max(ours, default=(0, SOPInstanceUID("")))

    def _number(self, one: "FiledInstance") -> int:
        record = one.record or self.library.instance(one.sop_instance_uid).instance
        return record.number or 0

    def _made(
        self,
        report: MeasuredReport,
        series_uid: SeriesUID,
        number: int,
        predecessor: SOPInstanceUID,
    ) -> SOPInstanceUID:
        """A report that is new, which is filed on return."""
        uid = _uid(report, series_uid, number)
        # The local time of the clock on the wall, as radiologists have it.
        now = datetime.now().astimezone().replace(tzinfo=None)
        filing = ReportFiling(uid, series_uid, number, now, predecessor)
        source = self.library.instance(report.images[0].sop_instance_uid)
        content = self.workers.composing.report(source.path, report, filing)
        self._file(content, filing)
        return uid

    def _file(self, content: bytes, filing: ReportFiling) -> None:
        """Into the library, by the door that everything from elsewhere comes in."""
        from viewer.catalog.filing import Outcome  # noqa: PLC0415 - SQLAlchemy is slow
        from viewer.services.receiving import Claim, Receiving  # noqa: PLC0415

        claim = Claim(sop_instance_uid=filing.sop_instance_uid)
        with Receiving(self.library) as receiving:
            with receiving.begin() as arriving:
                arriving.write(content)
                taken = receiving.take(arriving, claim)
            receiving.flush()
        if taken.outcome.result() not in (Outcome.IMPORTED, Outcome.DUPLICATE):
            raise ViewerError(
                "The report of the measurements could not be filed with its study.",
                hint="The images of the study are said to be of different patients; "
                "lightbox show STUDY_UID lists the conflicts.",
            )


def _by_image(
    drawn: "Sequence[Annotation]",
) -> "Iterable[tuple[SOPInstanceUID, list[Annotation]]]":
    """Drawings image by image, on each frame by frame."""
    ordered = sorted(drawn, key=lambda one: (one.sop_instance_uid, one.frame))
    for uid, own in groupby(ordered, lambda one: one.sop_instance_uid):
        yield uid, list(own)


def _uid(report: MeasuredReport, series_uid: SeriesUID, number: int) -> SOPInstanceUID:
    """The UID a report has as this number of its series: the same if it says the same.

    Which version of the program says it makes no difference.
    """
    said = replace(report, observer=replace(report.observer, version=""))
    digest = hashlib.sha256(msgspec.msgpack.encode(said)).hexdigest()
    return SOPInstanceUID(derived_uid("report", series_uid, str(number), digest))
