"""What peers are asked and what they answer is written nowhere."""

import traceback
import warnings
from typing import Any

import pytest

from tests.network.parrot import RELEASED, Line, identifier, message, parrot, response
from tests.network.query_archive import archive, row
from viewer.core.errors import ViewerError
from viewer.core.listing import StudyQuery
from viewer.core.peers import Peer
from viewer.core.worklist import WorklistQuery
from viewer.network.echo import echo
from viewer.services.asking import list_instances, list_series, list_studies
from viewer.services.planned import list_worklist

NAME, NUMBER, BORN, PASSCODE = "Zauberflöte^Pamina", "ZQX771", "19330713", "sesame99"
MARKS = ("Zauberfl", "Pamina", NUMBER, BORN, PASSCODE, "PN-BAD")


def assert_discreet(*texts: str) -> None:
    assert not [mark for mark in MARKS for text in texts if mark in text]


def rows() -> list[Any]:
    facts = {"PatientName": NAME, "PatientID": NUMBER, "PatientBirthDate": BORN}
    return [row(1, 1, n, **facts, StudyDescription=NAME) for n in range(3)]


def test_a_whole_query_leaves_no_line(
    lines: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    query = StudyQuery(patient="pamina", patient_id=NUMBER, limit=None)
    with archive(rows()) as kept, warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        peer = kept.peer(user="me", insecure_identity=True)
        (study,) = list_studies(peer, query, secret=PASSCODE)
        assert study.patient_name == NAME
        assert list_series(peer, study.key, secret=PASSCODE)
        assert list_instances(peer, study.key, secret=PASSCODE)
        assert not list(list_worklist(peer, WorklistQuery(patient="pamina")))
    assert lines
    captured = capfd.readouterr()
    assert_discreet(*lines, captured.out, captured.err, *map(str, warned))


def bad_answers(line: Line) -> None:
    line.accept()
    line.hear_message()
    bad = identifier(PatientName=NAME, PatientID=NUMBER, StudyInstanceUID="2.25.1")
    values = bad.replace(b"2.25.1", b"PN-BAD")
    line.say(message(1, response(0x8020, 1, 0xFF00), values))
    cut = identifier(StudyInstanceUID="2.25.1", PatientName=NAME)[:-4]
    line.say(message(1, response(0x8020, 1, 0xFF00), cut))
    line.stay_silent()


def failing(line: Line) -> None:
    line.accept()
    line.hear_message()
    comment = response(0x8020, 1, 0xC001, ErrorComment=f"{NAME} {NUMBER}"[:60])
    comment.OffendingElement = 0x00100010
    line.say(message(1, comment))
    line.hear_and_say(RELEASED)


@pytest.mark.parametrize("lesson", [bad_answers, failing])
def test_a_failure_quotes_neither_question_nor_answer(
    lines: list[str], lesson: Any
) -> None:
    query = StudyQuery(patient="Pamina", patient_id=NUMBER, limit=None)
    with parrot(lesson) as bird, pytest.raises(ViewerError) as caught:
        list(list_studies(bird.peer(), query))
    error = caught.value
    told = "".join(traceback.format_exception(error, limit=0))
    assert_discreet(error.message, error.hint, told, *lines)


def test_a_peers_description_shows_no_secret() -> None:
    peer = Peer("P", "127.0.0.1", 1, "A", user="me")
    with pytest.raises(ViewerError) as caught:
        echo(peer, secret=PASSCODE)
    assert_discreet(repr(peer), str(caught.value), caught.value.hint)
