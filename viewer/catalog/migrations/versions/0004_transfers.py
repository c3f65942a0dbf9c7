"""What is to be fetched from peers and sent to them, and what peers have of studies."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE transfer (
    id INTEGER NOT NULL,
    direction TEXT NOT NULL,
    peer TEXT NOT NULL,
    study_uid TEXT NOT NULL,
    series_uid TEXT NOT NULL,
    sop_instance_uid TEXT NOT NULL,
    way TEXT,
    priority INTEGER NOT NULL,
    state TEXT NOT NULL,
    total INTEGER,
    done INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    not_before TEXT,
    reason TEXT,
    token TEXT,
    added TEXT NOT NULL,
    changed TEXT NOT NULL,
    PRIMARY KEY (id)
)""",
    "CREATE UNIQUE INDEX transfer_once ON transfer "
    "(direction, peer, study_uid, series_uid, sop_instance_uid)",
    "CREATE INDEX transfer_by_state ON transfer (state)",
    """CREATE TABLE transfer_outcome (
    transfer INTEGER NOT NULL,
    sop_instance_uid TEXT NOT NULL,
    arrived BOOLEAN NOT NULL,
    reason TEXT,
    PRIMARY KEY (transfer, sop_instance_uid),
    FOREIGN KEY(transfer) REFERENCES transfer (id)
)
 WITHOUT ROWID""",
    """CREATE TABLE expected (
    study_uid TEXT NOT NULL,
    series_uid TEXT NOT NULL,
    instances INTEGER NOT NULL,
    peer TEXT NOT NULL,
    told TEXT NOT NULL,
    PRIMARY KEY (study_uid, series_uid)
)
 WITHOUT ROWID""",
)


def upgrade() -> None:
    """Create the tables."""
    for statement in STATEMENTS:
        op.get_bind().exec_driver_sql(statement)
