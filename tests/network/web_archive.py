"""A DICOMweb server in the test process, as correct or as rude as a test wants it."""

import contextlib
import fnmatch
import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pydicom
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.filewriter import dcmwrite
from pydicom.uid import ExplicitVRLittleEndian
from typing_extensions import override

from viewer.core.peers import Peer, Tls, Way, WebAccess
from viewer.network.web.multipart import Multipart, boundary_of

Quirk = Callable[["Handler"], bool | None]
"""Answers a request in its own way; true leaves it to the server after all."""

_USUAL = ("00080020", "00080061", "00100010", "00100020", "0020000D")


class WebArchive:
    """What the server has, was asked and was brought.

    Attributes
    ----------
    files : list of bytes
        The objects it has.
    asked : list of str
        Paths with queries, in the order in which they were asked for.
    shown : list of str
        What logged in, of each request.
    stored : dict of str to bytes
        Files that were brought, by their UID.
    quirks : list
        Taken one for each request, while there are any.
    always : callable or None
        A quirk for every request.
    """

    def __init__(self, files: Sequence[bytes], tls: ssl.SSLContext | None) -> None:
        self.files = list(files)
        self.asked: list[str] = []
        self.shown: list[str] = []
        self.stored: dict[str, bytes] = {}
        self.refused: dict[str, int] = {}
        self.quirks: list[Quirk | None] = []
        self.always: Quirk | None = None
        self.most_rows = 0
        self.honest = True
        self.knows_offset = True
        self.login = ""
        self.lock = threading.Lock()
        self.closing = threading.Event()
        self._tls = tls
        self._server = _Server(self, tls)
        self.port = self._server.server_address[1]

    def peer(self, **changes: Any) -> Peer:
        """One of our peers: the server as we know it."""
        access = changes.pop("access", {})
        scheme, host = ("https", "localhost") if self._tls else ("http", "127.0.0.1")
        url = f"{scheme}://{host}:{changes.pop('port', self.port)}/web"
        web = WebAccess(**{"url": url, **access})
        return Peer(**{"name": "Web", "ways": (Way.WEB,), "web": web, **changes})

    @property
    def callers(self) -> int:
        """How many connections it has had."""
        return len(self._server.callers)

    def trusted(self, ca: Path, **changes: Any) -> Peer:
        """The same, believed by its certificate."""
        return self.peer(tls=Tls(ca), **changes)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: "_Server"

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    @property
    def archive(self) -> WebArchive:
        """Whose connection it is."""
        return self.server.archive

    def do_GET(self) -> None:
        """Search, or hand out."""
        if self._is_answered():
            return
        path, query = self.parts()
        found = re.fullmatch(
            r"/web/studies(?:/([^/]+)/series(?:/([^/]+)(/instances)?(?:/([^/]+))?)?)?",
            path,
        )
        if found is None:
            self.say(404)
            return
        study, series, below, instance = found.groups()
        if instance or (series and not below):
            self._hand_out(study, series, instance)
        else:
            tags = [tag for tag in ("0020000D", "0020000E") if tag][: 2 if below else 1]
            known = dict(zip(tags, (study, series), strict=False)) if study else {}
            level = "instance" if below else "series" if study else "study"
            self._search(level, {k: v for k, v in known.items() if v}, query)

    def do_POST(self) -> None:
        """Take objects."""
        length = self.headers.get("Content-Length")
        if length is None:
            body = b"".join(self._chunks())
        else:
            body = self.rfile.read(int(length))
        self.body = body
        if self._is_answered():
            return
        boundary = boundary_of(self.headers["Content-Type"])
        assert boundary is not None
        source = BytesIO(body)
        said: dict[str, Any] = {"00081198": [], "00081199": []}
        parts = Multipart(source.readinto, boundary).parts()
        for _, pieces in parts:
            raw = b"".join(bytes(piece) for piece in pieces)
            ds = pydicom.dcmread(BytesIO(raw))
            uid = str(ds.SOPInstanceUID)
            reason = self.archive.refused.get(uid, 0)
            syntax = str(ds.file_meta.TransferSyntaxUID)
            if reason == 0xC122 and syntax == "1.2.840.10008.1.2.1":
                reason = 0
            item: dict[str, Any] = {"00081155": {"vr": "UI", "Value": [uid]}}
            if reason:
                item["00081197"] = {"vr": "US", "Value": [reason]}
            else:
                self.archive.stored[uid] = raw
            said["00081198" if reason else "00081199"].append(item)
        status = 200
        if said["00081198"]:
            status = 202 if said["00081199"] else 409
        answer = {t: {"vr": "SQ", "Value": v} for t, v in said.items() if v}
        self.say(status, json.dumps(answer).encode(), "application/dicom+json")

    def parts(self) -> tuple[str, dict[str, str]]:
        """Path and query."""
        parts = urlsplit(self.path)
        return parts.path, {k: v[0] for k, v in parse_qs(parts.query).items()}

    def say(
        self, status: int, body: bytes = b"", kind: str = "text/html", **more: str
    ) -> None:
        """One plain answer."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in more.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def hang_up(self) -> None:
        """Close the connection behind this answer."""
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _is_answered(self) -> bool:
        """Note the request; whether a quirk or the login answers it."""
        archive = self.archive
        with archive.lock:
            archive.asked.append(self.path)
            archive.shown.append(self.headers.get("Authorization", ""))
            quirk = archive.quirks.pop(0) if archive.quirks else archive.always
        if quirk is not None:
            return not quirk(self)
        if archive.login and self.headers.get("Authorization") != archive.login:
            self.say(401, b"who?", WWW_Authenticate="Basic")
            return True
        return False

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline(), 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def _search(self, level: str, known: dict[str, str], query: dict[str, str]) -> None:
        offset = int(query.pop("offset", 0)) if self.archive.knows_offset else 0
        limit = int(query.pop("limit", 10_000))
        most = self.archive.most_rows or limit
        wanted = query.pop("includefield", "").split(",")
        query.pop("fuzzymatching", "")
        rows: dict[str, Any] = {}
        for raw in self.archive.files:
            document = pydicom.dcmread(BytesIO(raw)).to_json_dict()
            if all(_value(document, t) == v for t, v in known.items()) and all(
                _fits(document, key, pattern) for key, pattern in query.items()
            ):
                own = {"study": "0020000D", "series": "0020000E"}.get(level, "00080018")
                kept = {*_USUAL, *wanted, own}
                row = {t: v for t, v in document.items() if t in kept}
                rows.setdefault(_value(document, own), row)
        shown = list(rows.values())[offset:][: min(limit, most)]
        left = len(rows) - offset - len(shown)
        more = {}
        if left > 0 and self.archive.honest:
            more["Warning"] = f'299 test "There are {left} additional results"'
        if not shown:
            self.say(204)
            return
        self.say(200, json.dumps(shown).encode(), "application/dicom+json", **more)

    def _hand_out(self, study: str, series: str, instance: str | None) -> None:
        found = []
        for raw in self.archive.files:
            ds = pydicom.dcmread(BytesIO(raw), stop_before_pixels=True)
            if (ds.StudyInstanceUID, ds.SeriesInstanceUID) == (study, series) and (
                instance in (None, ds.SOPInstanceUID)
            ):
                found.append(raw)
        if not found:
            self.say(404)
            return
        body, kind = multipart(found)
        self.say(200, body, kind)


def multipart(files: Sequence[bytes], boundary: str = "b7") -> tuple[bytes, str]:
    """A body with these files, and its content type."""
    head = f"\r\n--{boundary}\r\nContent-Type: application/dicom\r\n\r\n".encode()
    body = b"".join(head + raw for raw in files) + f"\r\n--{boundary}--".encode()
    return body, f'multipart/related; type="application/dicom"; boundary={boundary}'


def written(ds: Dataset) -> bytes:
    """A data set as a file."""
    into = BytesIO()
    if not hasattr(ds, "file_meta"):
        ds.file_meta = FileMetaDataset()
        ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dcmwrite(into, ds, enforce_file_format=True)
    return into.getvalue()


@contextlib.contextmanager
def web_archive(
    *held: Dataset | bytes, tls: ssl.SSLContext | None = None
) -> Iterator[WebArchive]:
    """A server with these objects, for the length of a block."""
    files = [one if isinstance(one, bytes) else written(one) for one in held]
    archive = WebArchive(files, tls)
    server = archive._server
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), name="web")
    thread.start()
    try:
        yield archive
    finally:
        archive.closing.set()
        server.shutdown()
        thread.join()
        server.hang_up()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 64

    def __init__(self, archive: WebArchive, tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.archive, self._tls = archive, tls
        self.callers: set[socket.socket] = set()

    @override
    def get_request(self) -> tuple[socket.socket, Any]:
        caller, address = super().get_request()
        caller.settimeout(30)
        self.callers.add(caller)
        return caller, address

    @override
    def finish_request(self, request: Any, client_address: Any) -> None:
        with contextlib.suppress(OSError):  # a caller may leave at any moment
            if self._tls is not None:
                request = self._tls.wrap_socket(request, server_side=True)
            super().finish_request(request, client_address)
            if self._tls is not None:
                request.close()

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller may leave at any moment."""

    def hang_up(self) -> None:
        """End what is still open."""
        for caller in self.callers:
            with contextlib.suppress(OSError):
                caller.shutdown(socket.SHUT_RDWR)
            caller.close()


def _value(document: dict[str, Any], tag: str) -> str:
    values = document.get(tag, {}).get("Value", [""])
    first = values[0] if values else ""
    return str(first.get("Alphabetic", "") if isinstance(first, dict) else first)


def _fits(document: dict[str, Any], keyword: str, pattern: str) -> bool:
    tag = f"{pydicom.datadict.tag_for_keyword(keyword) or 0:08X}"
    values = document.get(tag, {}).get("Value", [""]) or [""]
    texts = [
        str(one.get("Alphabetic", "") if isinstance(one, dict) else one)
        for one in values
    ]
    if "Date" in keyword and "-" in pattern:
        first, last = pattern.split("-")
        return any((first or "0") <= one <= (last or "9") for one in texts)
    return any(fnmatch.fnmatchcase(one, pattern) for one in texts)


def busy(status: int, **headers: str) -> Quirk:
    """A quirk that answers a status and nothing else."""

    def answer(handler: Handler) -> None:
        handler.say(status, b"", "text/html", **headers)

    return answer


def raw(text: bytes, *, after: float = 0.0) -> Quirk:
    """A quirk that says these bytes and hangs up."""

    def answer(handler: Handler) -> None:
        handler.wfile.write(text)
        handler.wfile.flush()
        time.sleep(after)
        handler.hang_up()

    return answer


def silent(handler: Handler) -> None:
    """A quirk that says nothing until the end of the test."""
    handler.archive.closing.wait(30)
    handler.close_connection = True
