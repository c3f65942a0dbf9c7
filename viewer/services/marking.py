"""Say of what peers have how much of it is here."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from viewer.core.remote import RemoteInstance, RemoteSeries, RemoteStudy

if TYPE_CHECKING:
    from viewer.catalog.presence import Presence

_BATCH: Final = 200


def marked_studies(
    studies: Sequence[RemoteStudy], here: "Presence | None"
) -> tuple[RemoteStudy, ...]:
    """Studies with how many of their instances are here; None marks nothing."""
    if here is None:
        return tuple(studies)
    known = here.of_studies({study.study_uid for study in studies})
    return tuple(replace(one, local=known.get(one.study_uid, 0)) for one in studies)


def marked_series(
    series: Sequence[RemoteSeries], here: "Presence"
) -> tuple[RemoteSeries, ...]:
    """The series of one study with how many of their instances are here."""
    if not series:
        return ()
    known = here.of_series(series[0].study_uid)
    return tuple(replace(one, local=known.get(one.series_uid, 0)) for one in series)


def marked_instances(
    instances: Sequence[RemoteInstance], here: "Presence"
) -> tuple[RemoteInstance, ...]:
    """Instances with 1 where they are here."""
    known: set[str] = set()
    for at in range(0, len(instances), _BATCH):
        part = instances[at : at + _BATCH]
        known |= here.of_instances([one.sop_instance_uid for one in part])
    return tuple(
        replace(one, local=int(one.sop_instance_uid in known)) for one in instances
    )
