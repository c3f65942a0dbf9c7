"""What was done that somebody may have to answer for; lines are only ever added."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE audit (
    id INTEGER NOT NULL,
    happened TEXT NOT NULL,
    action TEXT NOT NULL,
    outcome TEXT NOT NULL,
    details TEXT NOT NULL,
    PRIMARY KEY (id)
)""",
    """CREATE TRIGGER audit_stays BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'a line of the audit stays as it is'); END""",
    """CREATE TRIGGER audit_keeps BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'a line of the audit stays'); END""",
)


def upgrade() -> None:
    """Create the table, and what keeps its lines."""
    for statement in STATEMENTS:
        op.get_bind().exec_driver_sql(statement)
