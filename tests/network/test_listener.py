"""What comes to the listener is taken as it is, and answered as the standard says."""

import logging
import struct
from typing import Any

import pytest
from pydicom.uid import (
    CTImageStorage,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
)
from pynetdicom.dsutils import encode

from tests.network.listeners import (
    GENEROUS,
    VERIFICATION,
    Inbox,
    associated,
    caller,
    ct,
    echoed,
    fragment,
    heard,
    hello,
    in_parallel,
    listening,
    raw,
)
from viewer.core.errors import (
    Cancelled,
    EnvironmentFailure,
    MismatchError,
    UnreadableError,
    ViewerError,
)
from viewer.core.peers import Peer
from viewer.network.associations import Timeouts
from viewer.network.command_set import CommandField, CommandSet, decoded, encoded
from viewer.network.listener.policy import Allowed
from viewer.network.negotiation import Proposal
from viewer.network.store import open_store

PRIVATE_CLASS = "1.3.46.670589.11.0.0.12.1"
RETIRED_CLASS = "1.2.840.10008.5.1.4.1.1.3"  # ultrasound multi-frame


def test_an_object_arrives_as_it_was_sent() -> None:
    inbox = Inbox()
    with listening(inbox) as port:
        association = caller().associate("127.0.0.1", port)
        assert association.send_c_store(ct(size=300_000)).Status == 0x0000
        assert association.send_c_echo().Status == 0x0000
        assert association.send_c_store(ct(2)).Status == 0x0000
        association.release()
        assert association.is_released
    sent = encode(ct(size=300_000), is_implicit_vr=False, is_little_endian=True)
    announced, kept = inbox.kept[0]
    assert kept == sent
    assert announced.sop_class_uid == CTImageStorage
    assert announced.sop_instance_uid == "1.2.3.1"
    assert announced.syntax_uid == ExplicitVRLittleEndian
    assert announced.caller.title == "CALLER"
    assert announced.caller.address == "127.0.0.1"
    assert len(inbox.kept) == 2


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (EnvironmentFailure("The disk is full."), 0xA700),
        (Cancelled(), 0xA700),
        (MismatchError("It is another."), 0xA900),
        (UnreadableError("It cannot be read."), 0xC000),
    ],
)
@pytest.mark.parametrize("after", [None, 0, 100_000])
def test_what_cannot_be_kept_is_heard_to_its_end_and_refused(
    error: ViewerError, status: int, after: int | None
) -> None:
    inbox = Inbox(refusal=error, refuse_after=after)
    with listening(inbox) as port:
        association = caller().associate("127.0.0.1", port)
        assert association.send_c_store(ct(size=300_000)).Status == status
        inbox.refusal = None
        assert association.send_c_store(ct()).Status == 0x0000
        association.release()
    assert len(inbox.kept) == 1


def granted(port: int, uid: str, *syntaxes: str) -> str:
    """The syntax a class is granted in; empty if not at all."""
    ae = caller()
    ae.requested_contexts = []
    ae.add_requested_context(uid, list(syntaxes) or ExplicitVRLittleEndian)
    ae.add_requested_context(VERIFICATION, ExplicitVRLittleEndian)
    association = ae.associate("127.0.0.1", port)
    assert association.is_established
    found = [
        str(context.transfer_syntax[0])
        for context in association.accepted_contexts
        if context.abstract_syntax == uid
    ]
    association.release()
    return found[0] if found else ""


def test_objects_come_in_the_syntax_they_lie_in() -> None:
    plain = [ImplicitVRLittleEndian, ExplicitVRBigEndian, ExplicitVRLittleEndian]
    with listening() as port:
        assert granted(port, CTImageStorage, JPEG2000Lossless) == JPEG2000Lossless
        assert granted(port, CTImageStorage, *plain) == ExplicitVRLittleEndian
        assert granted(port, CTImageStorage, plain[1]) == ExplicitVRBigEndian
        both = [JPEG2000Lossless, ImplicitVRLittleEndian]
        assert granted(port, CTImageStorage, *both) == JPEG2000Lossless
        assert granted(port, CTImageStorage, "1.2.3.4.5") == ""
        assert granted(port, RETIRED_CLASS) == ExplicitVRLittleEndian
        assert granted(port, PRIVATE_CLASS) == ""
        assert granted(port, "1.2.840.10008.1.20.2") == ""
    with listening(private=True) as port:
        assert granted(port, PRIVATE_CLASS) == ExplicitVRLittleEndian
        assert granted(port, CTImageStorage, "1.2.3.4.5") == "1.2.3.4.5"
        assert granted(port, "1.2.840.10008.1.20.2") == ""


def test_a_caller_must_use_our_title_and_be_on_the_list() -> None:
    here = frozenset({"127.0.0.1"})
    elsewhere = frozenset({"192.0.2.1"})
    with listening(titles=frozenset({"LIGHTBOX", "OTHER"})) as port:
        assert echoed(port, "LIGHTBOX") == echoed(port, "OTHER") == 0x0000
        assert echoed(port, "lightbox") is None
    allowed = (Allowed("GOOD", here), Allowed("FAR", elsewhere), Allowed("ANYWHERE"))
    with listening(allowed=allowed) as port:
        assert echoed(port, title="GOOD") == echoed(port, title="ANYWHERE") == 0x0000
        assert echoed(port, title="BAD") is None
        assert echoed(port, title="FAR") is None


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        ({"titles": frozenset({"LIGHTBOX"})}, (0, 1, 1, 7)),
        ({"allowed": (Allowed("GOOD"),)}, (0, 1, 1, 3)),
    ],
)
def test_who_is_turned_away_is_told_why(
    policy: dict[str, Any], reason: tuple[int, ...]
) -> None:
    with listening(**policy) as port, raw(port) as connection:
        connection.sendall(hello(VERIFICATION))
        assert heard(connection) == (3, bytes(reason))


def store_request(size_of_uid: int = 7) -> bytes:
    command = CommandSet(
        CommandField.C_STORE_RQ,
        has_data=True,
        message_id=1,
        sop_class=CTImageStorage,
        sop_instance="1.2.3." + "1" * (size_of_uid - 6),
        priority=0,
    )
    return encoded(command)


def test_a_message_may_be_cut_anywhere() -> None:
    inbox, command, data = Inbox(), store_request(), bytes(range(256)) * 4
    pieces = [
        *(fragment(1, 1, command[at : at + 5]) for at in range(0, len(command), 5)),
        fragment(1, 3, b""),
        *(fragment(1, 0, data[at : at + 7]) for at in range(0, len(data), 7)),
        fragment(1, 2, b""),
    ]
    with listening(inbox) as port, associated(port) as connection:
        connection.sendall(b"".join(pieces))
        kind, body = heard(connection)
        assert kind == 4
        assert decoded(body[6:]).status == 0x0000
        for byte in b"".join((fragment(1, 3, command), fragment(1, 2, data))):
            connection.sendall(bytes([byte]))
        assert decoded(heard(connection)[1][6:]).status == 0x0000
    assert [kept for _, kept in inbox.kept] == [data, data]


def test_an_unknown_request_is_declined_and_the_next_one_served() -> None:
    odd = CommandSet(0x0150, message_id=3, sop_class=VERIFICATION)
    echo = CommandSet(CommandField.C_ECHO_RQ, message_id=4, sop_class=VERIFICATION)
    with listening() as port, associated(port, VERIFICATION) as connection:
        connection.sendall(fragment(1, 3, encoded(odd)))
        answer = decoded(heard(connection)[1][6:])
        assert (answer.field, answer.status, answer.responds_to) == (0x8150, 0x0211, 3)
        connection.sendall(fragment(1, 3, encoded(echo)))
        assert decoded(heard(connection)[1][6:]).status == 0x0000


def test_a_late_cancel_is_passed_over() -> None:
    cancel = CommandSet(CommandField.C_CANCEL_RQ, responds_to=1)
    echo = CommandSet(CommandField.C_ECHO_RQ, message_id=4, sop_class=VERIFICATION)
    with listening() as port, associated(port, VERIFICATION) as connection:
        connection.sendall(fragment(1, 3, encoded(cancel)))
        connection.sendall(fragment(1, 3, encoded(echo)))
        assert decoded(heard(connection)[1][6:]).status == 0x0000


def test_many_send_at_once() -> None:
    inbox = Inbox()
    patient = Timeouts(GENEROUS, GENEROUS, GENEROUS)
    proposal = Proposal(CTImageStorage, (ExplicitVRLittleEndian,))

    def send(number: int) -> None:
        peer = Peer("us", "127.0.0.1", port, "ANY")
        with open_store(peer, [proposal], timeouts=patient) as storing:
            for n in range(3):
                uid = f"1.2.3.{number * 100 + n}"
                data = [bytes(20_000)]
                said = storing.send(CTImageStorage, uid, ExplicitVRLittleEndian, data)
                assert said.status == 0x0000

    with listening(inbox) as port:
        in_parallel(6, send)
    assert len({one.sop_instance_uid for one, _ in inbox.kept}) == 18


def test_nothing_of_an_object_is_ever_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    refused = Inbox(refusal=UnreadableError("It cannot be read."))
    with caplog.at_level(logging.DEBUG):
        for inbox in (Inbox(), refused):
            with listening(inbox) as port:
                association = caller().associate("127.0.0.1", port)
                association.send_c_store(ct())
                association.release()
    said = caplog.text
    for value in ("Muster", "P1", "1.2.3.1", "CALLER"):
        assert value not in said


def test_the_largest_pdu_is_told_and_kept_to() -> None:
    with listening() as port, raw(port) as connection:
        connection.sendall(hello(CTImageStorage, longest=0))
        kind, body = heard(connection)
        assert kind == 2
        assert struct.pack(">BxHI", 0x51, 4, 1 << 18) in body
