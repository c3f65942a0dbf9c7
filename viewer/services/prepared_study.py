"""A study that is laid out before it is opened: who selects one is likely to."""

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


@dataclass(frozen=True, slots=True)
class _Prepared:
    study_uid: str
    revision: int
    begun: float
    laid_out: "Future[OpenStudy]"


class PreparedStudy:
    """The last study that was prepared, to be taken once. Any thread may use it.

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
        self._last: _Prepared | None = None

    def prepare(self, study_uid: str) -> "OpenStudy":
        """Lay the study out and keep it for a moment.

        Raises
        ------
        ViewerError
            If the catalog has no such study.
        """
        laid_out: Future[OpenStudy] = Future()
        began = time.monotonic()
        with self._lock:
            self._last = _Prepared(study_uid, self._revision(), began, laid_out)
        try:
            study = self._lay_out(study_uid)
        except BaseException as error:
            laid_out.set_exception(error)
            raise
        laid_out.set_result(study)
        return study

    def taken(self, study_uid: str) -> "OpenStudy | None":
        """The study if it was prepared and nothing has changed since; waits for it."""
        with self._lock:
            last = self._last
            if last is None or last.study_uid != study_uid:
                return None
            self._last = None
        if time.monotonic() - last.begun > _LASTS_S:
            return None
        try:
            study = last.laid_out.result()
        except ViewerError:  # whoever opens it is told what is wrong now
            return None
        return study if self._revision() == last.revision else None
