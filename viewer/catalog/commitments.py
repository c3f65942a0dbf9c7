"""What peers were asked to answer for, and what they said."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select, update

from viewer.catalog import rows
from viewer.catalog.connection import reading, writing
from viewer.catalog.schema import commitment, commitment_object
from viewer.core.commitment import (
    Commitment,
    CommitmentReport,
    CommitmentRequest,
    CommitmentState,
    failure_sentence,
)


class CommitmentRows:
    """The requests of one catalog. Every method may be called from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, request: CommitmentRequest, peer: str) -> None:
        """Note that a peer is asked, before it is: the answer may come at once."""
        with writing(self._engine) as connection:
            added = insert(commitment).values(
                transaction_uid=request.transaction_uid,
                peer=peer,
                asked=rows.now(),
                refused=False,
            )
            key = connection.execute(added.returning(commitment.c.id)).scalar_one()
            objects = {one.sop_instance_uid: one for one in request.objects}
            connection.execute(
                insert(commitment_object),
                [
                    {
                        "commitment": key,
                        "sop_instance_uid": one.sop_instance_uid,
                        "sop_class_uid": one.sop_class_uid,
                    }
                    for one in objects.values()
                ],
            )

    def refuse(self, transaction_uid: str) -> None:
        """Note that the peer does not take the request."""
        with writing(self._engine) as connection:
            connection.execute(
                update(commitment)
                .where(commitment.c.transaction_uid == transaction_uid)
                .values(refused=True, answered=rows.now())
            )

    def settle(self, report: CommitmentReport, peers: Iterable[str]) -> bool:
        """Note what a peer answers for; false if none of `peers` was asked that.

        What it says of objects it was not asked about is passed over.
        """
        with writing(self._engine) as connection:
            asked = select(commitment.c.id).where(
                commitment.c.transaction_uid == report.transaction_uid,
                commitment.c.peer.in_(list(peers)),
            )
            key = connection.scalar(asked)
            if key is None:
                return False
            said: dict[str, int | None] = {
                one.sop_instance_uid: None for one in report.kept
            }
            said |= {
                one.sop_instance_uid: reason for one, reason in report.failed.items()
            }
            for uid, reason in said.items():
                connection.execute(
                    update(commitment_object)
                    .where(
                        commitment_object.c.commitment == key,
                        commitment_object.c.sop_instance_uid == uid,
                    )
                    .values(kept=reason is None, reason=reason)
                )
            connection.execute(
                update(commitment)
                .where(commitment.c.id == key)
                .values(answered=rows.now(), refused=False)
            )
        return True

    def get(self, transaction_uid: str) -> Commitment | None:
        """One request; None if unknown."""
        found = self._found(commitment.c.transaction_uid == transaction_uid)
        return found[0] if found else None

    def all(self) -> tuple[Commitment, ...]:
        """Every request, newest first."""
        return self._found(commitment.c.id > 0)

    def _found(self, where: Any) -> tuple[Commitment, ...]:
        newest = select(commitment).where(where).order_by(commitment.c.id.desc())
        with reading(self._engine) as connection:
            return tuple(
                _to_commitment(row, _objects(connection, row.id))
                for row in connection.execute(newest)
            )


def _objects(connection: Connection, key: int) -> Mapping[str, tuple[bool | None, int]]:
    c = commitment_object.c
    asked = select(c.sop_instance_uid, c.kept, c.reason).where(c.commitment == key)
    return {
        row.sop_instance_uid: (row.kept, row.reason or 0)
        for row in connection.execute(asked)
    }


def _to_commitment(
    row: Row[Any], objects: Mapping[str, tuple[bool | None, int]]
) -> Commitment:
    pending = sum(1 for kept, _ in objects.values() if kept is None)
    failed = {
        uid: failure_sentence(reason)
        for uid, (kept, reason) in objects.items()
        if kept is False
    }
    state = CommitmentState.COMMITTED
    if row.refused:
        state = CommitmentState.REFUSED
    elif failed:
        state = CommitmentState.FAILED
    elif pending:
        state = CommitmentState.PENDING
    return Commitment(
        row.transaction_uid,
        row.peer,
        datetime.fromisoformat(row.asked),
        datetime.fromisoformat(row.answered) if row.answered else None,
        state,
        pending,
        len(objects) - pending - len(failed),
        failed,
    )
