"""Ask several peers at once; what they answer comes as it comes.

A peer that fails fails alone. Answers wait in a short queue until they are taken, so
that ten thousand of them are never held at once.
"""

import contextlib
import queue
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from viewer.core.errors import Cancelled, ViewerError
from viewer.core.listing import StudyQuery, StudySummary
from viewer.core.peers import Peer
from viewer.core.remote import RemoteStudy
from viewer.network.web.login import NOBODY, WebLogin
from viewer.services.asking import list_priors, list_studies
from viewer.services.marking import marked_studies

if TYPE_CHECKING:
    from viewer.catalog.presence import Presence

_WAITING: Final = 512  # answers
_BATCH: Final = 200
_LOOK_S: Final = 0.1

Cancel = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Asked:
    """A peer that is asked, with the passcode of its user and its login."""

    peer: Peer
    secret: str = ""
    login: WebLogin = NOBODY


@dataclass(frozen=True, slots=True)
class Answered:
    """A peer has said all it had to say.

    Attributes
    ----------
    peer : str
        Its name.
    studies : int
        How many it found.
    more : bool
        Whether the limit cut it short.
    error : ViewerError or None
        Why it could not say all.
    """

    peer: str
    studies: int = 0
    more: bool = False
    error: ViewerError | None = None


class Ask(Protocol):
    """Asks one peer for studies."""

    def __call__(
        self, peer: Peer, query: StudyQuery, *, secret: str, cancel: Cancel
    ) -> Generator[RemoteStudy, None, None]:
        """The studies, as they come."""


Event = tuple[RemoteStudy, ...] | Answered
_Event = RemoteStudy | Answered | BaseException
_Answers = queue.Queue[_Event]


def find_studies(
    asked: Sequence[Asked],
    query: StudyQuery,
    *,
    here: "Presence | None" = None,
    cancel: Cancel = lambda: False,
    ask: Ask | None = None,
) -> Generator[Event, None, None]:
    """What the peers have, in small batches, and of each how it ended.

    Closing the generator calls everything off and waits for it. Any thread but the
    window's may run it.

    Parameters
    ----------
    asked : sequence of Asked
    query : StudyQuery
        Its limit holds for each peer.
    here : Presence or None
        Marks what the catalog has; None marks nothing.
    cancel : callable
        Asked several times a second; true calls everything off.
    ask : callable
        Asks one peer; by default what `query` means.

    Yields
    ------
    tuple of RemoteStudy or Answered
        Batches mix the peers; each peer's `Answered` comes after its last study.

    Raises
    ------
    Cancelled
    """
    stop = threading.Event()
    answers: _Answers = queue.Queue(_WAITING)

    def called_off() -> bool:
        return stop.is_set() or cancel()

    talks = [
        threading.Thread(
            target=_talk,
            args=(one, query, answers, called_off, ask),
            name=f"query {number}",
        )
        for number, one in enumerate(asked)
    ]
    for talk in talks:
        talk.start()
    try:
        running = len(talks)
        while running:
            studies, others = _taken(answers, called_off)
            if studies:
                yield marked_studies(studies, here)
            for other in others:
                if isinstance(other, BaseException):
                    raise other
                running -= 1
                yield other
    finally:
        stop.set()
        for talk in talks:
            talk.join()


def find_priors(
    asked: Sequence[Asked],
    study: StudySummary,
    *,
    here: "Presence | None" = None,
    cancel: Cancel = lambda: False,
) -> Generator[Event, None, None]:
    """What the peers have of a study's patient; otherwise as `find_studies`."""
    logins = {one.peer: one.login for one in asked}

    def ask(
        peer: Peer, query: StudyQuery, *, secret: str, cancel: Cancel
    ) -> Generator[RemoteStudy, None, None]:
        del query  # the study says what is asked
        return list_priors(
            peer, study, secret=secret, login=logins[peer], cancel=cancel
        )

    everything = StudyQuery(limit=None)
    return find_studies(asked, everything, here=here, cancel=cancel, ask=ask)


def _talk(
    one: Asked,
    query: StudyQuery,
    answers: _Answers,
    called_off: Cancel,
    ask: Ask | None,
) -> None:
    """One peer's answers into the queue."""
    with contextlib.suppress(Cancelled):
        try:
            for event in _talked(one, query, called_off, ask):
                _put(answers, event, called_off)
        except Cancelled:
            raise
        except Exception as bug:  # noqa: BLE001 - it travels on in the asker's thread
            _put(answers, bug, called_off)


def _talked(
    one: Asked, query: StudyQuery, called_off: Cancel, ask: Ask | None
) -> Generator[RemoteStudy | Answered, None, None]:
    """What one peer answers, and at last how it ended."""
    name, limit, number = one.peer.name, query.limit, 0
    # One more than is wanted tells whether there are more.
    wanted = query if limit is None else replace(query, limit=limit + 1)
    ask = ask or partial(list_studies, login=one.login)
    try:
        found = ask(one.peer, wanted, secret=one.secret, cancel=called_off)
        with closing(found) as studies:
            for study in studies:
                if number == limit:
                    yield Answered(name, number, more=True)
                    return
                number += 1
                yield study
    except Cancelled:
        raise
    except ViewerError as error:
        yield Answered(name, number, error=error)
    else:
        yield Answered(name, number)


def _put(answers: _Answers, event: _Event, called_off: Cancel) -> None:
    """Wait for room.

    Raises
    ------
    Cancelled
        If nobody wants it any more.
    """
    while True:
        if called_off():
            raise Cancelled
        try:
            answers.put(event, timeout=_LOOK_S)
        except queue.Full:
            continue
        return


def _taken(
    answers: _Answers, called_off: Cancel
) -> tuple[list[RemoteStudy], list[Answered | BaseException]]:
    """What waits in the queue; at least one event.

    Raises
    ------
    Cancelled
    """
    studies: list[RemoteStudy] = []
    others: list[Answered | BaseException] = []
    while not studies and not others:
        if called_off():
            raise Cancelled
        with contextlib.suppress(queue.Empty):
            event = answers.get(timeout=_LOOK_S)
            while True:
                if isinstance(event, RemoteStudy):
                    studies.append(event)
                else:
                    others.append(event)
                if len(studies) >= _BATCH:
                    break
                event = answers.get_nowait()
    return studies, others
