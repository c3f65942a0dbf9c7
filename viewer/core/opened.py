"""A study laid out for reading: its series, their images, and where the bytes lie."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from viewer.core.annotation import Annotation
from viewer.core.errors import GeometryError
from viewer.core.identity import SOPInstanceUID
from viewer.core.image_classes import NO_PIXELS, lacks_pixels
from viewer.core.listing import StudySummary
from viewer.core.records import SeriesRecord, StoredInstance
from viewer.core.stacks import Stack
from viewer.core.volume import Volume


@dataclass(frozen=True, slots=True)
class OpenSeries:
    """One series of an open study.

    Attributes
    ----------
    record : SeriesRecord
    instances : tuple of StoredInstance
        Also those without pixels.
    stacks : tuple of Stack
    unavailable : mapping of SOPInstanceUID to str
        The sentence that says why an instance cannot be shown now (file missing).
    missing : int
        How many of its instances a peer has that are not here yet.
    """

    record: SeriesRecord
    instances: tuple[StoredInstance, ...]
    stacks: tuple[Stack, ...]
    unavailable: Mapping[SOPInstanceUID, str] = field(default_factory=dict)
    missing: int = 0

    @property
    def why_empty(self) -> str:
        """Why nothing of it can be shown, in a sentence; empty if there are images."""
        if self.stacks:
            return ""
        reasons = [*self.unavailable.values(), *[NO_PIXELS] * bool(self.headers_alone)]
        return (*reasons, "There are no images in this series.")[0]

    @property
    def headers_alone(self) -> tuple[SOPInstanceUID, ...]:
        """The images without pixel data."""
        every = (stored.instance for stored in self.instances)
        return tuple(one.sop_instance_uid for one in every if lacks_pixels(one))

    def volume(self, stack: Stack) -> Volume:
        """One of its stacks as a grid in the patient.

        Raises
        ------
        GeometryError
            With the reason, if it is none.
        """
        held = {stored.instance.sop_instance_uid: stored for stored in self.instances}
        planes = []
        size = 0, 0
        for frame in stack.frames:
            image = held[frame.sop_instance_uid].instance.image
            plane = None if image is None else image.frame(frame.number).plane
            if image is None or plane is None or frame.position_mm is None:
                raise GeometryError("The images have no place in the patient.")
            planes.append(plane)
            size = image.pixels.columns, image.pixels.rows
        return Volume.from_planes(planes, *size)


@dataclass(frozen=True, slots=True)
class OpenStudy:
    """A study as the reading page needs it.

    Attributes
    ----------
    summary : StudySummary
    series : tuple of OpenSeries
        In the order of its list.
    annotations : tuple of Annotation
        What was drawn on its images before.
    filed : bool
        Whether the catalog has it, and so keeps what is drawn on it.
    """

    summary: StudySummary
    series: tuple[OpenSeries, ...]
    annotations: tuple[Annotation, ...] = ()
    filed: bool = False
