"""QIDO-RS: what a server has, as rows of the DICOM JSON model; PS3.18 10.6."""

import time
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, urlencode

from viewer.core.peers import Peer
from viewer.network.associations import PATIENT, Timeouts
from viewer.network.connecting import Cancel
from viewer.network.faults import PeerFault
from viewer.network.web.client import WebClient
from viewer.network.web.json_rows import Row, json_rows
from viewer.network.web.login import NOBODY, WebLogin
from viewer.network.web.request import Request
from viewer.network.web.site import Site
from viewer.network.web.web_faults import ill_mannered

JSON: Final = "application/dicom+json"
_ACCEPT: Final = f"{JSON}, application/json;q=0.9"
_STUDIES: Final = "/studies"
_PAGE: Final = 500
_MOST_PAGES: Final = 10_000


class Searching:
    """Questions to one server over one connection. One thread at a time.

    Parameters
    ----------
    peer : Peer
    login : WebLogin
    cancel : callable
    timeouts : Timeouts

    Raises
    ------
    PeerFault
        If no DICOMweb of the peer is known.
    """

    def __init__(
        self,
        peer: Peer,
        *,
        login: WebLogin = NOBODY,
        cancel: Cancel = lambda: False,
        timeouts: Timeouts = PATIENT,
    ) -> None:
        self._client = WebClient(Site.of(peer), login, cancel, timeouts)

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def rows(
        self, path: str, keys: Mapping[str, str], fields: tuple[str, ...] = ()
    ) -> Iterator[Row]:
        """What the server has, page by page until it has no more.

        Servers bound their answers, and some do not say so: it is asked for more until
        nothing comes that was not there before.

        Parameters
        ----------
        path : str
            ``/studies``, or below a study or series.
        keys : mapping of str to str
            What must match, by keyword, with ``*`` and ``?``; empty matches all.
        fields : tuple of str
            Attributes that are wanted beside the usual ones, as eight digits.

        Raises
        ------
        PeerFault, Cancelled, EnvironmentFailure
        """
        asked = {name: value for name, value in keys.items() if value}
        wanted = ",".join(fields)
        seen: set[str] = set()
        for _ in range(_MOST_PAGES):
            fresh = 0
            page = {"limit": str(_PAGE), "offset": str(len(seen))} if seen else {}
            for row in self._page(path, asked, wanted, page):
                name = _name(row)
                if name not in seen:
                    seen.add(name)
                    fresh += 1
                    yield row
            if not fresh:
                return

    def _page(
        self, path: str, asked: Mapping[str, str], wanted: str, page: Mapping[str, str]
    ) -> Iterator[Row]:
        including = {"includefield": wanted} if wanted else {}
        first = {} if page else {"limit": str(_PAGE)}
        query = {**asked, "fuzzymatching": "false", **first, **page}
        try:
            yield from self.answers(path, {**query, **including})
        except PeerFault as fault:
            if fault.status == HTTPStatus.NOT_FOUND and path != _STUDIES:
                return  # nothing lies below a study that is not there
            if fault.status != HTTPStatus.BAD_REQUEST or not (including or page):
                raise
            if page:
                return  # what lies beyond the last row is wrong for some
        else:
            return
        yield from self.answers(path, query)  # some know only a few attributes

    def answers(self, path: str, query: Mapping[str, str]) -> Iterator[Row]:
        """The rows of one answer, as they come.

        Raises
        ------
        PeerFault, Cancelled, EnvironmentFailure
        """
        written = urlencode(query, quote_via=quote, safe="*,")
        request = Request(f"{path}?{written}", _ACCEPT)
        with self._client.ask(request) as answer:
            if answer.status == HTTPStatus.NO_CONTENT:
                return
            try:
                yield from json_rows(answer.read_into)
            except ValueError as cause:
                raise ill_mannered(self._client.site.node, "a list in JSON") from cause


def web_echo(
    peer: Peer,
    *,
    login: WebLogin = NOBODY,
    cancel: Cancel = lambda: False,
    timeouts: Timeouts = PATIENT,
) -> float:
    """Ask a server for one study; the seconds its answer took.

    Raises
    ------
    PeerFault, Cancelled, EnvironmentFailure
    """
    started = time.monotonic()
    searching = Searching(peer, login=login, cancel=cancel, timeouts=timeouts)
    try:
        for _ in searching.answers(_STUDIES, {"limit": "1"}):
            break
    finally:
        searching.close()
    return time.monotonic() - started


def _name(row: Row) -> str:
    """What tells an answer from the others: its UIDs."""
    return "/".join(
        str(row.get(tag, {}).get("Value", "")) if isinstance(row.get(tag), dict) else ""
        for tag in ("0020000D", "0020000E", "00080018")
    )
