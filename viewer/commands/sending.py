"""Send studies to a peer, and have it answer for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from viewer.commands.desk import Desk, Tone
from viewer.core.commitment import Commitment, CommitmentState
from viewer.core.counts import counted
from viewer.core.errors import Cancelled, ViewerError
from viewer.core.transfer import Direction, Transfer, TransferState

if TYPE_CHECKING:
    from viewer.core.annotation import Annotation
    from viewer.core.peers import Peer
    from viewer.core.remote import RemoteKey


@dataclass(frozen=True, slots=True)
class Errand:
    """What is to go to whom.

    Attributes
    ----------
    peer : Peer
    keys : sequence of RemoteKey
    key_images : bool
        Only those of them that somebody has marked, and what marks them.
    measured_by : str or None
        Not they go but a report of what was measured in each of their studies, by whom
        as typed; None for them themselves.
    commit : bool
        Whether the peer is asked to answer for them.
    """

    peer: "Peer"
    keys: "Sequence[RemoteKey]"
    key_images: bool = False
    measured_by: str | None = None
    commit: bool = False


def send(desk: Desk, errand: Errand) -> None:
    """Put it into the queue; then ask for commitment if it is wished."""
    drawn: Sequence[Annotation] = ()
    if errand.measured_by is not None:
        desk.settings.change(observer=errand.measured_by)
        drawn = _drawn_on(desk, errand.keys)

    def work(_: object) -> Sequence[Transfer]:
        keys = errand.keys
        # Files are read, and written: too slow for the desk's jobs.
        if errand.key_images:
            keys = desk.exchange.key_images(keys)
        if errand.measured_by is not None:
            desk.saving.wait()
            _check_saved(desk, errand.keys, drawn)
            keys = desk.exchange.measurements(keys, errand.measured_by)
        return desk.exchange.wish(Direction.SEND, errand.peer.name, keys)

    def done(transfers: Sequence[Transfer]) -> None:
        if errand.commit:
            _Committing(desk, errand.peer, transfers)

    desk.streams.ask(work, done, desk.window.failed, "sending")


def _drawn_on(desk: Desk, keys: "Sequence[RemoteKey]") -> "Sequence[Annotation]":
    """What the reader sees drawn on those of the studies that are open."""
    wanted = {key.study_uid for key in keys}
    images = {
        stored.instance.sop_instance_uid
        for study in desk.session.studies
        if study.filed and study.summary.study_uid in wanted
        for series in study.series
        for stored in series.instances
    }
    every = desk.session.state.drawings.values()
    return [one for one in every if one.sop_instance_uid in images]


def _check_saved(
    desk: Desk, keys: "Sequence[RemoteKey]", drawn: "Sequence[Annotation]"
) -> None:
    """Refuse to report less than the reader sees.

    Raises
    ------
    ViewerError
        If a drawing is not in the catalog as it is seen.
    """
    kept = {
        one
        for study_uid in {key.study_uid for key in keys}
        for one in desk.library.catalog.annotations.of_study(study_uid)
    }
    if not kept.issuperset(drawn):
        raise ViewerError(
            "Some of what was drawn could not be saved, so nothing was sent.",
            hint="Free some space on the disk, draw it again, then send.",
        )


class _Committing:
    """Waits until all of it is sent, then asks the peer to answer for it."""

    def __init__(self, desk: Desk, peer: "Peer", transfers: Sequence[Transfer]) -> None:
        self._desk, self._peer = desk, peer
        self._left = {one.id: one for one in transfers}
        self._sent: list[Transfer] = []
        # A method would be held weakly, and nobody else holds this.
        self._slot = partial(_Committing._hear, self)
        desk.exchange.board.changed.connect(self._slot)
        for one in transfers:  # small ones are over before anybody listens
            known = desk.exchange.board.get(one.id)
            if known is not None:
                self._hear(known)

    def _hear(self, transfer: Transfer) -> None:
        if transfer.id not in self._left or not transfer.state.over:
            return
        del self._left[transfer.id]
        if transfer.state in (TransferState.DONE, TransferState.PARTIAL):
            self._sent.append(transfer)
        if self._left:
            return
        # Not from within the signal that is being told.
        self._desk.jobs.submit(_nothing, self._leave, self._desk.window.failed)
        if self._sent:
            self._ask([one.key for one in self._sent])

    def _leave(self, _: object) -> None:
        self._desk.exchange.board.changed.disconnect(self._slot, missing_ok=True)

    def _ask(self, keys: "Sequence[RemoteKey]") -> None:
        self._desk.streams.ask(
            lambda _: self._desk.exchange.ask_commitment(self._peer, keys),
            self._tell,
            self._fail,
            "commitment",
        )

    def _tell(self, commitment: Commitment) -> None:
        window, name = self._desk.window, self._peer.name
        if commitment.state is CommitmentState.COMMITTED:
            kept = counted(commitment.kept, "image")
            window.notice(f"{name} answers for {kept}.", tone=Tone.GOOD)
        elif commitment.state is CommitmentState.PENDING:
            window.notice(
                f"{name} has not yet said whether it keeps what was sent.",
                hint="Its word may come later, while we listen; the transfers show it.",
            )
        else:
            window.notice(
                f"{name} does not answer for everything that was sent.",
                tone=Tone.WARNING,
                action=("Show", window.show_transfers),
            )

    def _fail(self, error: BaseException) -> None:
        if isinstance(error, ViewerError) and not isinstance(error, Cancelled):
            self._desk.window.notice(
                f"{self._peer.name} does not answer for what was sent.",
                tone=Tone.WARNING,
                hint=error.message,
            )
        else:
            self._desk.window.failed(error)


def _nothing() -> None:
    """One turn of the event loop later."""
