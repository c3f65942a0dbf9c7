"""Fetch studies from peers, open them when something is here, say how it ended."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from viewer.commands.desk import Desk, Tone
from viewer.commands.opening import open_studies
from viewer.core.counts import counted
from viewer.core.transfer import NORMAL, SOON, Direction, Transfer, TransferState
from viewer.services.transfer_rows import TransferRow

if TYPE_CHECKING:
    from viewer.core.identity import SeriesUID
    from viewer.core.remote import RemoteKey, RemoteStudy


def fetch(
    desk: Desk, studies: "Sequence[RemoteStudy]", series_uid: "SeriesUID | None" = None
) -> None:
    """Wish for studies of peers; for one series of the first, if it is given."""
    for peer in dict.fromkeys(study.peer for study in studies):
        keys = [_key(one, series_uid) for one in studies if one.peer == peer]
        _wish(desk, peer, keys, NORMAL)


def fetch_and_open(
    desk: Desk, study: "RemoteStudy", series_uid: "SeriesUID | None" = None
) -> None:
    """Open a peer's study: at once if it is all here, else when its first images are.

    Whoever opens something else meanwhile is not disturbed.
    """
    if study.instances is not None and study.local >= study.instances:
        open_studies(desk, [study.study_uid], series_uid)
        return
    desk.browsing.opening = desk.browsing.awaited = (study.study_uid, series_uid)
    _wish(desk, study.peer, [_key(study, series_uid)], SOON)
    if series_uid is not None:
        prefer(desk, series_uid)


def prefer(desk: Desk, series_uid: "SeriesUID") -> None:
    """The reader looks at this series: if it is on its way, it comes first."""
    work = partial(desk.exchange.prefer, series_uid)
    desk.jobs.submit(work, lambda _: None, desk.window.failed)


def follow_transfers(desk: Desk) -> None:
    """Open what is waited for when it is there, and say how transfers ended."""
    ended = _Ended(desk)
    desk.exchange.board.changed.connect(partial(_look, desk))
    # A method would be held weakly, and be gone with this call.
    desk.exchange.board.changed.connect(partial(_Ended.hear, ended))


def go_on_with_queue(desk: Desk) -> None:
    """Take up what the last time left in the queue; what is paused stays so."""

    def work() -> Sequence[Transfer]:
        rows = desk.library.catalog.transfers
        if rows.all(unfinished=True):
            return desk.exchange.resume()
        return rows.all()  # nothing to do: the wire need not be loaded

    desk.jobs.submit(work, desk.exchange.board.show, desk.window.failed)


def _key(study: "RemoteStudy", series_uid: "SeriesUID | None") -> "RemoteKey":
    from viewer.core.remote import RemoteKey  # noqa: PLC0415 - beside its type

    return study.key if series_uid is None else RemoteKey(study.study_uid, series_uid)


def _wish(desk: Desk, peer: str, keys: "Sequence[RemoteKey]", priority: int) -> None:
    def work() -> Sequence[Transfer]:
        return desk.exchange.wish(Direction.FETCH, peer, keys, priority=priority)

    desk.jobs.submit(work, lambda _: None, desk.window.failed)


def _look(desk: Desk, transfer: Transfer) -> None:
    """Something advanced: perhaps it is what somebody waits for."""
    awaited = desk.browsing.awaited
    if awaited is None or desk.browsing.opening != awaited:
        desk.browsing.awaited = None
        return
    study_uid, series_uid = awaited
    if transfer.key.study_uid != study_uid or not transfer.done:
        return

    def there(found: dict[str, int]) -> None:
        if found and desk.browsing.opening == awaited == desk.browsing.awaited:
            desk.browsing.awaited = None
            open_studies(desk, [study_uid], _if_there(series_uid, found))

    def work() -> dict[str, int]:
        return desk.library.catalog.presence.of_series(study_uid)

    desk.jobs.submit(work, there, desk.window.failed)


def _if_there(
    series_uid: "SeriesUID | None", found: dict[str, int]
) -> "SeriesUID | None":
    return series_uid if series_uid in found else None


class _Ended:
    """Says how the transfers ended, once for all that went together."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._open: set[int] = set()
        self._done: dict[Direction, int] = dict.fromkeys(Direction, 0)

    def hear(self, transfer: Transfer) -> None:
        if not transfer.state.over:
            self._open.add(transfer.id)
            return
        if transfer.id not in self._open:
            return  # it was over before this window was open
        self._open.discard(transfer.id)
        row = self._desk.exchange.board.row_of(transfer.id)
        if row is None or not row.state.over:
            return  # the others of its images tell of it
        if row.state is TransferState.DONE:
            self._done[transfer.direction] += 1
        elif row.state is not TransferState.CANCELLED:
            self._tell_fault(row)
        self._tell_done(transfer.direction)

    def _tell_fault(self, row: TransferRow) -> None:
        verb = "retrieved" if row.first.direction is Direction.FETCH else "sent"
        partly = row.state is TransferState.PARTIAL
        sentence = f"A study was not {verb}."
        if partly:
            sentence = f"A study was {verb} in part: {row.share} images."
        self._desk.window.notice(
            sentence,
            tone=Tone.WARNING if partly else Tone.PROBLEM,
            hint=row.reason,
            action=("Show", self._desk.window.show_transfers),
        )

    def _tell_done(self, direction: Direction) -> None:
        board = self._desk.exchange.board
        left = [t for id_ in self._open if (t := board.get(id_)) is not None]
        if any(one.direction is direction for one in left) or not self._done[direction]:
            return
        number, self._done[direction] = self._done[direction], 0
        verb = "retrieved" if direction is Direction.FETCH else "sent"
        self._desk.window.notice(
            f"{counted(number, 'transfer')} complete: all images {verb}.",
            tone=Tone.GOOD,
        )


def steer(
    desk: Desk, work: "Callable[[Sequence[int]], object]", ids: Sequence[int]
) -> None:
    """Pause, take up again or cancel transfers."""
    desk.jobs.submit(lambda: work(ids), lambda _: None, desk.window.failed)
