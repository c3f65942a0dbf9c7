"""What was done that somebody may have to answer for; lines are only ever added."""

import json

from sqlalchemy import Engine, insert, select

from viewer.catalog import rows
from viewer.catalog.connection import reading, writing
from viewer.catalog.schema import audit
from viewer.core.audit import AuditLine


class AuditRows:
    """The lines of one catalog. Every method may be called from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, line: AuditLine) -> None:
        """Write down what was done now."""
        with writing(self._engine) as connection:
            connection.execute(
                insert(audit).values(
                    happened=rows.now(),
                    action=line.action,
                    outcome=line.outcome,
                    details=json.dumps(dict(line.details), sort_keys=True),
                )
            )

    def all(self) -> tuple[AuditLine, ...]:
        """Every line, the oldest first."""
        with reading(self._engine) as connection:
            found = connection.execute(select(audit).order_by(audit.c.id)).all()
        return tuple(
            AuditLine(row.action, row.outcome, json.loads(row.details), row.happened)
            for row in found
        )
