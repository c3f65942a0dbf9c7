"""What the program has to do with peers while its window is open.

It works on the queue of transfers and listens where the user wants that. What loads
slowly (the wire) is loaded by `open`, on a thread that may wait.
"""

import threading
from collections.abc import Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psygnal import Signal

from viewer.core.commitment import Commitment, ObjectRef
from viewer.core.errors import Closing, ViewerError
from viewer.core.peers import Peer
from viewer.core.remote import RemoteKey
from viewer.core.transfer import NORMAL, Direction, Transfer
from viewer.services.jobs import Deliver
from viewer.services.logins import Logins
from viewer.services.peers import Peers
from viewer.services.secrets import Secrets
from viewer.services.sending_key_images import keys_of_key_images
from viewer.services.transfer_board import TransferBoard

if TYPE_CHECKING:  # the wire loads when it is needed
    from viewer.services.library import Library
    from viewer.services.listening import Listening
    from viewer.services.transfer_queue import TransferQueue
    from viewer.services.workers import Workers


@dataclass(frozen=True, slots=True)
class Ear:
    """How we listen.

    Attributes
    ----------
    on : bool
    port : int
    title : str
        Our AE title, beside those that peers were told.
    callers : tuple of str
        Who may send, as ``TITLE``, ``TITLE@HOST`` or ``@HOST``; empty is everybody.
    """

    on: bool = False
    port: int = 11112
    title: str = "LIGHTBOX"
    callers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hearing:
    """Whether we listen now: at which port, or why not."""

    port: int = 0
    fault: ViewerError | None = None


class Exchange:
    """The program's dealings with peers. Any thread may call it once it is open.

    Attributes
    ----------
    board : TransferBoard
    peers : Peers
    secrets : Secrets
    logins : Logins

    Signals
    -------
    heard : (Hearing)
        We listen, or not; emitted on the delivering thread.
    peers_changed : ()
        The user has described peers anew; emitted on the delivering thread.
    """

    heard = Signal(Hearing)
    peers_changed = Signal()

    def __init__(
        self, library: "Library", workers: "Workers", deliver: Deliver
    ) -> None:
        self._library, self._workers, self._deliver = library, workers, deliver
        self.board = TransferBoard(deliver)
        self.peers, self.secrets = Peers(library.data_dir), Secrets(library.data_dir)
        self.logins = Logins(library.data_dir)
        self.hearing = Hearing()
        self._own = ExitStack()
        self._ear = ExitStack()
        self._queue: TransferQueue | None = None
        self._listening: Listening | None = None
        self._opening = threading.Lock()
        self._closed = False

    @property
    def received(self) -> int:
        """How many objects callers have brought since we listen."""
        if self._listening is None:
            return 0
        so_far = self._listening.received
        return so_far.imported + so_far.duplicates + so_far.conflicts

    def close(self) -> None:
        """Stop what runs, and wait; what is left of the queue goes on another time."""
        with self._opening:
            self._closed = True
            self._ear.close()
            self._own.close()
            self._queue = self._listening = None

    def resume(self) -> tuple[Transfer, ...]:
        """Go on with what the queue holds; every transfer there is.

        Raises
        ------
        EnvironmentFailure
        """
        return self._open().entries()

    def wish(
        self,
        direction: Direction,
        peer: str,
        keys: Sequence[RemoteKey],
        *,
        priority: int = NORMAL,
    ) -> tuple[Transfer, ...]:
        """Put these into the queue; see `TransferQueue.add`."""
        return self._open().add(direction, peer, keys, priority=priority)

    def key_images(self, keys: Sequence[RemoteKey]) -> tuple[RemoteKey, ...]:
        """Those among these that somebody has marked; see `keys_of_key_images`."""
        return keys_of_key_images(self._library, self._workers, keys)

    def measurements(
        self, keys: Sequence[RemoteKey], person: str
    ) -> tuple[RemoteKey, ...]:
        """Reports of what was measured in their studies; see `keys_of_measurements`."""
        from viewer.services.sending_measurements import (  # noqa: PLC0415 - rarely needed
            keys_of_measurements,
        )

        return keys_of_measurements(self._library, self._workers, keys, person)

    def prefer(self, series_uid: str) -> None:
        """The reader waits for this series."""
        if self._queue is not None:
            self._queue.prefer(series_uid)

    def pause(self, ids: Collection[int]) -> None:
        """Let these transfers rest."""
        self._open().pause(ids)

    def go_on(self, ids: Collection[int]) -> None:
        """Take these up again, or try them anew."""
        self._open().resume(ids)

    def cancel(self, ids: Collection[int]) -> None:
        """Want these no more."""
        self._open().cancel(ids)

    def forget(self, ids: Collection[int]) -> tuple[Transfer, ...]:
        """Take those that are over off the list; what is left of it."""
        queue = self._open()
        queue.forget(ids)
        return queue.entries()

    def outcomes(self, id_: int) -> dict[str, str]:
        """What became of each instance that was sent: empty, or why it was not."""
        return self._library.catalog.transfers.outcomes(id_)

    def listen(self, ear: Ear) -> None:
        """Listen as `ear` says from now on; `heard` tells what came of it."""
        with self._opening:
            self._ear.close()
            self._listening = None
            if self._closed:
                return
            found = self._listened(ear) if ear.on else Hearing()
        self._deliver(lambda: self._tell(found))

    def commitments(self) -> tuple[Commitment, ...]:
        """What peers were asked to answer for, newest first."""
        return self._library.catalog.commitments.all()

    def ask_commitment(self, peer: Peer, keys: Sequence[RemoteKey]) -> Commitment:
        """Ask a peer to answer for what it was sent.

        Raises
        ------
        PeerFault, Cancelled
        """
        from viewer.services.commitment import Commitments  # noqa: PLC0415 - the wire
        from viewer.services.sending import Sending  # noqa: PLC0415

        sending = Sending(self._library, self._workers.decode)
        objects = [
            ObjectRef(one.instance.sop_class_uid, one.instance.sop_instance_uid)
            for key in keys
            for one in sending.instances(key)
        ]
        secret = self.secrets.passcode(peer)
        return Commitments(self._library).request(
            peer, objects, secret=secret, cancel=lambda: self._closed
        )

    def _open(self) -> "TransferQueue":
        """The queue, working from the first time on."""
        with self._opening:
            if self._closed:
                raise Closing
            if self._queue is None:
                from viewer.services.transfers import (  # noqa: PLC0415 - the wire
                    open_transfers,
                )

                opened = open_transfers(self._library, self._workers)
                queue = self._own.enter_context(opened)
                queue.changed.connect(self.board.hear)
                queue.start()
                self._queue = queue
            return self._queue

    def _listened(self, ear: Ear) -> Hearing:
        from viewer.services.listening import (  # noqa: PLC0415 - the wire
            Listening,
            ListenRequest,
            titles_at,
            to_allowed,
        )

        try:
            request = ListenRequest(
                port=ear.port,
                titles=titles_at(ear.port, self.peers) | {ear.title},
                allowed=tuple(map(to_allowed, ear.callers)),
            )
            listening = Listening(self._library, request, self._workers)
            self._listening = self._ear.enter_context(listening)
        except ViewerError as error:
            return Hearing(fault=error)
        return Hearing(self._listening.port)

    def _tell(self, hearing: Hearing) -> None:
        self.hearing = hearing
        self.heard.emit(hearing)
