"""HTTP with one server: what is asked, what is answered, and what may be tried again.

We speak it on connections of our own (`connecting`), so that everything can be called
off at any moment, every failure is known by its stage, and no library logs addresses:
in a query they hold names.
"""

import http.client
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from io import BufferedReader
from typing import Final

from viewer.core.errors import Cancelled
from viewer.network.associations import PATIENT, Timeouts
from viewer.network.connecting import Cancel, Deadline, connect
from viewer.network.faults import Fault, PeerFault
from viewer.network.web.line import Line
from viewer.network.web.login import NOBODY, WebLogin
from viewer.network.web.request import Request, headers_of
from viewer.network.web.site import Site
from viewer.network.web.web_faults import BUSY, ill_mannered, refusal, unreached

_AGAIN: Final = 3  # attempts at a server that is busy
_PAUSE_S: Final = 0.3
_LONGEST_PAUSE_S: Final = 5.0
_LOOK_S: Final = 0.1
_REDIRECTS: Final = 3
_MOVED: Final = {
    HTTPStatus.MOVED_PERMANENTLY,
    HTTPStatus.FOUND,
    HTTPStatus.TEMPORARY_REDIRECT,
    HTTPStatus.PERMANENT_REDIRECT,
}
_DRAINED: Final = 1 << 16  # bytes of an answer read to keep a connection


class Answer:
    """What a server answers: a status, headers, and a body to read once."""

    def __init__(self, client: "WebClient", response: http.client.HTTPResponse) -> None:
        self._client, self._response = client, response
        self.status = response.status
        self.content_type = response.headers.get("Content-Type", "")
        self.warning = response.headers.get("Warning", "")
        self.location = response.headers.get("Location", "")
        self.retry_after = response.headers.get("Retry-After", "")
        self.coded = response.headers.get("Content-Encoding", "identity")

    def read_into(self, buffer: memoryview) -> int:
        """The next bytes of the body; 0 at its end.

        Raises
        ------
        PeerFault
            If the connection breaks, or the body ends too early.
        """
        with self._client.wire():
            read = (
                self._read_chunk(buffer)
                if self._response.chunked
                else self._read(buffer)
            )
            if not read and self._response.length:
                raise PeerFault(Fault.LOST, self._client.site.node)
            return read

    def text(self, limit: int) -> bytes:
        """The whole body.

        Raises
        ------
        PeerFault
            If it is longer than `limit` bytes, or does not come.
        """
        got = bytearray()
        buffer = memoryview(bytearray(1 << 16))
        while read := self.read_into(buffer):
            got += buffer[:read]
            if len(got) > limit:
                raise ill_mannered(self._client.site.node, "a short answer")
        return bytes(got)

    def close(self) -> None:
        """Read no more of it."""
        self._response.close()

    def _read(self, buffer: memoryview) -> int:
        """What is here already, or the next that comes: nobody waits for more."""
        response = self._response
        over = response.isclosed() or response.length == 0
        if over or not isinstance(response.fp, BufferedReader):
            return 0
        waiting = len(response.fp.peek(1)) or 1
        return response.readinto(buffer[: min(waiting, len(buffer))])

    def _read_chunk(self, buffer: memoryview) -> int:
        piece = self._response.read1(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def finish(self) -> bool:
        """Read a short rest; whether the connection can be used again."""
        if self._response.isclosed():
            return not self._response.will_close
        length = self._response.length
        if self._response.will_close or length is None or length > _DRAINED:
            return False
        self.text(_DRAINED)
        return True


@dataclass(slots=True)
class WebClient:
    """One connection to one server, opened when it is needed. One thread at a time.

    Attributes
    ----------
    site : Site
    login : WebLogin
    cancel : callable
    timeouts : Timeouts
    """

    site: Site
    login: WebLogin = NOBODY
    cancel: Cancel = lambda: False
    timeouts: Timeouts = PATIENT
    _open: http.client.HTTPConnection | None = field(default=None, repr=False)

    def close(self) -> None:
        """Hang up."""
        if self._open is not None:
            self._open.close()
            self._open = None

    @contextmanager
    def ask(self, request: Request) -> Iterator[Answer]:
        """Ask, and have the answer for the length of a block.

        Raises
        ------
        PeerFault
            If the status is not one of `request.welcome`, or anything breaks.
        Cancelled, EnvironmentFailure
        """
        answer = self._welcome(request)
        whole = False
        try:
            if answer.coded.lower() != "identity":
                raise ill_mannered(self.site.node, "what was asked for")
            yield answer
            whole = answer.finish()
        finally:
            answer.close()
            if not whole:
                self.close()

    @contextmanager
    def wire(self) -> Iterator[None]:
        """Whatever breaks the wire becomes a fault."""
        node = self.site.node
        try:
            yield
        except TimeoutError as cause:
            raise unreached(PeerFault(Fault.SILENT, node), node) from cause
        except (OSError, http.client.IncompleteRead) as cause:
            raise PeerFault(Fault.LOST, node) from cause
        except (http.client.HTTPException, ValueError) as cause:
            raise ill_mannered(node, "HTTP") from cause

    def _welcome(self, request: Request) -> Answer:
        """The first answer that is one."""
        shown, attempts, moves = self._authorization(), 0, 0
        while True:
            answer = self._attempt(request, shown)
            if answer.status in request.welcome:
                return answer
            self._end(answer)
            if answer.status == HTTPStatus.UNAUTHORIZED and shown:
                shown = self.login.renewed(shown)
                if shown:
                    continue
            elif answer.status in BUSY and attempts + 1 < _AGAIN:
                attempts += 1
                self._wait(answer, attempts)
                continue
            elif answer.status in _MOVED and moves < _REDIRECTS:
                moves += 1
                path = self.site.base + request.path
                moved = self.site.redirected(path, answer.location)
                if moved is not None and moved.startswith(self.site.base):
                    path = moved.removeprefix(self.site.base)
                    request = replace(request, path=path)
                    continue
            raise refusal(self.site.node, answer.status)

    def _authorization(self) -> str:
        node = self.site.node
        if node.web_in_clear:
            raise PeerFault(
                Fault.IDENTITY,
                node,
                sentence="What logs in to {peer.name} would travel in clear.",
                hint="Use an address with https://, or allow it explicitly.",
            )
        return self.login.authorization()

    def _attempt(self, request: Request, shown: str) -> Answer:
        """One request; a second one where the kept connection was closed meanwhile."""
        while True:
            stale = self._open is not None
            try:
                return self._exchange(request, shown)
            except PeerFault as fault:
                self.close()
                if not stale or fault.fault is not Fault.LOST:
                    raise
            except BaseException:
                self.close()
                raise

    def _exchange(self, request: Request, shown: str) -> Answer:
        connection = self._open or self._connected()
        self._open = connection
        headers = headers_of(request, self.site.host_header, shown)
        body = None if request.body is None else request.body()
        with self.wire():
            try:
                connection.request(
                    request.method,
                    self.site.base + request.path,
                    body=body,
                    headers=headers,
                    encode_chunked=request.length is None,
                )
            except (ConnectionError, TimeoutError):
                if body is None:
                    raise  # otherwise it may have said why before it hung up
            return Answer(self, connection.getresponse())

    def _connected(self) -> http.client.HTTPConnection:
        node = self.site.node
        try:
            wire = connect(node, Deadline(self.timeouts.connect, self.cancel))
        except PeerFault as fault:
            raise unreached(fault, node) from fault
        connection = http.client.HTTPConnection(node.host, node.port)
        line = Line(wire, self.timeouts.silence, self.cancel)
        connection.sock = line  # all that it uses of a socket
        connection.auto_open = 0
        return connection

    def _end(self, answer: Answer) -> None:
        """Leave an answer that is not wanted."""
        try:
            whole = answer.finish()
        except PeerFault:
            whole = False
        answer.close()
        if not whole:
            self.close()

    def _wait(self, answer: Answer, attempts: int) -> None:
        """Give the server the time it asks for, within reason."""
        asked = answer.retry_after
        pause = float(asked) if asked.isascii() and asked.isdigit() else _PAUSE_S
        until = time.monotonic() + min(pause * attempts, _LONGEST_PAUSE_S)
        while (left := until - time.monotonic()) > 0:
            if self.cancel():
                raise Cancelled
            time.sleep(min(left, _LOOK_S))
