"""What of the chosen studies somebody must look at, as far as the catalog can tell.

The export itself decides by the files: it may withhold more, never less.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from viewer.core.deidentification import Option, Policy
from viewer.core.faces import FaceRisk, face_risk
from viewer.core.identity import SOPInstanceUID, StudyUID
from viewer.core.image_classes import lacks_pixels
from viewer.core.records import InstanceRecord, SeriesRecord
from viewer.core.review import Reviews, Verdict
from viewer.core.suspicion import Suspicion, suspicion, traits_of
from viewer.core.withholding import Reason
from viewer.services.review_state import Look
from viewer.services.study_order import series_order

if TYPE_CHECKING:  # SQLAlchemy loads when the catalog is opened
    from viewer.catalog.catalog import FiledInstance
    from viewer.services.library import Library

_DOCUMENTS: Final = "1.2.840.10008.5.1.4.1.1.104."
_REPORTS: Final = "1.2.840.10008.5.1.4.1.1.88."
_VIDEO: Final = "1.2.840.10008.1.2.4.10"  # MPEG-2, MPEG-4 and HEVC; PS3.6 A


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What is known of one instance before its file is read.

    Attributes
    ----------
    look : Look or None
        Why somebody must look at it.
    shows_face : bool
        Whether that is likely.
    stays : Reason or None
        Why it cannot be cleaned, whoever looks at it.
    """

    look: Look | None = None
    shows_face: bool = False
    stays: Reason | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """One instance of a series, to show what would become of it."""

    sop_instance_uid: SOPInstanceUID
    title: str


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found before anything leaves.

    Attributes
    ----------
    instances : tuple of Surveyed
        All that the studies hold, in the order of the lists.
    samples : tuple of Sample
        The middle one of each series.
    """

    instances: tuple[Surveyed, ...] = ()
    samples: tuple[Sample, ...] = ()

    @property
    def looks(self) -> tuple[Look, ...]:
        """What somebody must look at."""
        return tuple(one.look for one in self.instances if one.look is not None)

    @property
    def reasons(self) -> Mapping[str, int]:
        """Why somebody must look, as a sentence, and at how many images."""
        return dict(Counter(look.reason for look in self.looks).most_common())

    @property
    def faces(self) -> int:
        """How many images are likely to show a face."""
        return sum(one.shows_face for one in self.instances)


@dataclass(frozen=True, slots=True)
class Forecast:
    """How many would leave now, and why the others would stay."""

    total: int
    stays: Mapping[Reason, int]

    @property
    def leaves(self) -> int:
        """How many would leave."""
        return self.total - sum(self.stays.values())


def survey(
    library: "Library",
    studies: Sequence[StudyUID],
    unseen: Collection[str] = (),
) -> Survey:
    """Look at what the catalog knows of every instance of these studies.

    Parameters
    ----------
    library : Library
    studies : sequence of StudyUID
    unseen : collection of str
        SOP Instance UIDs of what an export has withheld until somebody looks at it:
        its file says more than the catalog knows.
    """
    found: list[Surveyed] = []
    samples: list[Sample] = []
    for study_uid in studies:
        filed = library.catalog.filed_series(study_uid)
        for series, members in sorted(filed, key=lambda one: series_order(one[0])):
            ordered = sorted(members, key=_image_order)
            found += [
                _surveyed(study_uid, series, one.record, unseen) for one in ordered
            ]
            for one in ordered[len(ordered) // 2 :][:1]:
                title = _title(series, one.record)
                samples.append(Sample(one.sop_instance_uid, title))
    return Survey(tuple(found), tuple(samples))


def forecast(found: Survey, policy: Policy, reviews: Reviews) -> Forecast:
    """What would leave under a policy, with what was reviewed so far."""
    stays = Counter(
        reason
        for one in found.instances
        if (reason := _why_stays(one, policy, reviews)) is not None
    )
    return Forecast(len(found.instances), dict(stays.most_common()))


def _why_stays(one: Surveyed, policy: Policy, reviews: Reviews) -> Reason | None:
    structured = Option.CLEAN_STRUCTURED_CONTENT in policy.options
    kept = {
        Reason.DOCUMENT: policy.keep_documents,
        Reason.VIDEO: policy.keep_video,
        Reason.STRUCTURED: structured,
    }
    if one.stays is not None and not kept[one.stays]:
        return one.stays
    look = one.look
    if look is not None:
        said = reviews.review_of(
            look.sop_instance_uid, look.series_uid, look.columns, look.rows
        )
        if said is None or said.verdict is Verdict.PROPOSED:
            return Reason.NOT_REVIEWED
        if said.verdict is Verdict.WITHHELD:
            return Reason.REVIEWER
    return Reason.FACE if one.shows_face and policy.withhold_faces else None


def _surveyed(
    study_uid: StudyUID,
    series: SeriesRecord,
    record: InstanceRecord | None,
    unseen: Collection[str],
) -> Surveyed:
    if record is None:
        return Surveyed()
    why = suspicion(traits_of(series, record))
    if why is None and record.sop_instance_uid in unseen:
        why = Suspicion.STATED
    return Surveyed(
        _look(study_uid, series, record, why),
        _shows_face(series, record),
        _cannot_be_cleaned(record),
    )


def _cannot_be_cleaned(record: InstanceRecord) -> Reason | None:
    if record.sop_class_uid.startswith(_DOCUMENTS):
        return Reason.DOCUMENT
    if record.transfer_syntax_uid.startswith(_VIDEO):
        return Reason.VIDEO
    structured = record.sop_class_uid.startswith(_REPORTS)
    return Reason.STRUCTURED if structured else None


def _look(
    study_uid: StudyUID,
    series: SeriesRecord,
    record: InstanceRecord,
    why: Suspicion | None,
) -> Look | None:
    image = record.image
    if why is None or image is None or lacks_pixels(record):
        return None
    pixels = image.pixels
    return Look(
        study_uid,
        series.series_uid,
        record.sop_instance_uid,
        pixels.columns,
        pixels.rows,
        pixels.frames,
        _title(series, record),
        why.sentence,
    )


def _title(series: SeriesRecord, record: InstanceRecord | None) -> str:
    number = "" if series.number is None else f"series {series.number}"
    known = None if record is None else record.number
    image = "an image" if known is None else f"image {known}"
    return " · ".join(part for part in (series.modality, number, image) if part)


def _shows_face(series: SeriesRecord, record: InstanceRecord) -> bool:
    if record.image is None:
        return False
    words = f"{series.description} {series.protocol}"
    risk = face_risk(record.sop_class_uid, series.modality, series.body_part, words)
    return risk is FaceRisk.LIKELY


def _image_order(one: "FiledInstance") -> tuple[bool, int, str]:
    number = one.record.number if one.record is not None else None
    return number is None, number or 0, one.sop_instance_uid
