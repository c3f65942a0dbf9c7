"""What is asked of a web server."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus


@dataclass(frozen=True, slots=True)
class Request:
    """One request.

    Attributes
    ----------
    path : str
        Below the site's base, with its query.
    accept : str
        Media types that may come.
    method : str
    body : callable or None
        Gives its bytes in pieces, anew for each attempt.
    length : int or None
        Bytes of the body; None if nobody knows before.
    content_type : str
    welcome : collection of int
        Statuses that are answers; every other one is a fault.
    """

    path: str
    accept: str
    method: str = "GET"
    body: Callable[[], Iterable[bytes]] | None = None
    length: int | None = None
    content_type: str = ""
    welcome: frozenset[int] = frozenset({HTTPStatus.OK, HTTPStatus.NO_CONTENT})


def headers_of(request: Request, host: str, shown: str) -> Mapping[str, str]:
    """The header fields of a request.

    Parameters
    ----------
    request : Request
    host : str
        How HTTP calls the server.
    shown : str
        What logs in; empty for nothing.
    """
    headers = {"Host": host, "Accept": request.accept, "User-Agent": "Lightbox"}
    if shown:
        headers["Authorization"] = shown
    if request.body is not None:
        headers["Content-Type"] = request.content_type
        if request.length is None:
            headers["Transfer-Encoding"] = "chunked"
        else:
            headers["Content-Length"] = str(request.length)
    return headers
