"""The ways to fetch from a peer, ready to be opened."""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial

from viewer.core.peers import Peer, Way
from viewer.network.connecting import Cancel
from viewer.network.contexts import USUAL_SYNTAXES, of_any_class, to_receive
from viewer.network.get import open_get
from viewer.network.move import open_move
from viewer.network.ways import Fetcher
from viewer.network.web.login import NOBODY, WebLogin

_GETTING = 3
"""Associations at a time: while one object is forced to disk another one comes."""

_STREAMS = 4
"""Connections of HTTP at a time; each asks for one series after the other."""


@dataclass(frozen=True, slots=True)
class Road:
    """One kind of connection that fetches.

    Attributes
    ----------
    classes : collection of str or None
        SOP classes it can carry; None is any.
    open : callable
        Opens one, that can be called off.
    lanes : int
        How many of them are worth having at a time.
    streams : bool
        Whether a whole series comes much faster than its instances one by one.
    """

    classes: Collection[str] | None
    open: Callable[[Cancel], AbstractContextManager[Fetcher]]
    lanes: int = 1
    streams: bool = False


def roads(
    way: Way,
    peer: Peer,
    secret: str,
    classes: Collection[str],
    login: WebLogin = NOBODY,
) -> tuple[Road, ...]:
    """What brings objects of these classes from `peer` to us, who asked for them."""
    if way is Way.GET:
        return _get_roads(peer, secret, classes)
    from viewer.network.web.wado import open_wado  # noqa: PLC0415 - HTTP is slow

    def opened(cancel: Cancel) -> AbstractContextManager[Fetcher]:
        return open_wado(peer, login=login, cancel=cancel)

    return (Road(None, opened, _STREAMS, streams=True),)


def move_road(peer: Peer, secret: str, came: Callable[[], bool]) -> Road:
    """What has `peer` send to our listener; `came` says whether anything does."""
    return Road(None, _opening(partial(open_move, came=came), peer, secret=secret))


def _get_roads(peer: Peer, secret: str, classes: Collection[str]) -> tuple[Road, ...]:
    syntaxes = peer.syntaxes or USUAL_SYNTAXES
    known = sorted(one for one in classes if one)
    found = [
        Road(
            {context.abstract for context in group},
            _opening(open_get, peer, group, secret=secret),
            _GETTING,
        )
        for group in to_receive(known, syntaxes)
    ]
    if len(known) < len(set(classes)):  # the peer did not tell some of them
        group = of_any_class(syntaxes)
        found.append(Road(None, _opening(open_get, peer, group, secret=secret)))
    return tuple(found)


def _opening(
    opener: Callable[..., AbstractContextManager[Fetcher]], *what: object, secret: str
) -> Callable[[Cancel], AbstractContextManager[Fetcher]]:
    prepared = partial(opener, *what, secret=secret)
    return lambda cancel: prepared(cancel=cancel)
