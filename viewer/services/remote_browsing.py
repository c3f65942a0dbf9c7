"""What the Studies page finds at peers, without Qt.

A new question calls the old one off; a peer that fails is a sentence beside the
answers of the others.
"""

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from psygnal import Signal

from viewer.core.errors import EnvironmentFailure, ViewerError
from viewer.core.listing import StudyQuery
from viewer.core.remote import RemoteKey, RemoteSeries, RemoteStudy
from viewer.services.logins import Logins
from viewer.services.peers import Peers
from viewer.services.secrets import Secrets

if TYPE_CHECKING:  # the wire and SQLAlchemy load when they are needed
    from viewer.services.library import Library
    from viewer.services.querying import Answered, Asked, Event
    from viewer.services.streaming import Stream, Streams

MOST = 10_000
"""Studies that are listed of one peer."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """How far the present question is.

    Attributes
    ----------
    running : bool
    silent : tuple of str
        Peers that have not said all they had to say.
    more : tuple of str
        Peers that have more than are listed.
    faults : tuple of ViewerError
        Why peers could not answer.
    """

    running: bool = False
    silent: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    faults: tuple[ViewerError, ...] = ()


class RemoteBrowsing:
    """Asks peers what they have; only the delivering thread calls it.

    Signals
    -------
    began : ()
        Another question is asked: what was found before is no answer to it.
    found : (tuple of RemoteStudy)
    changed : (Inquiry)
    """

    began = Signal()
    found = Signal(tuple)
    changed = Signal(Inquiry)

    def __init__(self, library: "Library", streams: "Streams") -> None:
        self._library, self._streams = library, streams
        self._stream: Stream[Event] | None = None
        self._below: Stream[tuple[RemoteSeries, ...]] | None = None
        self.inquiry = Inquiry()

    def ask(self, peers: Sequence[str], query: StudyQuery) -> None:
        """Ask these peers at once."""
        self._call_off()
        query = replace(query, limit=MOST, offset=0)
        self.began.emit()
        self._set(Inquiry(running=bool(peers), silent=tuple(peers)))
        if peers:
            self._stream = self._streams.start(
                lambda cancel: self._found(peers, query, cancel),
                self._take,
                self._end,
                "query",
            )

    def stop(self) -> None:
        """Ask no more; what was found stays."""
        self._call_off()
        if self.inquiry.running:
            self._set(replace(self.inquiry, running=False, silent=()))

    def ask_series(
        self,
        study: RemoteStudy,
        done: Callable[[tuple[RemoteSeries, ...]], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Have `done` called with the series of a study, and what of them is here."""
        if self._below is not None:
            self._below.cancel()
        self._below = self._streams.ask(
            lambda cancel: self._series(study.peer, study.key, cancel),
            done,
            failed,
            "query series",
        )

    def marked(self, studies: Sequence[RemoteStudy]) -> tuple[RemoteStudy, ...]:
        """The same studies with what of them is here now; any thread may ask."""
        from viewer.services.marking import marked_studies  # noqa: PLC0415 - SQLAlchemy

        here = self._library.catalog.presence
        fresh: list[RemoteStudy] = []
        for at in range(0, len(studies), 200):
            fresh += marked_studies(studies[at : at + 200], here)
        return tuple(fresh)

    def marked_series(self, series: Sequence[RemoteSeries]) -> tuple[RemoteSeries, ...]:
        """The same series with what of them is here now; any thread may ask."""
        from viewer.services.marking import marked_series  # noqa: PLC0415 - SQLAlchemy

        return marked_series(series, self._library.catalog.presence)

    def _found(
        self, names: Sequence[str], query: StudyQuery, cancel: Callable[[], bool]
    ) -> "Generator[Event, None, None]":
        from viewer.services.querying import find_studies  # noqa: PLC0415 - the wire

        asked, refused = self._asked(names)
        yield from refused
        here = self._library.catalog.presence
        with closing(find_studies(asked, query, here=here, cancel=cancel)) as events:
            yield from events

    def _asked(
        self, names: Sequence[str]
    ) -> "tuple[Sequence[Asked], Sequence[Answered]]":
        """The peers with their passcodes; a keyring that is locked fails its peer."""
        from viewer.services.querying import Answered, Asked  # noqa: PLC0415 - the wire

        peers, secrets = self._library.data_dir, Secrets(self._library.data_dir)
        logins = Logins(self._library.data_dir)
        asked: list[Asked] = []
        refused: list[Answered] = []
        for name in names:
            try:
                peer = Peers(peers).get(name)
                asked.append(Asked(peer, secrets.passcode(peer), logins.of(peer)))
            except EnvironmentFailure as error:
                refused.append(Answered(name, error=error))
        return asked, refused

    def _series(
        self, name: str, key: RemoteKey, cancel: Callable[[], bool]
    ) -> tuple[RemoteSeries, ...]:
        from viewer.services.asking import list_series  # noqa: PLC0415 - the wire
        from viewer.services.marking import marked_series  # noqa: PLC0415

        peer = Peers(self._library.data_dir).get(name)
        secret = Secrets(self._library.data_dir).passcode(peer)
        login = Logins(self._library.data_dir).of(peer)
        found = list_series(peer, key, secret=secret, login=login, cancel=cancel)
        return marked_series(found, self._library.catalog.presence)

    def _take(self, event: "Event") -> None:
        if isinstance(event, tuple):
            self.found.emit(event)
            return
        now = self.inquiry
        self._set(
            replace(
                now,
                silent=tuple(name for name in now.silent if name != event.peer),
                more=(*now.more, event.peer) if event.more else now.more,
                faults=(*now.faults, event.error) if event.error else now.faults,
            )
        )

    def _end(self, error: BaseException | None) -> None:
        self._stream = None
        if isinstance(error, ViewerError):
            faults = (*self.inquiry.faults, error)
            self._set(Inquiry(more=self.inquiry.more, faults=faults))
        else:
            self._set(replace(self.inquiry, running=False, silent=()))
        if error is not None and not isinstance(error, ViewerError):
            raise error

    def _call_off(self) -> None:
        for stream in (self._stream, self._below):
            if stream is not None:
                stream.cancel()
        self._stream = self._below = None

    def _set(self, inquiry: Inquiry) -> None:
        self.inquiry = inquiry
        self.changed.emit(inquiry)
