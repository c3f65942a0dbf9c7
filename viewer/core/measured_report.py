"""What the drawings of a study measure, as one report that leaves it."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from viewer.core.identity import SeriesUID, SOPInstanceUID, StudyUID
from viewer.core.image import Image
from viewer.core.measurement import Measurement
from viewer.core.records import SeriesRecord, StoredInstance


@dataclass(frozen=True, slots=True)
class MeasuredImage:
    """An image that something is drawn on.

    Attributes
    ----------
    modality : str
        Of its series, as the file has it.
    frames : int
        At least 1.
    frame_of_reference_uid : str
        Empty if the file states none.
    """

    sop_class_uid: str
    sop_instance_uid: SOPInstanceUID
    series_uid: SeriesUID
    modality: str
    columns: int
    rows: int
    frames: int = 1
    frame_of_reference_uid: str = ""

    @classmethod
    def of(
        cls, series: SeriesRecord, stored: StoredInstance, image: Image
    ) -> "MeasuredImage":
        """What a report says of an image of the catalog."""
        record, pixels = stored.instance, image.pixels
        frame_of_reference = record.frame_of_reference_uid
        return cls(
            record.sop_class_uid,
            record.sop_instance_uid,
            series.series_uid,
            series.modality,
            pixels.columns,
            pixels.rows,
            pixels.frames,
            frame_of_reference or series.frame_of_reference_uid,
        )


@dataclass(frozen=True, slots=True)
class Observer:
    """Who measured, and with what.

    Attributes
    ----------
    person : str
        Raw PN; empty where nobody says so.
    device_uid : str
        Of this installation of the program.
    version : str
        Of the program.
    """

    person: str
    device_uid: str
    version: str


@dataclass(frozen=True, slots=True)
class MeasuredReport:
    """What is said in a report; two that are equal need not both be written.

    Attributes
    ----------
    images : tuple of MeasuredImage
        Everything that is drawn on; at least one.
    measurements : tuple of Measurement
        Complete ones, in the order they were drawn; at least one.
    """

    study_uid: StudyUID
    observer: Observer
    images: tuple[MeasuredImage, ...]
    measurements: tuple[Measurement, ...]


@dataclass(frozen=True, slots=True)
class ReportFiling:
    """Which document a report becomes.

    Attributes
    ----------
    sop_instance_uid : SOPInstanceUID
    series_uid : SeriesUID
    number : int
        Instance Number (0020,0013).
    made_at : datetime
        Local time.
    predecessor : str
        SOP Instance UID of the report of the same series that it replaces; empty for
        the first.
    """

    sop_instance_uid: SOPInstanceUID
    series_uid: SeriesUID
    number: int
    made_at: datetime
    predecessor: str = ""


def tracking_uid(drawing: str) -> str:
    """The UID by which others follow a drawing from report to report; PS3.5 B.2.

    It follows from the drawing's own, wherever and whenever it is asked for.
    """
    try:
        found = uuid.UUID(hex=drawing)
    except ValueError:  # drawn by something that names its drawings in another way
        found = derived_uuid("drawing", drawing)
    return f"2.25.{found.int}"


def derived_uid(*names: str) -> str:
    """A UID that the same names give everywhere, and no others; PS3.5 B.2."""
    return f"2.25.{derived_uuid(*names).int}"


def derived_uuid(*names: str) -> uuid.UUID:
    """A UUID by name; RFC 9562 5.5."""
    return uuid.uuid5(uuid.NAMESPACE_OID, "lightbox/" + "/".join(names))


def to_person_name(typed: str) -> str:
    """What somebody types as a name, as raw PN: ``Roe, Jane`` is ``Roe^Jane``.

    A name without a comma stays whole, as a family name: which of its words is one
    nobody can know.
    """
    text = " ".join(typed.replace("\\", " ").replace("=", " ").split())
    if not text or "^" in text:
        return text
    family, _, given = text.partition(",")
    return f"{family.strip()}^{given.strip()}"
