"""Drawings go into the catalog as they are drawn, off the thread that draws."""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol

from psygnal import Signal

from viewer.core.annotation import Annotation
from viewer.services.jobs import Deliver
from viewer.services.reading_state import NO_DRAWINGS, Drawings, ReadingState
from viewer.services.session import ReadingSession

if TYPE_CHECKING:
    from viewer.core.identity import SOPInstanceUID

Changes = Mapping[str, Annotation | None]
"""By UID: as it is now, or None where it was taken away."""


class Keeper(Protocol):
    """Who keeps drawings: the library."""

    def save_annotations(self, drawn: list[Annotation], taken_away: list[str]) -> None:
        """Keep them; on disk when this returns."""


class Saving:
    """Saves each finished change of the drawings, one after the other.

    What could not be saved is tried again with the next change. Drawings on files
    that no catalog has are not saved at all, and that is said.

    Signals
    -------
    failed : (BaseException)
        Something could not be saved.
    not_kept : ()
        The first drawing on files that the catalog does not have.
    changed : ()
        What is unsaved is not what it was.
    """

    failed = Signal(object)
    not_kept = Signal()
    changed = Signal()

    def __init__(
        self, session: ReadingSession, keeper: Keeper, deliver: Deliver
    ) -> None:
        self._session, self._keeper, self._deliver = session, keeper, deliver
        self._writer = ThreadPoolExecutor(1, "drawings")
        self._seen: Drawings = NO_DRAWINGS
        self._filed: frozenset[SOPInstanceUID] = frozenset()
        self._under_way: dict[str, Annotation | None] = {}
        self._refused: dict[str, Annotation | None] = {}
        self._told = False
        session.opened.connect(self._on_opened)
        session.changed.connect(self._on_changed)

    def is_unsaved(self, annotation: Annotation) -> bool:
        """Whether a drawing is not kept: by no catalog, or not since it failed."""
        loose = annotation.sop_instance_uid not in self._filed
        return loose or annotation.uid in self._refused

    def wait(self) -> None:
        """Return when all that was drawn until now is on disk, or was refused."""
        self._writer.submit(_nothing).result()

    def close(self) -> None:
        """Save what still waits, then end."""
        self._session.changed.disconnect(self._on_changed)
        self._session.opened.disconnect(self._on_opened)
        if self._waiting:
            self._save(self._waiting)
        self._writer.shutdown(wait=True)

    def _on_opened(self) -> None:
        self._seen = self._session.state.drawings
        self._told = False
        self._filed = frozenset(
            stored.instance.sop_instance_uid
            for study in self._session.studies
            if study.filed
            for series in study.series
            for stored in series.instances
        )

    def _on_changed(self, state: ReadingState) -> None:
        before, after = self._seen, state.drawings
        if before is after:
            return
        self._seen = after
        changes = _changes(before, after)
        ours = {
            uid: change
            for uid, change in changes.items()
            if (change or before[uid]).sop_instance_uid in self._filed
        }
        if len(ours) < len(changes) and not self._told:
            self._told = True
            self.not_kept.emit()
        if ours:
            self._save({**self._waiting, **ours})

    @property
    def _waiting(self) -> dict[str, Annotation | None]:
        """What was refused, unless something newer is on its way."""
        return {
            uid: change
            for uid, change in self._refused.items()
            if uid not in self._under_way
        }

    def _save(self, changes: dict[str, Annotation | None]) -> None:
        self._under_way.update(changes)
        drawn = [one for one in changes.values() if one is not None]
        gone = [uid for uid, one in changes.items() if one is None]
        future = self._writer.submit(self._keeper.save_annotations, drawn, gone)
        future.add_done_callback(
            lambda done: self._deliver(lambda: self._on_done(changes, done))
        )

    def _on_done(self, changes: Changes, done: "Future[None]") -> None:
        error = done.exception()
        for uid, change in changes.items():
            if self._under_way.get(uid, change) is not change:
                continue  # a later change is on its way
            self._under_way.pop(uid, None)
            if error is None:
                self._refused.pop(uid, None)
            else:
                self._refused[uid] = change
        self.changed.emit()
        if error is not None:
            self.failed.emit(error)


def _changes(before: Drawings, after: Drawings) -> dict[str, Annotation | None]:
    """What must be written so that one becomes the other."""
    drawn: dict[str, Annotation | None] = {
        uid: one for uid, one in after.items() if before.get(uid) != one
    }
    return drawn | {uid: None for uid in before if uid not in after}


def _nothing() -> None:
    """Wait in the row, do nothing."""
