"""Ask one peer what it has: studies, series, instances; each opens an association."""

from collections.abc import Generator
from contextlib import closing
from itertools import islice

from viewer.core.listing import StudyQuery, StudySummary
from viewer.core.peers import Peer
from viewer.core.priors import is_of_patient, prior_question
from viewer.core.remote import RemoteInstance, RemoteKey, RemoteSeries, RemoteStudy
from viewer.network.associations import open_association
from viewer.network.connecting import Cancel
from viewer.network.find import STUDY_QUERIES
from viewer.services.asker import Asker


def _never() -> bool:
    return False


def list_studies(
    peer: Peer, query: StudyQuery, *, secret: str = "", cancel: Cancel = _never
) -> Generator[RemoteStudy, None, None]:
    """The studies a query means, as they come; at most `query.limit`.

    Order, offset, status and tags are the catalog's own and are passed over.

    Raises
    ------
    PeerFault, Cancelled, EnvironmentFailure
    """
    with (
        open_association(
            peer, STUDY_QUERIES, secret=secret, cancel=cancel
        ) as association,
        closing(Asker(peer, association).studies(query)) as studies,
    ):
        yield from islice(studies, query.limit)


def list_priors(
    peer: Peer, study: StudySummary, *, secret: str = "", cancel: Cancel = _never
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
        open_association(
            peer, STUDY_QUERIES, secret=secret, cancel=cancel
        ) as association,
        closing(Asker(peer, association).answers_to(question)) as studies,
    ):
        for found in studies:
            if found.study_uid != study.study_uid and is_of_patient(study, found):
                yield found


def list_series(
    peer: Peer, key: RemoteKey, *, secret: str = "", cancel: Cancel = _never
) -> tuple[RemoteSeries, ...]:
    """The series of a study, or the one that is named.

    Raises
    ------
    PeerFault, Cancelled, EnvironmentFailure
    """
    with open_association(
        peer, STUDY_QUERIES, secret=secret, cancel=cancel
    ) as association:
        return tuple(Asker(peer, association).series(key))


def list_instances(
    peer: Peer, key: RemoteKey, *, secret: str = "", cancel: Cancel = _never
) -> tuple[RemoteInstance, ...]:
    """The instances of a study, of a series, or the one that is named.

    Raises
    ------
    PeerFault, Cancelled, EnvironmentFailure
    """
    with open_association(
        peer, STUDY_QUERIES, secret=secret, cancel=cancel
    ) as association:
        return tuple(Asker(peer, association).instances(key))
