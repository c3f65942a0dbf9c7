"""First words are understood however oddly they are said; garbage is refused."""

import struct
import tracemalloc
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pynetdicom import sop_class
from pynetdicom.pdu import A_ASSOCIATE_AC, A_ASSOCIATE_RQ

from tests.network.listeners import VERIFICATION, hello
from tests.network.parrot import accepting
from viewer.network import commitment, echo, get, move
from viewer.network.listener import classes, welcoming
from viewer.network.listener.hello import Hello
from viewer.network.listener.welcoming import Ours
from viewer.network.negotiation import Garbled, Proposal
from viewer.network.proposing import answer, can_ask, request
from viewer.network.readable import MOST_ITEMS

CT = "1.2.840.10008.5.1.4.1.1.2"
EXPLICIT, IMPLICIT = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2"
PROPOSALS = (
    Proposal(VERIFICATION, (EXPLICIT, IMPLICIT)),
    Proposal(CT, (EXPLICIT,), as_scp=True, as_scu=False),
)


def item(kind: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">BxH", kind, len(body)) + body


def wish(number: int, abstract: bytes, *syntaxes: bytes) -> bytes:
    inside = [item(0x30, abstract), *(item(0x40, uid) for uid in syntaxes)]
    return item(0x20, bytes((number, 0, 0, 0)), *inside)


def said(*items: bytes, called: bytes = b"ANY", calling: bytes = b"CALLER") -> bytes:
    """The body of an A-ASSOCIATE-RQ."""
    titles = called.ljust(16) + calling.ljust(16)
    application = item(0x10, b"1.2.840.10008.3.1.1.1")
    return b"".join((b"\0\1\0\0", titles, bytes(32), application, *items))


def asked() -> A_ASSOCIATE_RQ:
    pdu = A_ASSOCIATE_RQ()
    pdu.decode(request("US", "THEM", PROPOSALS, longest_pdu=1 << 14))
    return pdu


def test_padding_and_items_nobody_knows_are_passed_over() -> None:
    role = item(0x54, struct.pack(">H", len(CT) + 1), CT.encode(), b"\0\1\1")
    user = item(0x50, item(0x51, b"\0\0\x40\0"), item(0x99, b"mine"), role)
    odd = wish(3, CT.encode() + b"\0\0", EXPLICIT.encode() + b" ", item(0x77))
    body = said(item(0x66, b"?"), odd, user, called=b"ANY\0\0", calling=b" CALLER\0")
    heard = welcoming.heard(body)
    assert (heard.called, heard.calling, heard.longest_pdu) == ("ANY", "CALLER", 16384)
    (only,) = heard.wishes
    assert (only.id, only.abstract, only.syntaxes) == (3, CT, (EXPLICIT,))
    assert heard.roles == {CT: (True, True)}
    assert heard.fixed == body[4:68]


def test_a_class_that_is_no_uid_is_refused_and_the_others_are_not() -> None:
    heard = welcoming.heard(
        said(
            wish(1, b"1.02.x", EXPLICIT.encode()),
            wish(3, CT.encode(), EXPLICIT.encode()),
            wish(5, CT.encode(), b"1.2..3"),
            wish(7, CT.encode(), EXPLICIT.encode()),
        )
    )
    have = {3: Ours(EXPLICIT, (True, True)), 5: Ours("", (True, True))}
    told = welcoming.settled(heard, have)
    assert told.granted == {3: False}
    pdu = A_ASSOCIATE_AC()
    pdu.decode(welcoming.acceptance(heard, told, 4096))
    results = {one.context_id: one.result for one in pdu.presentation_context}
    assert results == {1: 3, 3: 0, 5: 4, 7: 3}
    assert (pdu.called_ae_title, pdu.calling_ae_title) == ("ANY", "CALLER")


@pytest.mark.parametrize(
    ("wanted", "have", "granted", "reply"),
    [
        ((True, True), (True, True), {1: True}, (1, 1)),
        ((False, True), (True, True), {1: True}, (0, 1)),
        ((True, True), (True, False), {1: False}, (1, 0)),
        ((False, True), (True, False), {}, None),
        ((False, False), (True, True), {}, None),
    ],
)
def test_each_role_is_granted_as_both_sides_want_it(
    wanted: tuple[bool, bool],
    have: tuple[bool, bool],
    granted: dict[int, bool],
    reply: tuple[int, int] | None,
) -> None:
    body = said(wish(1, CT.encode(), EXPLICIT.encode()))
    heard = welcoming.heard(
        body + item(0x50, item(0x54, b"\0\x19", CT.encode(), bytes(wanted)))
    )
    told = welcoming.settled(heard, {1: Ours(EXPLICIT, have)})
    assert told.granted == granted
    pdu = A_ASSOCIATE_AC()
    pdu.decode(welcoming.acceptance(heard, told, 4096))
    user = pdu.user_information
    assert user is not None
    said_back = [(one.scu_role, one.scp_role) for one in user.role_selection.values()]
    assert said_back == ([reply] if reply else [])


def test_a_proposal_that_cannot_be_said_is_left_out_alone() -> None:
    odd = Proposal("1." + "2" * 70, (EXPLICIT,))
    assert not can_ask([odd])
    pdu = A_ASSOCIATE_RQ()
    pdu.decode(request("US", "THEM", [odd, *PROPOSALS], longest_pdu=1 << 14))
    assert [one.context_id for one in pdu.presentation_context] == [3, 5]
    heard = answer(accepting(pdu)[6:], [odd, *PROPOSALS])
    assert [(one.id, one.abstract) for one in heard.contexts] == [
        (3, VERIFICATION),
        (5, CT),
    ]


def test_a_peer_may_call_its_software_what_it_likes() -> None:
    raw = accepting(asked())
    for name in (b"A NAME MUCH LONGER THAN ALLOWED", b"\xff\xfe", b"", b"back\\slash"):
        user = item(0x50, item(0x51, b"\0\0\x40\0"), item(0x55, name), item(0x98, b"?"))
        heard = answer(raw[6:] + user, PROPOSALS)
        assert len(heard.contexts) == 2


def test_items_within_items_cost_nothing_however_deep() -> None:
    nest = b""
    while len(nest) < 60_000:
        nest = item(0x50, nest)
    body = said(item(0x20, bytes((1, 0, 0, 0)), nest), nest)
    tracemalloc.start()
    assert welcoming.heard(body).wishes[0].syntaxes == ()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 4 << 20


def test_more_items_than_there_are_things_to_say_are_refused() -> None:
    with pytest.raises(Garbled):
        welcoming.heard(said(item(0x50, item(0x51) * MOST_ITEMS)))


def altered(raw: bytes, changes: Sequence[tuple[int, int]], cut: int) -> bytes:
    made = bytearray(raw)
    for place, value in changes:
        made[place % len(made)] = value
    return bytes(made[: len(made) - cut])


CHANGES = st.lists(st.tuples(st.integers(0, 999), st.integers(0, 255)), max_size=12)
WORDS = hello(VERIFICATION, CT)[6:] + item(
    0x50, item(0x54, b"\0\x19", CT.encode(), b"\1\1")
)


def _silently(hear: Callable[[], object]) -> None:
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        with suppress(Garbled):
            hear()
    assert not warned


@settings(deadline=None, max_examples=300)
@given(changes=CHANGES, cut=st.integers(0, 40))
def test_altered_words_of_a_caller_are_understood_or_refused_in_silence(
    changes: list[tuple[int, int]], cut: int
) -> None:
    def hear() -> None:
        heard = welcoming.heard(altered(WORDS, changes, cut))
        assert isinstance(heard, Hello)
        have = {one.id: Ours(EXPLICIT, (True, True)) for one in heard.wishes}
        told = welcoming.settled(heard, have)
        A_ASSOCIATE_AC().decode(welcoming.acceptance(heard, told, 4096))

    _silently(hear)


@settings(deadline=None, max_examples=300)
@given(changes=CHANGES, cut=st.integers(0, 40))
def test_altered_words_of_a_peer_are_understood_or_refused_in_silence(
    changes: list[tuple[int, int]], cut: int
) -> None:
    raw = accepting(asked())[6:]
    _silently(lambda: answer(altered(raw, changes, cut), PROPOSALS))


def test_our_names_of_services_are_those_of_pynetdicom() -> None:
    known = vars(sop_class)
    names = {
        echo.VERIFICATION: "Verification",
        classes.COMMITMENT: "StorageCommitmentPushModel",
        classes.COMMITMENT_INSTANCE: "StorageCommitmentPushModelInstance",
        commitment.COMMITMENT: "StorageCommitmentPushModel",
        commitment.INSTANCE: "StorageCommitmentPushModelInstance",
        get.STUDY_ROOT_GET: "StudyRootQueryRetrieveInformationModelGet",
        move.STUDY_ROOT_MOVE: "StudyRootQueryRetrieveInformationModelMove",
    }
    assert {uid: known[name] for uid, name in names.items()} == {
        uid: uid for uid in names
    }
