"""The series of the one selected study, kept in step with the selection."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QTimer, Signal

from viewer.commands.desk import Desk
from viewer.commands.retrieving import prefer
from viewer.core.identity import SeriesUID
from viewer.core.listing import SeriesSummary, StudySummary
from viewer.core.remote import RemoteSeries, RemoteStudy
from viewer.services.browsing import Place
from viewer.ui.actions import Actions
from viewer.ui.browser.series_strip import PictureSource, SeriesModel, SeriesStrip

_AFTER_MS = 60  # holding an arrow key down asks for the series where it stops


class SeriesPane(SeriesStrip):
    """Lists the series when one study is selected; a double click reads one.

    Signals
    -------
    looked_at : (str)
        The UID of a study of the catalog: it is selected alone and may be opened next.
    """

    looked_at = Signal(str)

    def __init__(self, desk: Desk, actions: Actions, pictures: PictureSource) -> None:
        self.series = SeriesModel()
        super().__init__(self.series)
        self.series.setParent(self)
        self._desk, self._actions, self._pictures = desk, actions, pictures
        self._shown: StudySummary | RemoteStudy | None = None
        self._told: tuple[RemoteSeries, ...] = ()
        self._soon = QTimer(self, interval=_AFTER_MS, singleShot=True)
        self._soon.timeout.connect(self._ask)
        self.series.wanted.connect(self._ask_picture)
        self.clicked.connect(self._choose)
        self.doubleClicked.connect(self._open)

    def follow(self) -> None:
        """Show the series of what is selected now.

        At once: who clicks may click again and open it. While the selection goes on
        moving, only of what it comes to rest on.
        """
        if not self._soon.isActive():
            self._ask()
        if self._selected():
            self._soon.start()

    def catch_up(self, *_: object) -> None:
        """Do so at once: what is pressed is no passing selection."""
        self._soon.stop()
        self._ask()

    def _choose(self) -> None:
        series_uid = self.series_at(self.currentIndex())
        self._desk.browsing.choose_series(series_uid)
        if series_uid is not None:
            prefer(self._desk, series_uid)

    def _open(self) -> None:
        self._choose()
        self._actions.run("studies.open")

    def _selected(self) -> Sequence[StudySummary | RemoteStudy]:
        state = self._desk.browsing.state
        return state.remote if state.place is Place.PEERS else state.selected

    def _ask(self) -> None:
        selected = self._selected()
        if len(selected) != 1:
            self._shown = None
            self.series.show_series(())
        elif selected[0] == self._shown:
            return
        elif isinstance(selected[0], RemoteStudy):
            self._ask_peer(selected[0])
        else:
            self._shown = study = selected[0]
            find = partial(self._desk.library.series, study.study_uid)
            show = partial(self._show, study)
            self.looked_at.emit(study.study_uid)
            self._desk.jobs.submit(find, show, self._desk.window.failed)

    def _ask_peer(self, study: RemoteStudy) -> None:
        """List what a peer has of a study; what is here has its picture too."""
        same = _is_same(self._shown, study)
        self._shown = study
        show = partial(self._show_told, study)
        if same and self._told:  # more of it is here: the peer has said what it has
            work = partial(self._desk.remote.marked_series, self._told)
            self._desk.jobs.submit(work, show, self._desk.window.failed)
            return
        self._told = ()
        self.series.show_series(())
        self._desk.remote.ask_series(study, show, _told_elsewhere)

    def _show_told(self, study: RemoteStudy, found: Sequence[RemoteSeries]) -> None:
        if study != self._shown:
            return
        self._told = tuple(found)
        self.series.forget_reasons()
        for one in found:
            if not one.local:
                self.series.set_picture(one.series_uid, f"at {one.peer}")
        self._list([_to_summary(one) for one in found])

    def _show(self, study: StudySummary, series: Sequence[SeriesSummary]) -> None:
        if study == self._shown:
            self._list(series)

    def _list(self, series: Sequence[SeriesSummary]) -> None:
        """Show these; the chosen one stays chosen."""
        chosen = self._desk.browsing.state.series_uid
        self.series.show_series(series)
        for row, one in enumerate(series):
            if one.series_uid == chosen:
                self.setCurrentIndex(self.series.index(row))

    def _ask_picture(self, series_uid: SeriesUID) -> None:
        if self._shown is not None:
            show = partial(self.series.set_picture, series_uid)
            self._pictures(self._shown.study_uid, series_uid, show)


def _to_summary(one: RemoteSeries) -> SeriesSummary:
    told = one.instances or 0
    return SeriesSummary(
        one.series_uid,
        one.modality,
        one.number,
        one.description,
        one.body_part,
        one.laterality,
        told,
        told,
    )


def _is_same(shown: object, study: RemoteStudy) -> bool:
    return isinstance(shown, RemoteStudy) and shown.study_uid == study.study_uid


def _told_elsewhere(_: BaseException) -> None:
    """The line above the list says what is wrong with the peer."""
