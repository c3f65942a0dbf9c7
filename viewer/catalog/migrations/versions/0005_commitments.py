"""What peers were asked to answer for, and what they said."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE commitment (
    id INTEGER NOT NULL,
    transaction_uid TEXT NOT NULL,
    peer TEXT NOT NULL,
    asked TEXT NOT NULL,
    answered TEXT,
    refused BOOLEAN NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (transaction_uid)
)""",
    """CREATE TABLE commitment_object (
    commitment INTEGER NOT NULL,
    sop_instance_uid TEXT NOT NULL,
    sop_class_uid TEXT NOT NULL,
    kept BOOLEAN,
    reason INTEGER,
    PRIMARY KEY (commitment, sop_instance_uid),
    FOREIGN KEY(commitment) REFERENCES commitment (id)
)
 WITHOUT ROWID""",
)


def upgrade() -> None:
    """Create the tables."""
    for statement in STATEMENTS:
        op.get_bind().exec_driver_sql(statement)
