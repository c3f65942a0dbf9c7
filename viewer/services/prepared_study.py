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

_KEPT: Final = 2  # what is selected, and what the pointer rests on


@dataclass(frozen=True, slots=True)
class _Prepared:
    revision: int
    begun: float
    laid_out: "Future[OpenStudy]"

    def holds(self, revision: int) -> bool:
        """Whether it is still what laying out anew would give."""
        return self.revision == revision and time.monotonic() - self.begun <= _LASTS_S


class PreparedStudies:
    """The last studies that were prepared, each to be taken once.

    Any thread may use it.

    Parameters
    ----------
    lay_out : callable
        Gives the study of a UID as it is now.
    revision : callable
        The revision of the catalog.
    """

    def __init__(
        self, lay_out: Callable[[str], "OpenStudy"], revision: Callable[[], int]
    ) -> None:
        self._lay_out, self._revision = lay_out, revision
        self._lock = threading.Lock()
        self._last: dict[str, _Prepared] = {}  # the oldest first

    def prepare(self, study_uid: str) -> "OpenStudy":
        """Lay the study out and keep it for a moment, unless that was just done.

        Raises
        ------
        ViewerError
            If the catalog has no such study.
        """
        revision = self._revision()
        new = _Prepared(revision, time.monotonic(), Future())
        with self._lock:
            known = self._last.pop(study_uid, None)
            ours = known if known is not None and known.holds(revision) else new
            self._last[study_uid] = ours
            while len(self._last) > _KEPT:
                del self._last[next(iter(self._last))]
        if ours is new:
            self._fulfil(study_uid, new.laid_out)
        return ours.laid_out.result()

    def taken(self, study_uid: str) -> "OpenStudy | None":
        """The study if it was prepared and nothing has changed since; waits for it."""
        with self._lock:
            known = self._last.pop(study_uid, None)
        if known is None or not known.holds(known.revision):
            return None
        try:
            study = known.laid_out.result()
        except ViewerError:  # whoever opens it is told what is wrong now
            return None
        return study if self._revision() == known.revision else None

    def _fulfil(self, study_uid: str, laid_out: "Future[OpenStudy]") -> None:
        try:
            laid_out.set_result(self._lay_out(study_uid))
        except BaseException as error:  # noqa: BLE001 - whoever waits raises it
            laid_out.set_exception(error)
