"""What goes to a peer where only the key images of studies are meant."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from viewer.core.errors import ViewerError
from viewer.core.remote import RemoteKey
from viewer.services.export_key_images import key_images
from viewer.services.study_order import series_order

if TYPE_CHECKING:  # SQLAlchemy loads when the catalog is opened
    from viewer.catalog.catalog import FiledInstance, FiledSeries
    from viewer.core.records import SeriesRecord
    from viewer.services.library import Library
    from viewer.services.workers import Workers


def keys_of_key_images(
    library: "Library", workers: "Workers", keys: Sequence[RemoteKey]
) -> tuple[RemoteKey, ...]:
    """The key images among these, and the documents that mark them; each once.

    A document may mark images of any of these studies (PS3.3 C.17.6.2.1). Each key
    names one image: a series may grow before it is sent.

    Raises
    ------
    ViewerError
        If none is marked, or a document that marks some cannot be read.
    """
    studies = {
        uid: library.catalog.filed_series(uid)
        for uid in dict.fromkeys(key.study_uid for key in keys)
    }
    every = [one for series in studies.values() for _, own in series for one in own]
    marked = key_images(workers, library, every)
    found = (
        RemoteKey(study_uid, record.series_uid, one.sop_instance_uid)
        for study_uid, series in studies.items()
        for record, own in _in_order(series)
        for one in own
        if one.sop_instance_uid in marked
    )
    chosen = tuple(one for one in found if any(_is_within(one, key) for key in keys))
    if not chosen:
        raise ViewerError(
            "No key images are marked in what was to be sent.",
            hint="A Key Object Selection of the study marks them.",
        )
    return chosen


def _in_order(
    series: "Sequence[FiledSeries]",
) -> "list[tuple[SeriesRecord, list[FiledInstance]]]":
    return [
        (record, sorted(own, key=_number))
        for record, own in sorted(series, key=lambda one: series_order(one[0]))
    ]


def _number(one: "FiledInstance") -> int:
    return (one.record.number if one.record is not None else None) or 0


def _is_within(one: RemoteKey, key: RemoteKey) -> bool:
    return (
        key.study_uid == one.study_uid
        and key.series_uid in ("", one.series_uid)
        and key.sop_instance_uid in ("", one.sop_instance_uid)
    )
