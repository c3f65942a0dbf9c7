"""What the drawings of the reading page measure, as soon as their pixels are there."""

from collections import OrderedDict
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from psygnal import Signal

from viewer.core.annotation import Annotation, Shape
from viewer.core.errors import ViewerError
from viewer.core.image import Image
from viewer.core.measurement import Because, Measurement
from viewer.core.measuring import measured
from viewer.dicom.frames import decoded_photometric
from viewer.services.decoding import Decoding, Purpose
from viewer.services.frame_ref import FrameRef
from viewer.services.jobs import Jobs
from viewer.services.session import ReadingSession

if TYPE_CHECKING:
    from viewer.core.identity import SOPInstanceUID
    from viewer.core.records import StoredInstance

Decoded = npt.NDArray[np.generic]

_UNREADABLE = "unreadable"
_KEPT = 1000
_QUICK = 60_000  # pixels that are summed up while the hand moves


class Measuring:
    """Measures drawings; only the thread that changes state calls it.

    Statistics over many pixels are made by a job, the frame is decoded when it is
    not in memory; until then an answer is not `complete`, and `changed` tells when
    there is a better one.

    Attributes
    ----------
    revision : int
        Another number whenever an earlier answer may be a better one now.

    Signals
    -------
    changed : ()
        A measurement is complete now.
    """

    changed = Signal()

    def __init__(self, session: ReadingSession, decoding: Decoding, jobs: Jobs) -> None:
        self._session, self._decoding, self._jobs = session, decoding, jobs
        self._instances: dict[SOPInstanceUID, StoredInstance] = {}
        self._known: OrderedDict[Annotation, Measurement] = OrderedDict()
        self._wanted: dict[str, Annotation] = {}
        self.revision = 0
        session.opened.connect(self._on_opened)

    def of(self, annotation: Annotation) -> Measurement | None:
        """What a drawing measures as far as is known; None if its image is not open."""
        known = self._known.get(annotation)
        if known is not None:
            self._known.move_to_end(annotation)
            return known
        stored = self._instances.get(annotation.sop_instance_uid)
        image = stored.instance.image if stored is not None else None
        if stored is None or image is None:
            return None
        ref = FrameRef(stored.path, image, annotation.frame, stored.stamp)
        decoded = None
        if annotation.shape.reads_pixels:
            decoded = self._decoding.cached(ref)
            if decoded is None:
                return self._later(annotation, image, ref)
        if _is_quick(annotation):
            return self._keep(_measured(annotation, image, decoded))
        return self._by_job(annotation, image, decoded)

    def _later(
        self, annotation: Annotation, image: Image, ref: FrameRef
    ) -> Measurement:
        """Have the frame brought; until it comes, what the points alone say."""
        if self._wanted.get(annotation.uid) != annotation:
            self._wanted[annotation.uid] = annotation
            self._decoding.request(
                ref,
                Purpose.THUMBNAIL,
                lambda _, frame: self._on_frame(annotation, image, frame),
                lambda _, error: self._on_refused(annotation, image, error),
            )
        return measured(annotation, image, None)

    def _by_job(
        self, annotation: Annotation, image: Image, decoded: Decoded | None
    ) -> Measurement:
        """One job a drawing: what the hand does meanwhile is measured after it."""
        busy = annotation.uid in self._wanted
        self._wanted[annotation.uid] = annotation
        if not busy:
            self._start(annotation, image, decoded)
        return measured(annotation, image, None)

    def _start(
        self, annotation: Annotation, image: Image, decoded: Decoded | None
    ) -> None:
        self._jobs.submit(
            partial(_measured, annotation, image, decoded),
            partial(self._on_measured, image, decoded),
            self._on_mistake,
        )

    def _on_measured(
        self, image: Image, decoded: Decoded | None, found: Measurement
    ) -> None:
        wanted = self._wanted.pop(found.annotation.uid, None)
        self._keep(found)
        if wanted is not None and wanted != found.annotation:
            self._wanted[wanted.uid] = wanted
            self._start(wanted, image, decoded)
        self._tell()

    def _on_frame(self, annotation: Annotation, image: Image, frame: Decoded) -> None:
        self._wanted.pop(annotation.uid, None)
        if _is_quick(annotation):
            self._keep(_measured(annotation, image, frame))
            self._tell()
        else:
            self._by_job(annotation, image, frame)

    def _on_refused(
        self, annotation: Annotation, image: Image, error: ViewerError
    ) -> None:
        self._wanted.pop(annotation.uid, None)
        bare = measured(annotation, image, None)
        because = (*bare.because, Because("Values", error.message))
        colour = _UNREADABLE if annotation.shape is Shape.PROBE else ""
        self._keep(replace(bare, because=because, colour=colour, complete=True))
        self._tell()

    def _on_mistake(self, error: BaseException) -> None:
        self._wanted.clear()
        raise error  # to the crash handler

    def _tell(self) -> None:
        self.revision += 1
        self.changed.emit()

    def _keep(self, found: Measurement) -> Measurement:
        self._known[found.annotation] = found
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return found

    def _on_opened(self) -> None:
        self.revision += 1
        self._known.clear()
        self._wanted.clear()
        self._instances = {
            stored.instance.sop_instance_uid: stored
            for study in self._session.studies
            for series in study.series
            for stored in series.instances
        }


def _measured(
    annotation: Annotation, image: Image, decoded: Decoded | None
) -> Measurement:
    return measured(annotation, image, decoded, decoded_photometric(image.pixels))


def _is_quick(annotation: Annotation) -> bool:
    if not annotation.shape.has_area:
        return True
    left, top, right, bottom = annotation.box
    return (right - left) * (bottom - top) <= _QUICK
