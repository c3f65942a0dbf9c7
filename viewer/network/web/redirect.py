"""The door at which the browser brings the code of a login; RFC 8252 7.3."""

import contextlib
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hmac import compare_digest
from typing import Final
from urllib.parse import parse_qs, urlsplit

from viewer.core.errors import Cancelled, EnvironmentFailure
from viewer.core.peers import Peer
from viewer.network.connecting import Cancel, Deadline
from viewer.network.faults import Fault, PeerFault

_PATIENCE_S: Final = 300.0
_LOOK_S: Final = 0.1
_ONE_CALLER_S: Final = 5.0
_LONGEST_HEAD: Final = 1 << 14
_PAGE: Final = (
    "<!doctype html><meta charset=utf-8><title>Lightbox</title>"
    "<body style='font:16px sans-serif;margin:4em'><p>{words}</p>"
)
_DONE: Final = "You are logged in. This page can be closed."
_NOT_OURS: Final = "Nothing is expected here."


class Doorway:
    """Waits on this computer for the browser.

    Attributes
    ----------
    address : str
        Where the browser is to come.
    """

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self.address = f"http://127.0.0.1:{listener.getsockname()[1]}/"

    def code(self, peer: Peer, state: str, cancel: Cancel) -> str:
        """The code, once somebody comes with our `state`.

        Raises
        ------
        PeerFault
            If the user refused, or nobody came in time.
        Cancelled
        """
        until = time.monotonic() + _PATIENCE_S
        self._listener.settimeout(_LOOK_S)
        while time.monotonic() < until:
            if cancel():
                raise Cancelled
            try:
                caller, _ = self._listener.accept()
            except TimeoutError:
                continue
            with caller, contextlib.suppress(OSError):
                answer = _asked(caller, state, Deadline(_ONE_CALLER_S, cancel))
                if answer is not None:
                    return _code(peer, answer)
        raise PeerFault(
            Fault.LOGIN, peer, sentence="Nobody logged in to {peer.name} in time."
        )


@contextmanager
def open_doorway() -> Iterator[Doorway]:
    """A door on a free port of this computer alone.

    Raises
    ------
    EnvironmentFailure
        If there is none.
    """
    with contextlib.ExitStack() as own:
        try:
            listener = own.enter_context(socket.create_server(("127.0.0.1", 0)))
        except OSError as cause:
            raise EnvironmentFailure(
                "The browser has no way back to Lightbox.",
                hint="Something keeps this computer from listening on 127.0.0.1.",
            ) from cause
        yield Doorway(listener)


def _asked(
    caller: socket.socket, state: str, deadline: Deadline
) -> dict[str, list[str]] | None:
    """What the caller brings; None if it is not who was sent."""
    head = bytearray()
    while b"\r\n\r\n" not in head and len(head) < _LONGEST_HEAD:
        caller.settimeout(deadline.slice())
        try:
            piece = caller.recv(4096)
        except TimeoutError:
            continue
        if not piece:
            break
        head += piece
    words = bytes(head).split(b"\r\n", 1)[0].decode("latin-1").split(" ")
    query = parse_qs(urlsplit(words[1]).query) if len(words) == 3 else {}
    brought = query.get("state", [""])[0]
    ours = words[0] == "GET" and compare_digest(brought.encode(), state.encode())
    page = _PAGE.format(words=_DONE if ours and "code" in query else _NOT_OURS).encode()
    status = "200 OK" if ours else "404 Not Found"
    caller.settimeout(_ONE_CALLER_S)
    caller.sendall(
        f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nCache-Control: no-store\r\n"
        f"Content-Length: {len(page)}\r\nConnection: close\r\n\r\n".encode()
        + page
    )
    return query if ours else None


def _code(peer: Peer, answer: dict[str, list[str]]) -> str:
    found = answer.get("code", [""])[0]
    if not found:
        raise PeerFault(
            Fault.LOGIN,
            peer,
            sentence="The login of {peer.name} was refused.",
            hint="Log in again, and allow Lightbox what it asks for.",
        )
    return found
