"""STOW-RS: objects to a server, several in one request; PS3.18 10.5."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from viewer.core.peers import Peer
from viewer.network.associations import PATIENT, Timeouts
from viewer.network.connecting import Cancel
from viewer.network.store import Stored
from viewer.network.web.client import WebClient
from viewer.network.web.login import NOBODY, WebLogin
from viewer.network.web.qido import JSON
from viewer.network.web.request import Request
from viewer.network.web.site import Site
from viewer.network.web.wado import DICOM

WRONG_SYNTAX: Final = 0xC122
"""Failure reason of an object whose transfer syntax is not taken; table 10.5.3-2."""

_FAILED, _KEPT = "00081198", "00081199"
_UID, _REASON, _WARNING = "00081155", "00081197", "00081196"
_COERCED, _FAILURE = 0xB000, 0x0110
_LONGEST_ANSWER: Final = 1 << 23
_ANSWERS: Final = frozenset({HTTPStatus.OK, HTTPStatus.ACCEPTED, HTTPStatus.CONFLICT})


_UNTOLD_BY: Final[Mapping[int, Stored]] = {
    HTTPStatus.OK: Stored(0),
    HTTPStatus.CONFLICT: Stored(_FAILURE),
}
"""What a status says of all objects that are not named; PS3.18 table 10.5.3-1."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One object to send, as a whole file.

    Attributes
    ----------
    sop_instance_uid : str
    pieces : callable
        Gives its bytes, anew for each attempt.
    size : int or None
        How many; None if nobody knows before.
    """

    sop_instance_uid: str
    pieces: Callable[[], Iterable[bytes]]
    size: int | None


class Stowing:
    """One connection that takes objects. One thread at a time."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self.peer = client.site.node

    def send(self, parcels: Sequence[Parcel]) -> dict[str, Stored | None]:
        """Send objects in one request; what the server says of each, by its UID.

        None where it kept silent about an object that it may not have kept.

        Raises
        ------
        PeerFault
            If the server takes the request as a whole not, or the wire breaks.
        Cancelled
        """
        boundary = os.urandom(16).hex()
        sizes = [one.size for one in parcels]
        known = [size for size in sizes if size is not None]
        around = sum(len(part) for part in _frame(boundary, len(parcels)))
        request = Request(
            "/studies",
            f"{JSON}, application/json;q=0.9",
            "POST",
            lambda: _body(boundary, parcels),
            around + sum(known) if len(known) == len(sizes) else None,
            f'multipart/related; type="{DICOM}"; boundary={boundary}',
            _ANSWERS,
        )
        with self._client.ask(request) as answer:
            told = _told(answer.text(_LONGEST_ANSWER))
            untold = _UNTOLD_BY.get(answer.status)
        return {
            one.sop_instance_uid: told.get(one.sop_instance_uid, untold)
            for one in parcels
        }


@contextmanager
def open_stow(
    peer: Peer,
    *,
    login: WebLogin = NOBODY,
    cancel: Cancel = lambda: False,
    timeouts: Timeouts = PATIENT,
) -> Iterator[Stowing]:
    """What sends to the DICOMweb of a peer.

    Raises
    ------
    PeerFault, Cancelled
    """
    client = WebClient(Site.of(peer), login, cancel, timeouts)
    try:
        yield Stowing(client)
    finally:
        client.close()


def _frame(boundary: str, number: int) -> list[bytes]:
    """What stands before each object, and after the last."""
    head = f"--{boundary}\r\nContent-Type: {DICOM}\r\n\r\n".encode()
    between = b"\r\n" + head
    return [head, *[between] * (number - 1), f"\r\n--{boundary}--\r\n".encode()]


def _body(boundary: str, parcels: Sequence[Parcel]) -> Iterator[bytes]:
    *heads, end = _frame(boundary, len(parcels))
    for head, parcel in zip(heads, parcels, strict=True):
        yield head
        yield from parcel.pieces()
    yield end


def _told(raw: bytes) -> dict[str, Stored]:
    """What an answer says of single objects; nothing if it is not in JSON."""
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    if isinstance(document, list):
        document = document[0] if document else {}
    if not isinstance(document, dict):
        return {}
    told: dict[str, Stored] = {}
    for item in _items(document, _KEPT):
        told[_uid(item)] = Stored(_number(item, _WARNING, 0) and _COERCED)
    for item in _items(document, _FAILED):
        told[_uid(item)] = Stored(_number(item, _REASON, _FAILURE) or _FAILURE)
    return told


def _items(document: Mapping[str, Any], tag: str) -> list[Mapping[str, Any]]:
    attribute = document.get(tag)
    found = attribute.get("Value") if isinstance(attribute, dict) else None
    if not isinstance(found, list):
        return []
    return [item for item in found if isinstance(item, dict)]


def _first(item: Mapping[str, Any], tag: str) -> object:
    attribute = item.get(tag)
    found = attribute.get("Value") if isinstance(attribute, dict) else None
    return found[0] if isinstance(found, list) and found else None


def _uid(item: Mapping[str, Any]) -> str:
    found = _first(item, _UID)
    return found if isinstance(found, str) else ""


def _number(item: Mapping[str, Any], tag: str, otherwise: int) -> int:
    found = _first(item, tag)
    return found & 0xFFFF if isinstance(found, int) else otherwise
