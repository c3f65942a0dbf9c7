"""Studies that are laid out before they are opened: who looks at one may open it."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from viewer.core.errors import ViewerError

if TYPE_CHECKING:
    from viewer.core.opened import OpenStudy

_LASTS_S: Final = 5.0
"""Files are looked at when a study is laid out; longer ago they are looked at again."""

_AHEAD_S: Final = 2.0
"""What is expected to be opened lasts so long at least: a hand takes its time between
the two clicks, and what expires in between is laid out while the hand waits."""

_KEPT: Final = 2  # what is selected, and what the pointer rests on


@dataclass(frozen=True, slots=True)
class _LaidOut:
    revision: int
    study: "OpenStudy"


@dataclass(frozen=True, slots=True)
class _Prepared:
    begun: float
    laid_out: "Future[_LaidOut]"


class PreparedStudies:
    """The last studies that were prepared, each to be taken once.

    Any thread may use it.

    Parameters
    ----------
    lay_out : callable
        Gives the study of a UID as it is now.
    revision : callable
        The revision of the catalog.
    now : callable, optional
        Seconds, for tests.
    """

    def __init__(
        self,
        lay_out: Callable[[str], "OpenStudy"],
        revision: Callable[[], int],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lay_out, self._revision, self._now = lay_out, revision, now
        self._lock = threading.Lock()
        self._last: dict[str, _Prepared] = {}  # the oldest first

    def prepare(self, study_uid: str) -> "OpenStudy":
        """Lay the study out and keep it for a moment, unless that was just done.

        Raises
        ------
        ViewerError
            If the catalog has no such study.
        """
        new = _Prepared(self._now(), Future())
        # Before anything is asked of the catalog: who opens the study waits for it.
        with self._lock:
            known = self._last.pop(study_uid, None)
            lasts = known is not None and self._age(known) <= _LASTS_S - _AHEAD_S
            ours = known if known is not None and lasts else new
            self._last[study_uid] = ours
            while len(self._last) > _KEPT:
                del self._last[next(iter(self._last))]
        if ours is new:
            self._fulfil(study_uid, new.laid_out)
            return new.laid_out.result().study
        found = ours.laid_out.result()
        if found.revision == self._revision():
            return found.study
        with self._lock:
            if self._last.get(study_uid) is ours:
                del self._last[study_uid]
        return self.prepare(study_uid)

    def taken(self, study_uid: str) -> "OpenStudy | None":
        """The study if it was prepared and nothing has changed since; waits for it."""
        with self._lock:
            known = self._last.pop(study_uid, None)
        if known is None or self._age(known) > _LASTS_S:
            return None
        try:
            found = known.laid_out.result()
        except ViewerError:  # whoever opens it is told what is wrong now
            return None
        return found.study if self._revision() == found.revision else None

    def _age(self, known: _Prepared) -> float:
        return self._now() - known.begun

    def _fulfil(self, study_uid: str, laid_out: "Future[_LaidOut]") -> None:
        try:
            revision = self._revision()
            laid_out.set_result(_LaidOut(revision, self._lay_out(study_uid)))
        except BaseException as error:  # noqa: BLE001 - whoever waits raises it
            laid_out.set_exception(error)
