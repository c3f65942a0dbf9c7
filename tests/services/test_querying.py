"""Several peers are asked at once, and none waits for another."""

import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.catalog.arrivals import a_study, arrival
from tests.network.parrot import Line, parrot
from tests.network.query_archive import archive, row
from viewer.catalog.catalog import Catalog
from viewer.core.errors import Cancelled, ViewerError
from viewer.core.identity import StudyUID
from viewer.core.listing import StudyQuery
from viewer.core.peers import Peer
from viewer.core.remote import RemoteStudy
from viewer.network.faults import Fault, PeerFault
from viewer.services.querying import (
    Answered,
    Asked,
    Cancel,
    Event,
    find_priors,
    find_studies,
)

EVERYTHING = StudyQuery(limit=None)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = Catalog(tmp_path / "catalog.sqlite", lambda sha256: sha256.hex())
    yield opened
    opened.close()


FIRST = Asked(Peer("First", "localhost", 104, "FIRST"))
SECOND = Asked(Peer("Second", "localhost", 104, "SECOND"))


def parted(events: Sequence[Event]) -> tuple[list[RemoteStudy], dict[str, Answered]]:
    studies = [s for event in events if not isinstance(event, Answered) for s in event]
    ended = {event.peer: event for event in events if isinstance(event, Answered)}
    return studies, ended


def test_each_peer_answers_and_one_that_fails_fails_alone() -> None:
    refused = Asked(Peer("Refused", "127.0.0.1", 1, "X"))
    with archive([row(n) for n in range(40)]) as one, archive([row(3)]) as other:
        asked = [Asked(one.peer(name="One")), refused, Asked(other.peer(name="Other"))]
        studies, ended = parted(list(find_studies(asked, EVERYTHING)))
    assert sum(study.peer == "One" for study in studies) == 40
    assert sum(study.peer == "Other" for study in studies) == 1
    assert ended["One"] == Answered("One", 40)
    assert ended["Other"] == Answered("Other", 1)
    error = ended["Refused"].error
    assert isinstance(error, PeerFault)
    assert error.fault is Fault.REFUSED


def test_a_silent_peer_does_not_keep_the_others_answers() -> None:
    with archive([row(1)]) as kept, parrot(Line.stay_silent) as bird:
        asked = [Asked(bird.peer()), Asked(kept.peer())]
        with closing(find_studies(asked, EVERYTHING)) as events:
            assert parted([next(events), next(events)])[1].keys() == {"Archive"}


def test_the_limit_holds_for_each_peer_and_says_whether_there_is_more() -> None:
    with archive([row(1), row(2), row(3)]) as three, archive([row(1), row(2)]) as two:
        asked = [Asked(three.peer(name="Three")), Asked(two.peer(name="Two"))]
        studies, ended = parted(list(find_studies(asked, StudyQuery(limit=2))))
    assert len(studies) == 4
    assert (ended["Three"].more, ended["Two"].more) == (True, False)


def test_everything_can_be_called_off() -> None:
    stopped = threading.Event()

    def lesson(line: Line) -> None:
        stopped.set()
        line.stay_silent()

    with parrot(lesson) as bird:
        events = find_studies([Asked(bird.peer())], EVERYTHING, cancel=stopped.is_set)
        with pytest.raises(Cancelled):
            next(events)


def test_who_turns_away_leaves_no_thread_behind() -> None:
    with archive([row(n) for n in range(50)]) as kept:
        with closing(find_studies([Asked(kept.peer())], EVERYTHING)) as events:
            assert next(events)
        assert not [t for t in threading.enumerate() if t.name.startswith("query")]


def test_answers_are_held_back_until_they_are_taken() -> None:
    given, enough = [0], threading.Event()

    def pour(
        peer: Peer, query: StudyQuery, *, secret: str, cancel: Cancel
    ) -> Generator[RemoteStudy, None, None]:
        del query, secret
        for number in range(10_000):
            given[0] = number
            if cancel():
                raise Cancelled
            if number == 1500:
                enough.set()
            yield RemoteStudy(peer.name, StudyUID(f"2.25.{number}"))

    with closing(find_studies([FIRST], EVERYTHING, ask=pour)) as events:
        assert next(events)
        assert not enough.wait(0.5)  # nobody takes any, so it waits
        assert given[0] < 1500
        assert len(parted(list(events))[0]) > 9_000


def test_a_mistake_of_ours_is_no_failure_of_the_peer() -> None:
    def stumble(
        peer: Peer, query: StudyQuery, *, secret: str, cancel: Cancel
    ) -> Generator[RemoteStudy, None, None]:
        del query, secret, cancel
        yield RemoteStudy(peer.name, StudyUID("2.25.1"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(find_studies([FIRST], EVERYTHING, ask=stumble))


def test_what_a_peer_said_before_it_failed_is_kept() -> None:
    def half(
        peer: Peer, query: StudyQuery, *, secret: str, cancel: Cancel
    ) -> Generator[RemoteStudy, None, None]:
        del query, secret, cancel
        yield RemoteStudy(peer.name, StudyUID("2.25.1"))
        if peer is FIRST.peer:
            raise ViewerError("No.")

    studies, ended = parted(list(find_studies([FIRST, SECOND], EVERYTHING, ask=half)))
    assert len(studies) == 2
    assert (ended["First"].studies, str(ended["First"].error)) == (1, "No.")
    assert ended["Second"].error is None


def test_what_is_here_is_marked(catalog: Catalog) -> None:
    catalog.file_all([arrival(1, study=a_study("2.25.1"))])
    with archive([row(1), row(2)]) as kept:
        events = list(
            find_studies([Asked(kept.peer())], EVERYTHING, here=catalog.presence)
        )
    local = {study.study_uid: study.local for study in parted(events)[0]}
    assert local == {"2.25.1": 1, "2.25.2": 0}


def test_priors_of_a_patient_come_from_every_peer(catalog: Catalog) -> None:
    catalog.file_all([arrival(1, study=a_study("2.25.1"))])
    opened = catalog.summary("2.25.1")
    assert opened is not None
    of_max: dict[str, Any] = {"PatientID": "P1", "PatientBirthDate": "19700517"}
    rows = [row(1, **of_max), row(2, **of_max), row(3, PatientID="P12")]
    namesake = row(4, PatientID="P1", PatientBirthDate="19010101")
    with archive(rows) as one, archive([namesake, row(5, **of_max)]) as other:
        asked = [Asked(one.peer(name="One")), Asked(other.peer(name="Other"))]
        studies, ended = parted(list(find_priors(asked, opened)))
        told = {str(question.PatientID) for question in (*one.asked, *other.asked)}
    assert {(s.peer, s.study_uid) for s in studies} == {
        *(("One", "2.25.2"), ("Other", "2.25.5")),
    }
    assert told == {"P1"}
    assert ended["One"].error is None
