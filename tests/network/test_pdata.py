"""Messages come off the wire as they were put on it, however they were cut."""

import socket
import struct
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viewer.network.command_set import CommandField, CommandSet
from viewer.network.pdata import Aborted, Misspoken, Stopped, Wire

STORE = CommandSet(CommandField.C_STORE_RQ, has_data=True, message_id=1)


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    one, other = pair()
    with one, other:
        yield one, other


def pair() -> tuple[socket.socket, socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        one = socket.create_connection(server.getsockname())
        return one, server.accept()[0]


def wire(connection: socket.socket, longest: int = 0, **how: object) -> Wire:
    return Wire(connection, longest, patience=30.0, **how)  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.binary(max_size=700), max_size=6),
    st.sampled_from([0, 128, 129, 200, 1000, 16384]),
)
def test_a_message_arrives_as_it_was_sent_and_even(
    parts: list[bytes], longest: int
) -> None:
    one, other = pair()
    with one, other:
        said = wire(one, longest)
        talk = threading.Thread(target=said.send, args=(5, STORE, parts))
        talk.start()
        heard = wire(other)
        got = bytearray()
        context, command = heard.read_command()
        heard.read_data(context, got.extend)
        talk.join()
    whole = b"".join(parts)
    assert (context, command) == (5, STORE)
    assert bytes(got) == whole + bytes(len(whole) % 2)


def test_no_pdu_is_longer_than_the_peer_takes_and_every_fragment_is_even(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    one, other = ends
    talk = threading.Thread(
        target=wire(one, 501).send, args=(1, STORE, [b"x" * 333] * 9)
    )
    talk.start()
    with other.makefile("rb") as file:
        last, total = 0, 0
        while last != 2:
            kind, length = struct.unpack(">BxI", file.read(6))
            size, _, last = struct.unpack(">IBB", file.read(6))
            assert kind == 4
            assert length <= 501
            assert size == length - 4
            assert size % 2 == 0
            total += 0 if last & 1 else size - 2
            file.read(size - 2)
            if last & 1:
                last = 0
    talk.join()
    assert total == 9 * 333 + 1


@pytest.mark.parametrize(
    "raw",
    [
        struct.pack(">BxI", 4, 0xFFFFFFF0),  # four gigabytes are announced
        struct.pack(">BxI", 4, 2),
        struct.pack(">BxIIBB", 4, 10, 400, 1, 3) + bytes(20),
        struct.pack(">BxIIBB", 4, 10, 6, 1, 2) + bytes(20),  # data before a command
        struct.pack(">BxI", 9, 4),
        struct.pack(">BxIIBB", 4, 10, 6, 1, 3) + bytes(20),
    ],
)
def test_what_is_no_message_ends_the_talk(
    ends: tuple[socket.socket, socket.socket], raw: bytes
) -> None:
    one, other = ends
    other.sendall(raw)
    with pytest.raises(Misspoken):
        wire(one).read_command()


@pytest.mark.parametrize("words", [b"", b"\x04", bytes.fromhex("07000000000400000000")])
def test_a_peer_that_goes_away_is_noticed(
    ends: tuple[socket.socket, socket.socket], words: bytes
) -> None:
    one, other = ends
    other.sendall(words)
    other.close()
    with pytest.raises(Aborted):
        wire(one).read_command()


def test_a_wish_to_stop_is_heard_while_the_peer_is_silent(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    with pytest.raises(Stopped):
        wire(ends[0], stop=lambda: True).read_command()


def test_a_peer_that_takes_nothing_is_not_waited_for_for_ever(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    impatient = Wire(ends[0], 0, patience=0.0)
    with pytest.raises(TimeoutError):
        impatient.send(1, STORE, [bytes(1 << 20)] * 64)
