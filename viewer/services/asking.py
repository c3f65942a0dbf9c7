"""Ask one peer what it has: studies, series, instances.

Each question opens a connection of its own: an association, or one of HTTP where
DICOMweb is what the peer is asked by.
"""

from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from itertools import islice

from viewer.core.listing import StudyQuery, StudySummary
from viewer.core.peers import Peer
from viewer.core.priors import is_of_patient, prior_question
from viewer.core.remote import RemoteInstance, RemoteKey, RemoteSeries, RemoteStudy
from viewer.network.associations import open_association
from viewer.network.connecting import Cancel
from viewer.network.find import STUDY_QUERIES
from viewer.network.web.login import NOBODY, WebLogin
from viewer.services.asker import Asker
from viewer.services.find_source import FindSource


def _never() -> bool:
    return False


@contextmanager
def _asker(peer: Peer, secret: str, login: WebLogin, cancel: Cancel) -> Iterator[Asker]:
    """Whoever asks `peer`, the way it prefers, for the length of a block."""
    if peer.prefers_web:
        from viewer.network.web.qido import Searching  # noqa: PLC0415 - HTTP is slow
        from viewer.services.web_source import WebSource  # noqa: PLC0415

        with closing(Searching(peer, login=login, cancel=cancel)) as searching:
            yield Asker(WebSource(peer, searching))
        return
    with open_association(
        peer, STUDY_QUERIES, secret=secret, cancel=cancel
    ) as association:
        yield Asker(FindSource(peer, association))


def list_studies(
    peer: Peer,
    query: StudyQuery,
    *,
    secret: str = "",
    login: WebLogin = NOBODY,
    cancel: Cancel = _never,
) -> Generator[RemoteStudy, None, None]:
    """The studies a query means, as they come; at most `query.limit`.

    Order, offset, status and tags are the catalog's own and are passed over.

    Raises
    ------
    PeerFault, Cancelled, EnvironmentFailure
    """
    with (
        _asker(peer, secret, login, cancel) as asker,
        closing(asker.studies(query)) as studies,
    ):
        yield from islice(studies, query.limit)


def list_priors(
    peer: Peer,
    study: StudySummary,
    *,
    secret: str = "",
    login: WebLogin = NOBODY,
    cancel: Cancel = _never,
) -> Generator[RemoteStudy, None, None]:
    """The other studies of a study's patient, as they come.

    Raises
    ------
    PeerFault, Cancelled, EnvironmentFailure
    """
    question = prior_question(study)
    if question is None:
        return
    with (
        _asker(peer, secret, login, cancel) as asker,
        closing(asker.answers_to(question)) as studies,
    ):
        for found in studies:
            if found.study_uid != study.study_uid and is_of_patient(study, found):
                yield found


def list_series(
    peer: Peer,
    key: RemoteKey,
    *,
    secret: str = "",
    login: WebLogin = NOBODY,
    cancel: Cancel = _never,
) -> tuple[RemoteSeries, ...]:
    """The series of a study, or the one that is named.

    Raises
    ------
    PeerFault, Cancelled, EnvironmentFailure
    """
    with _asker(peer, secret, login, cancel) as asker:
        return tuple(asker.series(key))


def list_instances(
    peer: Peer,
    key: RemoteKey,
    *,
    secret: str = "",
    login: WebLogin = NOBODY,
    cancel: Cancel = _never,
) -> tuple[RemoteInstance, ...]:
    """The instances of a study, of a series, or the one that is named.

    Raises
    ------
    PeerFault, Cancelled, EnvironmentFailure
    """
    with _asker(peer, secret, login, cancel) as asker:
        return tuple(asker.instances(key))
