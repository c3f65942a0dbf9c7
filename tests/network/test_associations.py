"""An association comes about in bounded time, or says which side is wrong."""

import struct
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.network.echoes import LONG, fault_of, polite
from tests.network.parrot import (
    ABORTED,
    RELEASED,
    Line,
    message,
    parrot,
    rejecting,
    response,
)
from viewer.network.associations import open_association
from viewer.network.echo import VERIFICATION, echo
from viewer.network.faults import Fault, PeerFault
from viewer.network.negotiation import Proposal

PASSCODE = "open" + " sesame"


def test_a_polite_peer_is_asked_and_released() -> None:
    with parrot(polite) as bird:
        assert echo(bird.peer(), timeouts=LONG).seconds < 30
        assert bird.callers == 1


@pytest.mark.parametrize(
    ("answer", "fault", "passing"),
    [
        ((1, 1, 7), Fault.CALLED_TITLE, False),
        ((1, 1, 3), Fault.CALLING_TITLE, False),
        ((1, 1, 1), Fault.REJECTED, False),
        ((2, 1, 1), Fault.REJECTED, True),
        ((1, 2, 2), Fault.REJECTED, False),
        ((2, 3, 1), Fault.BUSY, True),
        ((2, 3, 2), Fault.BUSY, True),
    ],
)
def test_each_rejection_has_its_sentence(
    answer: tuple[int, int, int], fault: Fault, *, passing: bool
) -> None:
    with parrot(lambda line: line.hear_and_say(rejecting(*answer))) as bird:
        told = fault_of(bird.peer())
    assert (told.fault, told.passing) == (fault, passing)


def hang_up(line: Line) -> None:
    line.hear()


def hang_up_after_accepting(line: Line) -> None:
    line.accept()
    line.hear_message()


def reset(line: Line) -> None:
    line.hear()
    line.reset()


def reset_after_accepting(line: Line) -> None:
    line.accept()
    line.hear_message()
    line.reset()


def abort(line: Line) -> None:
    line.hear()
    line.say(ABORTED)


def abort_after_accepting(line: Line) -> None:
    line.accept()
    line.hear_message()
    line.say(ABORTED)


def half_an_answer(line: Line) -> None:
    line.hear()
    line.say(bytes.fromhex("020000000100"))


def refuse_every_context(line: Line) -> None:
    line.accept(refused=True)
    line.hear_and_say(RELEASED)


def speak_http(line: Line) -> None:
    line.hear()
    line.say(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def alert_of_tls(line: Line) -> None:
    line.hear()
    line.say(bytes.fromhex("15030100020232"))


def four_gigabytes(line: Line) -> None:
    line.hear()
    line.say(bytes.fromhex("0200ffffffff"))
    line.stay_silent()


def four_gigabytes_later(line: Line) -> None:
    line.accept()
    line.hear_message()
    line.say(bytes.fromhex("0400ffffffff"))
    line.stay_silent()


def items_beyond_the_end(line: Line) -> None:
    line.hear()
    body = bytes(68) + b"\x21\x00\xff\xff" + bytes(20)
    line.say(struct.pack(">BxI", 2, len(body)) + body)


def another_syntax(line: Line) -> None:
    line.hear()
    item = b"\x21\0\0\x0c\1\0\0\0\x40\0\0\x04" + b"1.2\0"
    line.say(struct.pack(">BxI", 2, 68 + len(item)) + bytes(68) + item)


def failure(line: Line) -> None:
    line.accept()
    context, _, _ = line.hear_message()
    line.say(message(context, response(0x8030, 1, 0x0124)))
    line.hear()


def another_answer(line: Line) -> None:
    line.accept()
    context, _, _ = line.hear_message()
    line.say(message(context, response(0x8020, 1, 0)))


@pytest.mark.parametrize(
    ("lesson", "fault"),
    [
        (hang_up, Fault.TLS_WANTED),
        (hang_up_after_accepting, Fault.ABORTED),
        (reset, Fault.TLS_WANTED),
        (reset_after_accepting, Fault.LOST),
        (abort, Fault.ABORTED),
        (abort_after_accepting, Fault.ABORTED),
        (half_an_answer, Fault.LOST),
        (refuse_every_context, Fault.NO_CONTEXT),
        (speak_http, Fault.MANNERS),
        (alert_of_tls, Fault.TLS_WANTED),
        (four_gigabytes, Fault.MANNERS),
        (four_gigabytes_later, Fault.MANNERS),
        (items_beyond_the_end, Fault.MANNERS),
        (another_syntax, Fault.MANNERS),
        (failure, Fault.STATUS),
        (another_answer, Fault.MANNERS),
    ],
)
def test_each_bad_manner_has_its_sentence(
    lesson: Callable[[Line], None], fault: Fault
) -> None:
    with parrot(lesson) as bird:
        assert fault_of(bird.peer()).fault is fault


def test_a_passcode_never_travels_in_clear_unless_allowed() -> None:
    heard: list[bytes] = []

    def lesson(line: Line) -> None:
        heard.append(line.hear())
        line.say(rejecting(1, 1, 1))

    with parrot(lesson) as bird:
        told = fault_of(bird.peer(user="me"), secret=PASSCODE)
        assert told.fault is Fault.IDENTITY
        assert bird.callers == 0
        fault_of(bird.peer(user="me", insecure_identity=True), secret=PASSCODE)
        fault_of(bird.peer(user="me"))
    assert PASSCODE.encode() in heard[0]
    assert b"me" in heard[1]
    assert PASSCODE.encode() not in heard[1]


def test_titles_and_proposals_are_read_by_pynetdicom_as_they_are_meant() -> None:
    asked: list[Any] = []

    def lesson(line: Line) -> None:
        asked.append(line.accept(longest=4096))
        line.hear()

    proposals = [
        Proposal(VERIFICATION, ("1.2.840.10008.1.2",)),
        Proposal("1.2.840.10008.5.1.4.1.1.2", ("1.2.840.10008.1.2.1",), as_scp=True),
    ]
    with (
        parrot(lesson) as bird,
        open_association(
            bird.peer(aet="THEIRS", our_aet="OURS", user="Jürgen"), proposals
        ) as association,
    ):
        assert [c.id for c in association.contexts] == [1, 3]
        assert association.context(VERIFICATION).syntax == "1.2.840.10008.1.2"
        with pytest.raises(PeerFault):
            association.context("1.2.3")
    primitive = asked[0].to_primitive()
    assert primitive.called_ae_title.strip() == "THEIRS"
    assert primitive.calling_ae_title.strip() == "OURS"
    roles = [
        (str(i.sop_class_uid), i.scu_role, i.scp_role)
        for i in primitive.user_information
        if hasattr(i, "scp_role")
    ]
    assert roles == [("1.2.840.10008.5.1.4.1.1.2", True, True)]
    users = [
        i.primary_field
        for i in primitive.user_information
        if hasattr(i, "primary_field")
    ]
    assert users == ["Jürgen".encode()]


def test_more_contexts_than_fit_are_a_mistake_of_ours() -> None:
    with parrot(polite) as bird, pytest.raises(ValueError, match="128"):  # noqa: SIM117
        with open_association(bird.peer(), [Proposal("1.2", ("1.2",))] * 129):
            pass


@settings(deadline=None, max_examples=60)
@given(raw=st.binary(max_size=200), accepts=st.booleans(), kind=st.integers(0, 8))
def test_whatever_a_peer_says_is_an_answer_or_a_fault(
    *, raw: bytes, accepts: bool, kind: int
) -> None:
    def lesson(line: Line) -> None:
        if accepts:
            line.accept()
            line.hear_message()
        else:
            line.hear()
        line.say(struct.pack(">BxI", kind, len(raw)), raw)

    with parrot(lesson) as bird, pytest.raises(PeerFault):
        echo(bird.peer(), timeouts=LONG)
