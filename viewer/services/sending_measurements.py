"""What goes to a peer where only what was measured is meant: a report a study."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from viewer import __version__
from viewer.core.errors import ViewerError
from viewer.core.identity import StudyUID
from viewer.core.measured_report import Observer, to_person_name
from viewer.core.remote import RemoteKey
from viewer.services.measured_reports import ReportMaking
from viewer.services.station import station_uid

if TYPE_CHECKING:  # SQLAlchemy loads when the catalog is opened
    from viewer.services.library import Library
    from viewer.services.workers import Workers


def keys_of_measurements(
    library: "Library", workers: "Workers", keys: Sequence[RemoteKey], person: str
) -> tuple[RemoteKey, ...]:
    """The reports of what was measured in the studies of these; each once.

    A report is of the whole study, also where only a series of it is named, and is in
    the catalog when this returns.

    Parameters
    ----------
    library : Library
    workers : Workers
    keys : sequence of RemoteKey
    person : str
        Who measured, as typed; empty where nobody says so.

    Raises
    ------
    ViewerError
        If nothing was measured, an image that was cannot be read, or its study lies in
        the trash: its report would bring it back.
    """
    observer = Observer(
        to_person_name(person), station_uid(library.data_dir), __version__
    )
    making = ReportMaking(library, workers, observer)
    studies = dict.fromkeys(key.study_uid for key in keys)
    _check_listed(library, studies)
    found = tuple(one for one in map(making.filed, studies) if one is not None)
    if not found:
        raise ViewerError(
            "Nothing was measured in what was to be sent.",
            hint="Draw on an image: lengths, angles and areas become a report.",
        )
    return found


def _check_listed(library: "Library", studies: Collection[StudyUID]) -> None:
    """Refuse before any report is made what nobody would look for in the list."""
    listed = library.catalog.presence.of_studies(studies)
    drawings = library.catalog.annotations
    if any(drawings.of_study(uid) for uid in studies if uid not in listed):
        raise ViewerError(
            "A study that was measured lies in the trash, so nothing was sent.",
            hint="Restore it from the trash, then send.",
        )
