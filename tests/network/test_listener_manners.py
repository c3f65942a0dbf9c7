"""Callers without manners harm nobody but themselves."""

import os
import socket
import struct
import time
from contextlib import ExitStack, suppress

import psutil
import pytest

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
    listening,
    raw,
)
from tests.network.test_listener import store_request
from viewer.core.errors import EnvironmentFailure
from viewer.network.listener.listener import Listener
from viewer.network.listener.policy import Bounds, Policy

GARBAGE = {
    "an HTTP request": b"GET / HTTP/1.1\r\nHost: here\r\n\r\n",
    "a TLS hello": bytes.fromhex("16030102000100"),
    "zeros": bytes(64),
    "a PDU of 4 GiB": struct.pack(">BxI", 1, 0xFFFFFFFF),
    "data before any word": fragment(1, 3, b"x"),
    "a hello cut inside": hello(VERIFICATION)[:6] + bytes(68),
    "an item longer than the hello": hello(VERIFICATION)[:-30] + b"\xff" * 30,
}


@pytest.mark.parametrize("said", list(GARBAGE.values()), ids=list(GARBAGE))
def test_who_says_hello_in_another_language_is_hung_up_on(said: bytes) -> None:
    with listening() as port:
        with raw(port) as connection:
            connection.sendall(said)
            with suppress(OSError):  # the listener may have hung up already
                connection.shutdown(socket.SHUT_WR)
            assert heard(connection)[0] in (0, 3, 7)
        assert echoed(port) == 0x0000


NONSENSE = {
    "a PDU of 4 GiB": struct.pack(">BxI", 4, 0xFFFFFFFF),
    "a PDU without a value": struct.pack(">BxI", 4, 0),
    "a value longer than its PDU": struct.pack(">BxIIBB", 4, 6, 0xFFFFFFFF, 1, 3),
    "a value shorter than its head": struct.pack(">BxIIBB", 4, 6, 1, 1, 3),
    "a PDU of no kind": struct.pack(">BxI", 9, 4) + bytes(4),
    "a second hello": hello(VERIFICATION),
    "a command that is none": fragment(1, 3, b"\xff" * 64),
    "a command without end": fragment(1, 1, bytes(10_000)) * 3,
    "a context nobody granted": fragment(77, 3, store_request()),
    "data before a command": fragment(1, 2, b"data"),
    "a command in the middle of data": fragment(1, 3, store_request())
    + fragment(1, 0, b"data")
    + fragment(1, 3, store_request()),
    "another context in the middle": fragment(1, 3, store_request())
    + fragment(1, 0, b"data")
    + fragment(3, 2, b"data"),
}


@pytest.mark.parametrize("said", list(NONSENSE.values()), ids=list(NONSENSE))
def test_who_speaks_nonsense_later_is_cut_off_and_nothing_is_kept(said: bytes) -> None:
    inbox = Inbox()
    with listening(inbox) as port:
        with associated(port) as connection:
            connection.sendall(said)
            assert heard(connection)[0] in (0, 7)
        assert echoed(port) == 0x0000
    assert inbox.kept == []


@pytest.mark.parametrize("cut", [1, 8, 40, 100, 500, 1100])
def test_who_goes_in_the_middle_leaves_nothing(cut: int) -> None:
    inbox = Inbox()
    message = fragment(1, 3, store_request()) + fragment(1, 2, bytes(1000))
    with listening(inbox) as port:
        with associated(port) as connection:
            connection.sendall(message[:cut])
            connection.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
            )
        assert echoed(port) == 0x0000
    assert inbox.kept == []


def test_who_says_nothing_is_hung_up_on_in_time() -> None:
    middle = fragment(1, 3, store_request()) + fragment(1, 0, b"data")
    with listening(bounds=Bounds(hello_s=0.3)) as port:
        with raw(port) as connection:
            assert heard(connection)[0] == 0
        with raw(port) as connection:
            connection.sendall(hello(VERIFICATION)[:20])
            assert heard(connection)[0] == 0
    with listening(bounds=Bounds(hello_s=GENEROUS, silence_s=0.3, idle_s=0.6)) as port:
        with associated(port) as connection:
            assert heard(connection)[0] == 7
        with associated(port) as connection:
            connection.sendall(middle)
            assert heard(connection)[0] == 7


def trickle(connection: socket.socket, seconds: float) -> None:
    """Say a byte now and then, until hung up on."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        connection.sendall(b"\1")
        time.sleep(0.02)


def test_a_byte_now_and_then_does_not_hold_a_hello_open() -> None:
    with (
        listening(bounds=Bounds(hello_s=0.5)) as port,
        raw(port) as connection,
        pytest.raises((ConnectionResetError, BrokenPipeError)),
    ):
        trickle(connection, GENEROUS)


def test_the_longest_silent_make_room_for_who_has_something_to_say() -> None:
    inbox = Inbox()
    bounds = Bounds(connections=12, from_one_address=8)
    with listening(inbox, bounds=bounds) as port, ExitStack() as crowd:
        idle = [crowd.enter_context(associated(port)) for _ in range(6)]
        for _ in range(2):
            crowd.enter_context(raw(port))
        time.sleep(0.3)  # nobody is cut off who called just now
        association = caller().associate("127.0.0.1", port)
        assert association.send_c_store(ct()).Status == 0x0000
        assert echoed(port) == 0x0000
        assert heard(idle[0])[0] == 0
        association.release()
    assert len(inbox.kept) == 1


def test_who_is_at_work_is_not_the_one_to_go() -> None:
    inbox = Inbox()
    bounds = Bounds(connections=4, from_one_address=4)
    with listening(inbox, bounds=bounds) as port, ExitStack() as crowd:
        idle = [crowd.enter_context(associated(port)) for _ in range(3)]
        worker = crowd.enter_context(associated(port))
        worker.sendall(fragment(1, 3, store_request()))
        worker.sendall(fragment(1, 0, bytes(20_000)))
        time.sleep(0.3)  # nobody is cut off who called just now
        for gone in idle[:2]:
            crowd.enter_context(associated(port))
            assert heard(gone)[0] == 0
        worker.sendall(fragment(1, 2, b""))
        assert heard(worker)[0] == 4
    assert len(inbox.kept) == 1


def test_what_a_pdu_declares_costs_no_memory() -> None:
    inbox = Inbox()
    process = psutil.Process(os.getpid())
    with listening(inbox) as port:
        assert echoed(port) == 0x0000
        before = process.memory_info().rss
        with ExitStack() as callers:
            for kind in (1, 4):
                connection = callers.enter_context(
                    raw(port) if kind == 1 else associated(port)
                )
                connection.sendall(struct.pack(">BxI", kind, 0xFFFFFFFF))
                assert heard(connection)[0] in (0, 7)
        assert process.memory_info().rss - before < 32 << 20
    assert inbox.most_at_once <= 1 << 18


def test_a_listener_that_stops_lets_nobody_wait() -> None:
    with ExitStack() as callers:
        with listening() as port:
            connections = [callers.enter_context(associated(port)) for _ in range(3)]
            connections += [callers.enter_context(raw(port)) for _ in range(3)]
        for connection in connections:
            assert heard(connection)[0] in (0, 7)
        with pytest.raises(ConnectionError):
            raw(port).__enter__()


def test_a_port_that_is_taken_is_said_to_be() -> None:
    with (
        listening() as port,
        pytest.raises(EnvironmentFailure, match=f"Port {port} is taken"),
        Listener(Policy(port=port, host="127.0.0.1"), ()),
    ):
        pass
