"""Notice that the catalog changed, here or in another process."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from viewer.services.jobs import Jobs
from viewer.services.library import Library

_LOOK_MS = 2000
_TOGETHER_MS = 250  # an import changes it many times a second


class CatalogWatch(QObject):
    """Calls `changed` on the GUI thread, a few times a second at most.

    A change made here is known at once; those of other processes (an import from the
    command line) are found by asking for the revision now and then, off this thread.
    """

    def __init__(
        self,
        library: Library,
        jobs: Jobs,
        post: Callable[[Callable[[], None]], None],
        changed: Callable[[], None],
    ) -> None:
        super().__init__()
        self._library = library
        self._jobs = jobs
        self._changed = changed
        self._revision: int | None = None
        self._asking = False
        self._together = QTimer(self, interval=_TOGETHER_MS, singleShot=True)
        self._together.timeout.connect(self._tell)
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self._ask)
        self._look.start()
        self._post = post
        library.changed.connect(self._on_changed)

    def close(self) -> None:
        """Look no more."""
        self._library.changed.disconnect(self._on_changed)
        self._look.stop()
        self._together.stop()

    def _on_changed(self) -> None:
        self._post(self._start)  # emitted on the thread that changed it

    def _start(self) -> None:
        if not self._together.isActive():
            self._together.start()

    def _tell(self) -> None:
        self._changed()

    def _ask(self) -> None:
        if not self._asking:
            self._asking = True
            self._jobs.submit(self._library.revision, self._compare, self._forget)

    def _compare(self, revision: int) -> None:
        self._asking = False
        if self._revision not in (None, revision):
            self._start()
        self._revision = revision

    def _forget(self, _: BaseException) -> None:
        self._asking = False  # the next search will say why
