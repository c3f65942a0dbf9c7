"""Who works on the catalog, so that a living work's files are left alone."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, delete, insert, select, update

from viewer.catalog import rows
from viewer.catalog.connection import reading, writing
from viewer.catalog.schema import job


@dataclass(frozen=True, slots=True)
class JobRow:
    """One long work and the process that does it.

    Attributes
    ----------
    token : str
        Its name, ours alone.
    kind : str
    host : str
    process : int
    process_started : float
        Seconds since 1970; tells a process from a later one with the same number.
    heartbeat : datetime
        When it was last known to live, UTC.
    """

    token: str
    kind: str
    host: str
    process: int
    process_started: float
    heartbeat: datetime


class JobRows:
    """The list of works under way, or cut off."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, row: JobRow) -> None:
        """Announce a work."""
        values = {
            "token": row.token,
            "kind": row.kind,
            "host": row.host,
            "process": row.process,
            "process_started": row.process_started,
            "heartbeat": row.heartbeat.isoformat(),
        }
        with writing(self._engine) as connection:
            connection.execute(insert(job).values(values))

    def beat(self, token: str) -> None:
        """Say that the work still lives."""
        with writing(self._engine) as connection:
            connection.execute(
                update(job).where(job.c.token == token).values(heartbeat=rows.now())
            )

    def remove(self, token: str) -> None:
        """Say that nothing is left to do for the work."""
        with writing(self._engine) as connection:
            connection.execute(delete(job).where(job.c.token == token))

    def all(self) -> tuple[JobRow, ...]:
        """Every work that was announced and not removed, oldest first."""
        with reading(self._engine) as connection:
            found = connection.execute(select(job).order_by(job.c.id)).all()
        return tuple(
            JobRow(
                row.token,
                row.kind,
                row.host,
                row.process,
                row.process_started,
                datetime.fromisoformat(row.heartbeat),
            )
            for row in found
        )
