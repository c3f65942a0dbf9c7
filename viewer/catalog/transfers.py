"""What is to be fetched from peers and sent to them, kept until it is done."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Update,
    and_,
    delete,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert

from viewer.catalog import rows
from viewer.catalog.connection import reading, writing
from viewer.catalog.schema import transfer, transfer_outcome
from viewer.core.identity import SeriesUID, SOPInstanceUID, StudyUID
from viewer.core.peers import Way
from viewer.core.remote import RemoteKey
from viewer.core.transfer import NORMAL, Direction, Transfer, TransferState

_OPEN = [state.value for state in TransferState if not state.over]
_SETTLED = [TransferState.DONE.value, TransferState.CANCELLED.value]
_WAITING, _RUNNING = TransferState.WAITING.value, TransferState.RUNNING.value


class TransferRows:
    """The list of transfers of one catalog. Every method may be called from any thread.

    One that runs belongs to the job whose token it bears; when that job has died it
    is free again.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(
        self,
        direction: Direction,
        peer: str,
        keys: Sequence[RemoteKey],
        *,
        way: Way | None = None,
        priority: int = NORMAL,
    ) -> tuple[Transfer, ...]:
        """Wish for these, once each; one that runs goes on as it is.

        What was asked for before, and is over or paused, begins anew; what went well
        the last time is not forgotten.
        """
        if not keys:
            return ()
        with writing(self._engine) as connection:
            places = [_place(direction, peer, key) for key in keys]
            ids = [_put(connection, place, way, priority) for place in places]
            return _those(connection, transfer.c.id.in_(ids))

    def all(self, *, unfinished: bool = False) -> tuple[Transfer, ...]:
        """Every transfer, in the order in which they go."""
        with reading(self._engine) as connection:
            where = transfer.c.state.in_(_OPEN) if unfinished else transfer.c.id > 0
            return _those(connection, where)

    def get(self, ids: Collection[int]) -> tuple[Transfer, ...]:
        """Those with these numbers, in the order in which they go."""
        with reading(self._engine) as connection:
            return _those(connection, transfer.c.id.in_(ids))

    def claim(
        self,
        token: str,
        living: Collection[str],
        ids: Collection[int] | None = None,
        busy: Collection[int] = (),
    ) -> Transfer | None:
        """The next transfer whose time has come, for the job `token`; None if none.

        Parameters
        ----------
        token : str
        living : collection of str
            Jobs that are at work: what they have claimed is theirs.
        ids : collection of int, optional
            None takes any.
        busy : collection of int
            Never these.
        """
        c = transfer.c
        due = or_(c.not_before.is_(None), c.not_before <= rows.now())
        orphaned = or_(c.token.is_(None), c.token.not_in(living))
        ready = or_(and_(c.state == _WAITING, due), and_(c.state == _RUNNING, orphaned))
        ready &= c.id.not_in(busy)
        if ids is not None:
            ready &= c.id.in_(ids)
        with writing(self._engine) as connection:
            found = _those(connection, ready, limit=1)
            if not found:
                return None
            connection.execute(
                _changed(c.id == found[0].id, state=_RUNNING, token=token)
            )
            return _those(connection, c.id == found[0].id)[0]

    def advance(
        self, id_: int, *, total: int | None, done: int, failed: int
    ) -> TransferState:
        """Note how far it is; returns what the user wants of it by now."""
        of_it = transfer.c.id == id_
        with writing(self._engine) as connection:
            connection.execute(_changed(of_it, total=total, done=done, failed=failed))
            state = connection.scalar(select(transfer.c.state).where(of_it))
        return TransferState.CANCELLED if state is None else TransferState(state)

    def leave(
        self,
        id_: int,
        state: TransferState,
        *,
        reason: str = "",
        again: datetime | None = None,
        attempts: int = 0,
    ) -> None:
        """Note how an attempt ended, unless the user has paused or cancelled it."""
        mine = and_(transfer.c.id == id_, transfer.c.state == _RUNNING)
        values = {
            "state": state.value,
            "reason": reason or None,
            "not_before": _text(again),
            "attempts": attempts,
            "token": None,
        }
        with writing(self._engine) as connection:
            connection.execute(_changed(mine, **values))
            connection.execute(_changed(transfer.c.id == id_, token=None))

    def wish(self, ids: Collection[int], state: TransferState) -> None:
        """Pause, cancel or (`WAITING`) take up again those that are not over."""
        from_states = [*_OPEN]
        if state is TransferState.WAITING:  # failures too; what is done stays done
            from_states = [
                one.value
                for one in TransferState
                if one not in (TransferState.DONE, TransferState.RUNNING)
            ]
        which = and_(transfer.c.id.in_(ids), transfer.c.state.in_(from_states))
        values: dict[str, object] = {"state": state.value, "not_before": None}
        if state is TransferState.WAITING:
            values |= {"attempts": 0, "reason": None}
        with writing(self._engine) as connection:
            connection.execute(_changed(which, **values))

    def set_priority(self, ids: Collection[int], priority: int) -> None:
        """Let these go sooner or later."""
        with writing(self._engine) as connection:
            connection.execute(_changed(transfer.c.id.in_(ids), priority=priority))

    def forget(self, ids: Collection[int]) -> None:
        """Take those that are over off the list."""
        over = and_(transfer.c.id.in_(ids), transfer.c.state.not_in(_OPEN))
        with writing(self._engine) as connection:
            gone = connection.scalars(select(transfer.c.id).where(over)).all()
            connection.execute(
                delete(transfer_outcome).where(transfer_outcome.c.transfer.in_(gone))
            )
            connection.execute(delete(transfer).where(transfer.c.id.in_(gone)))

    def note_outcomes(self, id_: int, outcomes: Mapping[str, str]) -> None:
        """Keep what became of single instances: a reason, or empty if it arrived."""
        if not outcomes:
            return
        values = [
            {
                "transfer": id_,
                "sop_instance_uid": uid,
                "arrived": not reason,
                "reason": reason or None,
            }
            for uid, reason in outcomes.items()
        ]
        put = insert(transfer_outcome)
        put = put.on_conflict_do_update(
            index_elements=["transfer", "sop_instance_uid"],
            set_={"arrived": put.excluded.arrived, "reason": put.excluded.reason},
        )
        with writing(self._engine) as connection:
            connection.execute(put, values)

    def outcomes(self, id_: int) -> dict[str, str]:
        """What was noted of single instances; an empty reason is a good end."""
        asked = select(transfer_outcome).where(transfer_outcome.c.transfer == id_)
        with reading(self._engine) as connection:
            found = connection.execute(asked).all()
        return {
            row.sop_instance_uid: "" if row.arrived else row.reason or "It failed."
            for row in found
        }


def _put(
    connection: Connection, place: dict[str, str], way: Way | None, priority: int
) -> int:
    now = rows.now()
    anew: dict[str, object] = {
        "way": way and way.value,
        "priority": priority,
        "state": _WAITING,
        "total": None,
        "done": 0,
        "failed": 0,
        "attempts": 0,
        "not_before": None,
        "reason": None,
        "token": None,
        "changed": now,
    }
    same = and_(*(transfer.c[name] == value for name, value in place.items()))
    whole = select(transfer.c.id).where(same, transfer.c.state.in_(_SETTLED))
    connection.execute(  # who asks once more wants all of it
        delete(transfer_outcome).where(transfer_outcome.c.transfer.in_(whole))
    )
    put = insert(transfer).values(**place, **anew, added=now)
    connection.execute(
        put.on_conflict_do_update(
            index_elements=list(place), set_=anew, where=transfer.c.state != _RUNNING
        )
    )
    found: int = connection.execute(select(transfer.c.id).where(same)).scalar_one()
    return found


def _place(direction: Direction, peer: str, key: RemoteKey) -> dict[str, str]:
    return {
        "direction": direction.value,
        "peer": peer,
        "study_uid": key.study_uid,
        "series_uid": key.series_uid,
        "sop_instance_uid": key.sop_instance_uid,
    }


def _those(
    connection: Connection, where: ColumnElement[bool], limit: int | None = None
) -> tuple[Transfer, ...]:
    order = (transfer.c.priority.desc(), transfer.c.id)
    asked = select(transfer).where(where).order_by(*order).limit(limit)
    return tuple(_to_transfer(row) for row in connection.execute(asked))


def _changed(where: ColumnElement[bool], **values: object) -> Update:
    return update(transfer).where(where).values(**values, changed=rows.now())


def _to_transfer(row: Row[Any]) -> Transfer:
    return Transfer(
        row.id,
        Direction(row.direction),
        row.peer,
        RemoteKey(
            StudyUID(row.study_uid),
            SeriesUID(row.series_uid),
            SOPInstanceUID(row.sop_instance_uid),
        ),
        Way(row.way) if row.way else None,
        row.priority,
        TransferState(row.state),
        row.total,
        row.done,
        row.failed,
        row.attempts,
        datetime.fromisoformat(row.not_before) if row.not_before else None,
        row.reason or "",
    )


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()
