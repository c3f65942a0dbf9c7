"""A study laid out for reading: its series, their images, and where the bytes lie."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from viewer.core.annotation import Annotation
from viewer.core.identity import SOPInstanceUID
from viewer.core.listing import StudySummary
from viewer.core.records import SeriesRecord, StoredInstance
from viewer.core.stacks import Stack


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
    """

    record: SeriesRecord
    instances: tuple[StoredInstance, ...]
    stacks: tuple[Stack, ...]
    unavailable: Mapping[SOPInstanceUID, str] = field(default_factory=dict)


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
