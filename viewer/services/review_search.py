"""Look for writing in the images under review, and lay boxes on what is found."""

from collections.abc import Callable, Generator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from typing_extensions import override

from viewer.core.counts import counted
from viewer.core.errors import Cancelled
from viewer.services.jobs import Silent
from viewer.services.review_session import ReviewSession
from viewer.services.review_state import Look, ReviewState
from viewer.services.streaming import Stream, Streams

if TYPE_CHECKING:
    from viewer.services.library import Library
    from viewer.services.proposing import Proposal
    from viewer.services.workers import Workers


class _UntilCancelled(Silent):
    """Ends a work that asks whether it may go on."""

    def __init__(self, cancelled: Callable[[], bool]) -> None:
        self._cancelled = cancelled

    @override
    def checkpoint(self) -> None:
        if self._cancelled():
            raise Cancelled


class ReviewSearch:
    """Begins when images are to be looked through, and follows the session.

    Only the thread that `Streams` delivers to uses it.

    Parameters
    ----------
    library, workers : Library, Workers
    streams : Streams
        Gives the thread it runs on.
    session : ReviewSession
    failed : callable
        Hears of mistakes; an image that cannot be searched is no mistake.
    """

    def __init__(
        self,
        library: "Library",
        workers: "Workers",
        streams: Streams,
        session: ReviewSession,
        failed: Callable[[BaseException], None],
    ) -> None:
        self._library, self._workers, self._streams = library, workers, streams
        self._session, self._failed = session, failed
        self._stream: Stream[Proposal] | None = None
        self._left = self._unsearched = 0
        session.begun.connect(self._begin)

    def close(self) -> None:
        """Look for nothing any more."""
        self._session.begun.disconnect(self._begin, missing_ok=True)
        self._stop()

    def _begin(self, state: ReviewState) -> None:
        self._stop()
        said = state.reviews.of_instance
        looks = [
            look
            for look in state.looks
            if look.sop_instance_uid not in said and not state.is_seen(look)
        ]
        self._left, self._unsearched = len(looks), 0
        if looks:
            self._tell()
            work = partial(_proposals, self._library, self._workers, looks)
            self._stream = self._streams.start(work, self._take, self._end, "proposing")

    def _stop(self) -> None:
        if self._stream is not None:
            self._stream.cancel()
            self._stream = None

    def _take(self, found: "Proposal") -> None:
        self._left -= 1
        self._unsearched += bool(found.failure)
        self._session.propose(found.uid, found.review.boxes)
        self._tell()

    def _end(self, error: BaseException | None) -> None:
        self._stream = None
        self._left = 0
        self._tell()
        if error is not None:
            self._failed(error)

    def _tell(self) -> None:
        from viewer.services.text_finding import is_available  # noqa: PLC0415 - slow

        if self._left > 0:
            words = f"Looking for writing, {counted(self._left, 'image')} left"
        elif not is_available():
            words = "Writing is not looked for: the extra ocr is not installed"
        elif self._unsearched:
            images = counted(self._unsearched, "image")
            words = f"Writing could not be looked for in {images}"
        else:
            words = ""
        self._session.note(words)


def _proposals(
    library: "Library",
    workers: "Workers",
    looks: Sequence[Look],
    cancelled: Callable[[], bool],
) -> "Generator[Proposal, None, None]":
    from viewer.services.proposing import (  # noqa: PLC0415 - loads the codecs
        Proposing,
        candidates_of,
    )

    order = {look.sop_instance_uid: at for at, look in enumerate(looks)}
    studies = dict.fromkeys(look.study_uid for look in looks)
    found = [one for one in candidates_of(library, studies) if one.uid in order]
    found.sort(key=lambda one: order[one.uid])
    yield from Proposing(workers).run(found, _UntilCancelled(cancelled))
