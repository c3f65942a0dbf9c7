"""What peers have of the patient on the screen, asked for quietly."""

from collections.abc import Callable, Generator
from contextlib import closing
from typing import TYPE_CHECKING

from psygnal import Signal

from viewer.core.errors import EnvironmentFailure, ViewerError
from viewer.core.listing import StudySummary
from viewer.services.logins import Logins
from viewer.services.peers import Peers
from viewer.services.secrets import Secrets

if TYPE_CHECKING:  # the wire and SQLAlchemy load when they are needed
    from viewer.core.remote import RemoteStudy
    from viewer.services.library import Library
    from viewer.services.querying import Event
    from viewer.services.session import ReadingSession
    from viewer.services.streaming import Stream, Streams


class RemotePriors:
    """Asks every peer when another patient's study is opened.

    A peer that cannot answer is passed over: nobody asked for it. Only what is not
    here in full is offered, each study once.

    Signals
    -------
    changed : ()
        `found` is not what it was.
    """

    changed = Signal()

    def __init__(
        self,
        session: "ReadingSession",
        library: "Library",
        streams: "Streams",
        wanted: Callable[[], bool],
    ) -> None:
        self._session, self._library, self._streams = session, library, streams
        self._wanted = wanted
        self._of: StudySummary | None = None
        self._stream: Stream[Event] | None = None
        self.found: tuple[RemoteStudy, ...] = ()
        session.opened.connect(self._on_opened)

    @property
    def of_study(self) -> str:
        """The study whose patient was asked about; empty for none."""
        return self._of.study_uid if self._of is not None else ""

    def close(self) -> None:
        """Ask no more."""
        self._session.opened.disconnect(self._on_opened)
        self._call_off()

    def _on_opened(self) -> None:
        studies = self._session.studies
        lead = studies[0].summary if studies and studies[0].filed else None
        if lead is not None and self.of_study == lead.study_uid:
            return  # the same study with more of its images
        self._call_off()
        self._of, self.found = lead, ()
        self.changed.emit()
        if lead is not None and self._wanted():
            asked = lead
            self._stream = self._streams.start(
                lambda cancel: self._asked(asked, cancel), self._take, _end, "priors"
            )

    def _asked(
        self, study: StudySummary, cancel: Callable[[], bool]
    ) -> "Generator[Event, None, None]":
        every = Peers(self._library.data_dir).all()
        if not every:
            return
        from viewer.services.querying import Asked, find_priors  # noqa: PLC0415 - the wire

        folder = self._library.data_dir
        secrets, logins = Secrets(folder), Logins(folder)
        asked: list[Asked] = []
        for peer in every:
            try:
                asked.append(Asked(peer, secrets.passcode(peer), logins.of(peer)))
            except EnvironmentFailure:
                continue  # its keyring is locked: it is passed over
        here = self._library.catalog.presence
        with closing(find_priors(asked, study, here=here, cancel=cancel)) as events:
            yield from events

    def _take(self, event: "Event") -> None:
        if not isinstance(event, tuple):
            return
        known = {one.study_uid for one in self.found}
        fresh: dict[str, RemoteStudy] = {}
        for one in event:
            whole = one.instances is not None and one.local >= one.instances
            if not whole and one.study_uid not in known:
                fresh.setdefault(one.study_uid, one)
        if fresh:
            every = (*self.found, *fresh.values())
            self.found = tuple(
                sorted(every, key=lambda one: str(one.study_date or ""), reverse=True)
            )
            self.changed.emit()

    def _call_off(self) -> None:
        if self._stream is not None:
            self._stream.cancel()
            self._stream = None


def _end(error: BaseException | None) -> None:
    """A fault of the network is passed over: nobody waits for it."""
    if error is not None and not isinstance(error, ViewerError):
        raise error
