"""The modality worklist: what peers have planned."""

from collections.abc import Callable, Generator
from contextlib import ExitStack, closing

from viewer.core.errors import UnreadableError
from viewer.core.listing import StudyQuery
from viewer.core.peers import Peer
from viewer.core.questions import has_words, questions
from viewer.core.worklist import WorklistItem, WorklistQuery
from viewer.dicom.identifier_reading import answered_step
from viewer.dicom.identifier_writing import written_worklist
from viewer.network.associations import Association, open_association
from viewer.network.faults import Fault, PeerFault
from viewer.network.find import WORKLIST, WORKLIST_QUERIES, Found, find


def list_worklist(
    peer: Peer,
    query: WorklistQuery,
    *,
    secret: str = "",
    cancel: Callable[[], bool] = lambda: False,
) -> Generator[WorklistItem, None, None]:
    """The planned steps a query means, each once, as they come.

    Raises
    ------
    PeerFault, Cancelled, EnvironmentFailure
    """
    with ExitStack() as stack:
        association = stack.enter_context(
            open_association(peer, WORKLIST_QUERIES, secret=secret, cancel=cancel)
        )
        seen: set[WorklistItem] = set()
        for name in _names(query):
            found = stack.enter_context(closing(_asked(association, query, name)))
            for one in found:
                item = _read(peer, one)
                if item is None or item in seen or not _is_meant(query, item):
                    continue
                if len(seen) == query.limit:
                    return
                seen.add(item)
                yield item


def _asked(
    association: Association, query: WorklistQuery, name: str
) -> Generator[Found, None, None]:
    context, charset = association.context(WORKLIST), association.peer.charset
    return find(
        association,
        context,
        lambda syntax: written_worklist(query, name, syntax, charset),
    )


def _names(query: WorklistQuery) -> tuple[str, ...]:
    """Patterns of the name, in every order of its words and in small and capitals."""
    every = questions(StudyQuery(patient=query.patient))
    return tuple(dict.fromkeys(way.patient_name for ways in every for way in ways))


def _read(peer: Peer, found: Found) -> WorklistItem | None:
    try:
        return answered_step(found.raw, found.syntax, peer.name)
    except UnreadableError as cause:
        sentence = "{peer.name} sent an answer that cannot be read."
        raise PeerFault(Fault.MANNERS, peer, sentence=sentence) from cause


def _is_meant(query: WorklistQuery, item: WorklistItem) -> bool:
    """Compared here too: many servers pass over what they do not match by."""
    day, first, last = item.scheduled_date, query.date_from, query.date_to
    if day is not None and first is not None and day < first:
        return False
    if day is not None and last is not None and day > last:
        return False
    if query.modality and item.modality not in ("", query.modality):
        return False
    if query.station and item.stations and query.station not in item.stations:
        return False
    return (
        has_words(item.patient_name, query.patient)
        and has_words(item.patient_id, query.patient_id)
        and has_words(item.accession_number, query.accession)
    )
