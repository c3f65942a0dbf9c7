"""What the Studies page asks for and has selected, without Qt.

The page shows this model and passes wishes to it; commands read it.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from psygnal import Signal

from viewer.core.identity import SeriesUID, StudyUID
from viewer.core.listing import SortColumn, StudyQuery, StudySummary


class Place(StrEnum):
    """Where the Studies page looks."""

    LIBRARY = "library"
    TRASH = "trash"
    CONFLICTS = "conflicts"


@dataclass(frozen=True, slots=True)
class BrowsingState:
    """One moment of the Studies page.

    Attributes
    ----------
    place : Place
    query : StudyQuery
        `limit` and `offset` are the table's business, not part of the question.
    selected : tuple of StudySummary
        In the order of the list.
    series_uid : SeriesUID or None
        The series chosen below the list, if any.
    """

    place: Place = Place.LIBRARY
    query: StudyQuery = field(default_factory=StudyQuery)
    selected: tuple[StudySummary, ...] = ()
    series_uid: SeriesUID | None = None

    @property
    def empty_query(self) -> StudyQuery:
        """The question that lists everything here, in the present order."""
        asked = self.query
        return StudyQuery(
            sort=asked.sort,
            descending=asked.descending,
            trashed=self.place is Place.TRASH,
        )


class Browsing:
    """Holds the state of the Studies page and tells when it changed.

    Attributes
    ----------
    opening : object
        The wish that is on its way to the Reading page; None if there is none. What
        arrives for another wish is too late.

    Signals
    -------
    changed : (BrowsingState)
        After any change.
    stale : ()
        The catalog changed: what is listed has to be asked for again.
    """

    changed = Signal(BrowsingState)
    stale = Signal()

    def __init__(self) -> None:
        self.state = BrowsingState()
        self.opening: object = None

    @property
    def selected_uids(self) -> tuple[StudyUID, ...]:
        """The selected studies, in the order of the list."""
        return tuple(study.study_uid for study in self.state.selected)

    def look_in(self, place: Place, *, status: str = "") -> None:
        """Go to a place with an empty question, or to what has one status there."""
        query = StudyQuery(
            trashed=place is Place.TRASH, statuses=(status,) if status else ()
        )
        self._set(BrowsingState(place=place, query=query))

    def ask(self, query: StudyQuery) -> None:
        """List something else; the selection belongs to the old list."""
        if query != self.state.query:
            self._set(replace(self.state, query=query, selected=(), series_uid=None))

    def sort(self, column: SortColumn) -> None:
        """Sort by `column`; again, the other way round. Dates start at the newest."""
        query = self.state.query
        newest_first = column in ("study_date", "added", "instances")
        descending = not query.descending if query.sort == column else newest_first
        self.ask(replace(query, sort=column, descending=descending))

    def select(self, studies: tuple[StudySummary, ...]) -> None:
        """Note what is selected in the list."""
        if studies != self.state.selected:
            self._set(replace(self.state, selected=studies, series_uid=None))

    def choose_series(self, series_uid: SeriesUID | None) -> None:
        """Note which series is chosen below the list."""
        if series_uid != self.state.series_uid:
            self._set(replace(self.state, series_uid=series_uid))

    def refresh(self) -> None:
        """Have the list asked for again."""
        self.stale.emit()

    def _set(self, state: BrowsingState) -> None:
        self.state = state
        self.changed.emit(state)
