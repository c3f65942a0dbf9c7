"""Let open studies grow while their images arrive, without moving anything."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer

from viewer.commands.desk import Desk
from viewer.core.identity import StudyUID
from viewer.core.listing import StudySummary
from viewer.core.opened import OpenStudy

_AFTER_MS = 1000
"""A study of many slices takes some time to lay out: not more often than that."""


@dataclass(frozen=True, slots=True)
class _Grown:
    """What the catalog has by now: of the open studies, and of their patient."""

    uids: tuple[StudyUID, ...]
    studies: Sequence[OpenStudy] | None
    related: Sequence[StudySummary]


class Growing(QObject):
    """Looks, when the catalog has changed, whether more of the open studies is here."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._busy = False
        self._related: Sequence[StudySummary] = ()
        self._soon = QTimer(self, interval=_AFTER_MS, singleShot=True)
        self._soon.timeout.connect(self._look)
        desk.browsing.stale.connect(self._on_stale)

    def close(self) -> None:
        """Look no more."""
        self._desk.browsing.stale.disconnect(self._on_stale)
        self._soon.stop()

    def _on_stale(self) -> None:
        if self._desk.session.studies and not self._soon.isActive():
            self._soon.start()

    def _look(self) -> None:
        if self._busy:
            self._soon.start()
            return
        studies = self._desk.session.studies
        if not any(study.filed for study in studies):
            return
        self._busy = True
        self._desk.jobs.submit(
            lambda: self._grown(studies), self._take, self._on_failed
        )

    def _grown(self, studies: Sequence[OpenStudy]) -> _Grown:
        """What has come since they were opened."""
        uids = tuple(study.summary.study_uid for study in studies)
        first = next(study.summary.study_uid for study in studies if study.filed)
        related = self._desk.library.studies_of_patient(first)
        library = self._desk.library
        known = {s.summary.study_uid: s.summary.instances for s in studies if s.filed}
        now = library.catalog.presence.of_studies(known.keys())
        if all(now.get(uid, 0) <= count for uid, count in known.items()):
            return _Grown(uids, None, related)
        found = [
            library.open_study(study.summary.study_uid)
            if now.get(study.summary.study_uid, 0) > study.summary.instances
            else study
            for study in studies
        ]
        return _Grown(uids, found, related)

    def _take(self, grown: _Grown) -> None:
        self._busy = False
        session = self._desk.session
        if grown.uids != tuple(s.summary.study_uid for s in session.studies):
            return  # others are open by now
        if grown.studies is not None:
            session.renew(grown.studies)
        if grown.related != self._related:
            self._related = grown.related
            session.relate(grown.related)

    def _on_failed(self, error: BaseException) -> None:
        self._busy = False
        self._desk.window.failed(error)
