"""What the Studies page asks for and has selected, without Qt.

The page shows this model and passes wishes to it; commands read it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from psygnal import Signal

from viewer.core.identity import SeriesUID, StudyUID
from viewer.core.listing import SortColumn, StudyQuery, StudySummary
from viewer.core.remote import RemoteStudy


class Place(StrEnum):
    """Where the Studies page looks."""

    LIBRARY = "library"
    TRASH = "trash"
    CONFLICTS = "conflicts"
    PEERS = "peers"


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
    peers : tuple of str
        Names of the peers that are asked, at `Place.PEERS`.
    asks_all : bool
        Whether they are asked for everything where the question is empty.
    remote : tuple of RemoteStudy
        What is selected of what they have.
    """

    place: Place = Place.LIBRARY
    query: StudyQuery = field(default_factory=StudyQuery)
    selected: tuple[StudySummary, ...] = ()
    series_uid: SeriesUID | None = None
    peers: tuple[str, ...] = ()
    asks_all: bool = False
    remote: tuple[RemoteStudy, ...] = ()

    @property
    def asks_peers(self) -> bool:
        """Whether peers are asked anything; all of an archive only on demand."""
        asked = self.query != self.empty_query or self.asks_all
        return self.place is Place.PEERS and asked

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
    awaited : tuple or None
        Study and series that are opened as soon as something of them has come.

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
        self.awaited: tuple[StudyUID, SeriesUID | None] | None = None

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

    def look_at_peers(self, names: tuple[str, ...]) -> None:
        """Ask these peers what is asked here; what only the catalog knows goes."""
        asked = self.state.query
        query = replace(asked, statuses=(), institutions=(), tags=(), trashed=False)
        self._set(BrowsingState(place=Place.PEERS, query=query, peers=names))

    def ask_all(self) -> None:
        """Ask the peers for everything."""
        self._set(replace(self.state, asks_all=True))

    def ask(self, query: StudyQuery) -> None:
        """List something else; the selection belongs to the old list."""
        if query != self.state.query:
            self._set(
                replace(
                    self.state,
                    query=query,
                    selected=(),
                    series_uid=None,
                    asks_all=False,
                    remote=(),
                )
            )

    def sort(self, column: SortColumn) -> None:
        """Sort by `column`; again, the other way round. Dates start at the newest."""
        query = self.state.query
        newest_first = column in ("study_date", "added", "instances")
        descending = not query.descending if query.sort == column else newest_first
        query = replace(query, sort=column, descending=descending)
        if self.state.place is Place.PEERS:  # what came is sorted here
            self._set(replace(self.state, query=query))
        else:
            self.ask(query)

    def select(self, studies: tuple[StudySummary, ...]) -> None:
        """Note what is selected in the list; the same studies may have grown."""
        before = self.state.selected
        if studies != before:
            chosen = self.state.series_uid if _are_same(studies, before) else None
            self._set(replace(self.state, selected=studies, series_uid=chosen))

    def select_remote(self, studies: tuple[RemoteStudy, ...]) -> None:
        """Note what is selected of what peers have."""
        before = self.state.remote
        if studies != before:
            chosen = self.state.series_uid if _are_same(studies, before) else None
            self._set(replace(self.state, remote=studies, series_uid=chosen))

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


def _are_same(
    one: Sequence[StudySummary | RemoteStudy],
    other: Sequence[StudySummary | RemoteStudy],
) -> bool:
    return [each.study_uid for each in one] == [each.study_uid for each in other]
