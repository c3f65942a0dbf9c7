"""Nobody waits for ever for a host, and whoever waits can be called off."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.network.echoes import LONG, SHORT, fault_of, polite
from tests.network.parrot import ABORTED, Line, parrot
from viewer.core.errors import Cancelled, EnvironmentFailure
from viewer.core.peers import Peer, Tls
from viewer.network.associations import Timeouts
from viewer.network.echo import echo
from viewer.network.faults import Fault, PeerFault


def test_a_port_where_nothing_listens_is_refused() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        peer = Peer("X", "127.0.0.1", closed.getsockname()[1], "X")
        fault = fault_of(peer)
    assert fault.fault is Fault.REFUSED
    assert fault.passing


def test_a_host_without_an_address_is_unknown() -> None:
    assert fault_of(Peer("X", "no.such.host.invalid", 104, "X")).fault is (
        Fault.UNKNOWN_HOST
    )


@contextmanager
def deaf_port() -> Iterator[int]:
    """A port at which connecting takes for ever: nobody is ever let in."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        waiting = []
        for _ in range(4):
            knocking = socket.socket()
            knocking.setblocking(False)  # noqa: FBT003 - the standard library's
            knocking.connect_ex(server.getsockname())
            waiting.append(knocking)
        yield server.getsockname()[1]
        for knocking in waiting:
            knocking.close()


def test_a_host_that_lets_nobody_in_is_unreachable() -> None:
    with deaf_port() as port:
        fault = fault_of(Peer("X", "127.0.0.1", port, "X"), Timeouts(connect=0.5))
    assert fault.fault is Fault.UNREACHABLE
    assert fault.passing


def test_dialling_can_be_called_off() -> None:
    with deaf_port() as port:
        peer = Peer("X", "127.0.0.1", port, "X")
        with pytest.raises(Cancelled):
            echo(peer, cancel=lambda: True, timeouts=LONG)


def test_every_address_of_a_host_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    with parrot(polite) as bird, deaf_port() as deaf:
        kind = (socket.AF_INET, socket.SOCK_STREAM, 0, "")
        ports = (deaf, 1, bird.port)
        found = [(*kind, ("127.0.0.1", port)) for port in ports]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        assert echo(bird.peer(host="several"), timeouts=Timeouts(connect=3.0)).seconds


@pytest.mark.parametrize("accepts", [False, True])
def test_a_silent_peer_is_given_up_in_time(*, accepts: bool) -> None:
    def lesson(line: Line) -> None:
        if accepts:
            line.accept()
        line.stay_silent()

    with parrot(lesson) as bird:
        assert fault_of(bird.peer(), SHORT).fault is Fault.SILENT


def test_a_peer_that_drips_its_answer_is_given_up_in_time() -> None:
    # Each byte comes well within the time, the answer as a whole does not.
    def lesson(line: Line) -> None:
        line.hear()
        line.drip(bytes(200), 1, 0.1)

    with parrot(lesson) as bird:
        assert fault_of(bird.peer(), SHORT).fault in (Fault.SILENT, Fault.MANNERS)


@pytest.mark.parametrize("accepts", [False, True])
def test_waiting_for_a_silent_peer_can_be_called_off(*, accepts: bool) -> None:
    waiting = threading.Event()

    def lesson(line: Line) -> None:
        if accepts:
            line.accept()
        else:
            line.hear()
        waiting.set()
        line.stay_silent()

    with parrot(lesson) as bird, pytest.raises(Cancelled):
        echo(bird.peer(), cancel=waiting.is_set, timeouts=LONG)


def test_tls_against_a_peer_in_clear_says_so() -> None:
    def lesson(line: Line) -> None:
        line.connection.recv(1000)
        line.say(ABORTED)

    with parrot(lesson) as bird:
        assert fault_of(bird.peer(tls=Tls(verify=False))).fault is Fault.TLS_UNWANTED


def test_a_silent_peer_is_given_up_in_time_while_it_should_encrypt() -> None:
    with parrot(Line.stay_silent) as bird:
        peer = bird.peer(tls=Tls(verify=False))
        fault = fault_of(peer, Timeouts(connect=1.0))
    assert fault.fault is Fault.SILENT


def test_a_missing_certificate_of_ours_is_told_before_anything_is_dialled() -> None:
    peer = Peer("X", "no.such.host.invalid", 1, "X", tls=Tls(verify=False))
    for tls in (Tls(ca=__file__), Tls(certificate=__file__, verify=False)):  # type: ignore[arg-type] # a path as text
        with pytest.raises(EnvironmentFailure) as caught:
            echo(Peer(peer.name, peer.host, 1, "X", tls=tls))
        assert not isinstance(caught.value, PeerFault)
