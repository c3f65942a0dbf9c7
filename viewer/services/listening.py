"""Listen for what peers send, and keep it: the wire and the door brought together."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self

from viewer.core.errors import PixelError, UnreadableError, ViewerError
from viewer.core.peers import Tls, is_title
from viewer.dicom.file_meta import file_meta
from viewer.network.listener.committing import Committing
from viewer.network.listener.listener import Listener
from viewer.network.listener.policy import Allowed, Bounds, Policy
from viewer.network.listener.reading import Reading
from viewer.network.listener.services import Announced
from viewer.network.listener.storing import Storing
from viewer.network.listener.verifying import Verifying
from viewer.services.answering import Shelf
from viewer.services.arriving import RESERVE, Arriving
from viewer.services.calling import addresses_of, entry_of
from viewer.services.commitment import CommitmentLedger
from viewer.services.frame_ref import FrameRef
from viewer.services.peers import Peers
from viewer.services.receiving import Claim, Receiving, Taken

if TYPE_CHECKING:  # SQLAlchemy loads when the catalog is opened
    from concurrent.futures import Future

    from viewer.catalog.filing import Outcome
    from viewer.dicom.frames import Samples
    from viewer.services.library import HeaderReader, Library
    from viewer.services.sending import Decode

DEFAULT_TITLE = "LIGHTBOX"
DEFAULT_PORT = 11112


@dataclass(frozen=True, slots=True)
class ListenRequest:
    """How to listen.

    Attributes
    ----------
    port : int
        0 takes any that is free.
    titles : frozenset of str
        AE titles we answer to; empty answers to any.
    allowed : tuple of Allowed
        Who may call; empty is everybody.
    private : bool
        Whether SOP classes are taken that the standard does not know.
    answers_queries : bool
        Whether programs on this machine, our peers and whoever is on the list of
        callers may query and retrieve.
    reserve : int
        Bytes of the disk that stay free.
    host : str
        Address we listen at; empty is all of this machine's.
    tls : Tls or None
    bounds : Bounds
    """

    port: int = DEFAULT_PORT
    titles: frozenset[str] = frozenset({DEFAULT_TITLE})
    allowed: tuple[Allowed, ...] = ()
    private: bool = False
    answers_queries: bool = False
    reserve: int = RESERVE
    host: str = ""
    tls: Tls | None = None
    bounds: Bounds = field(default_factory=Bounds)


@dataclass(frozen=True, slots=True)
class Received:
    """What a listener has taken so far.

    Attributes
    ----------
    imported, duplicates, conflicts, refused : int
        Objects.
    size : int
        Bytes of all that were taken.
    """

    imported: int = 0
    duplicates: int = 0
    conflicts: int = 0
    refused: int = 0
    size: int = 0


def titles_at(port: int, peers: Peers) -> frozenset[str]:
    """The AE titles by which peers send to this port, beside our usual one."""
    told = (peer.our_aet for peer in peers.all() if peer.our_port == port)
    return frozenset({DEFAULT_TITLE, *told})


def to_allowed(text: str) -> Allowed:
    """The caller described by ``TITLE``, ``TITLE@HOST`` or ``@HOST``.

    Raises
    ------
    ViewerError
        If the title cannot be one, or the host is not known.
    """
    title, _, host = text.partition("@")
    if title and not is_title(title):
        raise ViewerError(
            f"{title} cannot be an AE title.", hint="It has 1 to 16 characters."
        )
    return Allowed(title, addresses_of(host) if host else frozenset())


def readers_of(request: ListenRequest, library: "Library") -> tuple[Allowed, ...]:
    """Who may read from us, beside programs on this machine."""
    entries = map(entry_of, Peers(library.data_dir).all())
    return (*request.allowed, *(one for one in entries if one is not None))


def _decoder(reader: "HeaderReader") -> "Decode":
    """What decodes frames for those who take nothing compressed."""
    from viewer.services.workers import Workers  # noqa: PLC0415 - not in every test

    if isinstance(reader, Workers):
        return reader.decode
    return _not_decoded


def _not_decoded(_: FrameRef) -> "Samples":
    raise PixelError("The image is compressed, and nobody decodes it here.")


class Listening:
    """Listens for the length of a block; what comes is in the library.

    Parameters
    ----------
    library : Library
    request : ListenRequest
    reader : HeaderReader, optional
        By default the library's.
    taken : callable, optional
        Hears of each object, on the thread that took it.
    """

    def __init__(
        self,
        library: "Library",
        request: ListenRequest,
        reader: "HeaderReader | None" = None,
        taken: Callable[[Taken], object] = lambda _: None,
    ) -> None:
        self._receiving = Receiving(library, reader, reserve=request.reserve)
        self._inbox = _Inbox(self._receiving, taken)
        policy = Policy(
            port=request.port,
            titles=request.titles,
            allowed=request.allowed,
            readers=readers_of(request, library) if request.answers_queries else (),
            answers_queries=request.answers_queries,
            private=request.private,
            host=request.host,
            tls=request.tls,
            bounds=request.bounds,
        )
        self._ledger = CommitmentLedger(library, self._receiving.flush, request.allowed)
        title = min(request.titles, default=DEFAULT_TITLE)
        shelf = Shelf(library, title, _decoder(reader or library.reader))
        self._listener = Listener(
            policy,
            (
                Storing(self._inbox, private=request.private),
                Verifying(),
                Committing(self._ledger),
                Reading(shelf, policy.may_read),
            ),
        )
        self._own = contextlib.ExitStack()

    def __enter__(self) -> Self:
        """Be ready for calls.

        Raises
        ------
        EnvironmentFailure
            If the port, the store or the catalog cannot be used.
        """
        with contextlib.ExitStack() as own:
            own.enter_context(self._receiving)
            own.enter_context(self._ledger)
            own.enter_context(self._listener)
            self._own = own.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up, and file what was taken."""
        self._own.close()

    @property
    def port(self) -> int:
        """Where we listen."""
        return self._listener.port

    @property
    def received(self) -> Received:
        """What came so far; exact once the block has ended."""
        return self._inbox.received

    def flush(self) -> None:
        """Wait until all that was taken is in the catalog; see `Receiving.flush`."""
        self._receiving.flush()


class _Inbox:
    """Hands what the wire brings to the door, and counts."""

    def __init__(self, receiving: Receiving, taken: Callable[[Taken], object]) -> None:
        self._receiving = receiving
        self._taken = taken
        self._counting = threading.Lock()
        self.received = Received()

    @contextlib.contextmanager
    def receive(self, announced: Announced) -> "Iterator[_Sink]":
        """A file that begins as it should."""
        try:
            head = _head(announced)
            with self._receiving.begin() as arriving:
                arriving.write(head)
                yield _Sink(self, arriving, announced)
        except ViewerError:
            self._count(refused=1)
            raise

    def take(self, arriving: Arriving, announced: Announced) -> None:
        """Make it durable."""
        claim = Claim(announced.sop_class_uid, announced.sop_instance_uid)
        taken = self._receiving.take(arriving, claim)
        self._count(size=taken.size)
        taken.outcome.add_done_callback(self._count_outcome)
        self._taken(taken)

    def _count_outcome(self, outcome: "Future[Outcome]") -> None:
        from viewer.catalog.filing import Outcome  # noqa: PLC0415 - SQLAlchemy is slow

        if outcome.exception() is not None:
            return
        match outcome.result():
            case Outcome.IMPORTED:
                self._count(imported=1)
            case Outcome.DUPLICATE:
                self._count(duplicates=1)
            case _:
                self._count(conflicts=1)

    def _count(self, **more: int) -> None:
        with self._counting:
            sums = {name: getattr(self.received, name) + n for name, n in more.items()}
            self.received = replace(self.received, **sums)


class _Sink:
    """One object on its way from the wire to the door."""

    def __init__(self, inbox: _Inbox, arriving: Arriving, announced: Announced) -> None:
        self._inbox = inbox
        self._announced = announced
        self._arriving = arriving
        self.write = arriving.write

    def finish(self) -> None:
        """Make it durable."""
        self._inbox.take(self._arriving, self._announced)


def _head(announced: Announced) -> bytes:
    try:
        return file_meta(
            announced.sop_class_uid, announced.sop_instance_uid, announced.syntax_uid
        )
    except ValueError as cause:
        raise UnreadableError("The object was announced without a UID.") from cause
