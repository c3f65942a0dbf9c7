"""Lay a study out for reading: series in order, their images in stacks."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from viewer.core.errors import ViewerError
from viewer.core.identity import SOPInstanceUID
from viewer.core.listing import ConflictKind
from viewer.core.opened import OpenSeries, OpenStudy
from viewer.core.records import SeriesRecord, StoredInstance
from viewer.core.series_faults import not_all_here, other_patient, without_pixels
from viewer.core.stacking import to_stacks
from viewer.services.refreshing import refreshed
from viewer.services.study_order import series_order

if TYPE_CHECKING:  # SQLAlchemy loads when the catalog is opened
    from viewer.catalog.catalog import FiledInstance
    from viewer.services.library import Library


def open_study(library: "Library", study_uid: str) -> OpenStudy:
    """The study as its files are now; see `Library.open_study`."""
    summary = library.study(study_uid)  # known at all
    strangers = Counter(
        conflict.series_uid
        for conflict in library.conflicts(study_uid)
        if conflict.kind is ConflictKind.OTHER_PATIENT
    )
    before = library.catalog.filed_series(study_uid)
    answers = refreshed(library, [one for _, filed in before for one in filed])
    missing = library.catalog.expected.missing(study_uid)
    opened = [
        _partial(
            _open_series(record, filed, answers, strangers[record.series_uid]),
            missing.get(record.series_uid, 0),
        )
        for record, filed in before
    ]
    if any(_is_new(one, answers) for _, filed in before for one in filed):
        summary = library.study(study_uid)  # a file that was indexed anew changed it
    drawn = library.catalog.annotations.of_study(study_uid)
    return OpenStudy(summary, in_order(opened), drawn, filed=True)


def _is_new(
    filed: "FiledInstance", answers: dict[SOPInstanceUID, StoredInstance | ViewerError]
) -> bool:
    """Whether the file of an instance was not what the catalog knew of it."""
    answer = answers[filed.sop_instance_uid]
    is_same = isinstance(answer, StoredInstance) and answer.instance is filed.record
    return not is_same


def _partial(series: OpenSeries, missing: int) -> OpenSeries:
    """A series of which peers have more, marked so on each of its stacks."""
    if not missing:
        return series
    told = not_all_here(len(series.instances), missing)
    marked = tuple(replace(one, faults=(told, *one.faults)) for one in series.stacks)
    return replace(series, stacks=marked, missing=missing)


def in_order(series: Iterable[OpenSeries]) -> tuple[OpenSeries, ...]:
    """The series as a list shows them."""
    return tuple(sorted(series, key=lambda one: series_order(one.record)))


def _open_series(
    record: SeriesRecord,
    filed: "Sequence[FiledInstance]",
    answers: dict[SOPInstanceUID, StoredInstance | ViewerError],
    strangers: int,
) -> OpenSeries:
    instances: list[StoredInstance] = []
    unavailable: dict[SOPInstanceUID, str] = {}
    for known in filed:
        answer = answers[known.sop_instance_uid]
        if isinstance(answer, StoredInstance):
            instances.append(answer)
            continue
        unavailable[known.sop_instance_uid] = answer.message
        if known.record is not None:  # it keeps its place, and says why it is empty
            instances.append(StoredInstance(known.record, known.path, known.stamp))
    return lay_out(record, instances, unavailable, strangers)


def lay_out(
    record: SeriesRecord,
    instances: Iterable[StoredInstance],
    unavailable: dict[SOPInstanceUID, str],
    strangers: int = 0,
) -> OpenSeries:
    """A series with its images by number and in stacks.

    Parameters
    ----------
    record : SeriesRecord
    instances : iterable of StoredInstance
    unavailable : dict
        Why an instance cannot be shown.
    strangers : int
        How many files under the UID of this series name another patient.
    """
    ordered = sorted(instances, key=_instance_order)
    stacks = to_stacks(
        record.series_uid, [stored.instance for stored in ordered], record.description
    )
    series = OpenSeries(record, tuple(ordered), stacks, unavailable)
    bare = len(series.headers_alone)
    told = [other_patient(strangers)] * bool(strangers)
    told += [without_pixels(bare)] * bool(bare)
    if not told:
        return series
    marked = tuple(replace(one, faults=(*told, *one.faults)) for one in stacks)
    return replace(series, stacks=marked)


def _instance_order(stored: StoredInstance) -> tuple[bool, int, str]:
    record = stored.instance
    number = record.number
    return (number is None, number or 0, record.sop_instance_uid)
