"""What of the chosen studies somebody must look at, as far as the catalog can tell.

The export itself decides by the files: it may withhold more, never less.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from viewer.core.faces import FaceRisk, face_risk
from viewer.core.identity import StudyUID
from viewer.core.image_classes import lacks_pixels
from viewer.core.records import InstanceRecord, SeriesRecord
from viewer.core.suspicion import suspicion, traits_of
from viewer.services.review_state import Look
from viewer.services.study_order import series_order

if TYPE_CHECKING:  # SQLAlchemy loads when the catalog is opened
    from viewer.catalog.catalog import FiledInstance
    from viewer.services.library import Library


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found before anything leaves.

    Attributes
    ----------
    instances : int
        All that the studies hold.
    looks : tuple of Look
        In the order of the lists.
    reasons : mapping of str to int
        Why somebody must look, as a sentence, and at how many images.
    faces : frozenset of str
        SOP Instance UIDs of what is likely to show a face.
    samples : tuple of str
        One instance of each series, its middle one, to show what would become of it.
    """

    instances: int = 0
    looks: tuple[Look, ...] = ()
    reasons: Mapping[str, int] = field(default_factory=dict)
    faces: frozenset[str] = frozenset()
    samples: tuple[str, ...] = ()


def survey(library: "Library", studies: Sequence[StudyUID]) -> Survey:
    """Look at what the catalog knows of every instance of these studies."""
    looks: list[Look] = []
    reasons: Counter[str] = Counter()
    faces: set[str] = set()
    samples: list[str] = []
    total = 0
    for study_uid in studies:
        filed = library.catalog.filed_series(study_uid)
        for series, members in sorted(filed, key=lambda one: series_order(one[0])):
            ordered = sorted(members, key=_image_order)
            total += len(ordered)
            samples += [
                one.sop_instance_uid for one in ordered[len(ordered) // 2 :][:1]
            ]
            for one in ordered:
                if one.record is None:
                    continue
                if _shows_face(series, one.record):
                    faces.add(one.sop_instance_uid)
                look = _look(study_uid, series, one.record)
                if look is not None:
                    looks.append(look)
                    reasons[look.reason] += 1
    told = dict(reasons.most_common())
    return Survey(total, tuple(looks), told, frozenset(faces), tuple(samples))


def _look(
    study_uid: StudyUID, series: SeriesRecord, record: InstanceRecord
) -> Look | None:
    image = record.image
    if image is None or lacks_pixels(record):
        return None
    why = suspicion(traits_of(series, record))
    if why is None:
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


def _title(series: SeriesRecord, record: InstanceRecord) -> str:
    number = "" if series.number is None else f"series {series.number}"
    image = "an image" if record.number is None else f"image {record.number}"
    return " · ".join(part for part in (series.modality, number, image) if part)


def _shows_face(series: SeriesRecord, record: InstanceRecord) -> bool:
    words = f"{series.description} {series.protocol}"
    risk = face_risk(record.sop_class_uid, series.modality, series.body_part, words)
    return risk is FaceRisk.LIKELY


def _image_order(one: "FiledInstance") -> tuple[bool, int, str]:
    number = one.record.number if one.record is not None else None
    return number is None, number or 0, one.sop_instance_uid


def counted_by_reason(reasons: Iterable[str]) -> dict[str, int]:
    """How often each sentence was said, the most frequent first."""
    return dict(Counter(reasons).most_common())
