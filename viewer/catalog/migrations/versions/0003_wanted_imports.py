"""What imports under way are to bring in, so that one that dies can go on."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of imports that are not finished."""
    op.get_bind().exec_driver_sql(
        """CREATE TABLE wanted_import (
    id INTEGER NOT NULL,
    token TEXT NOT NULL,
    paths BLOB NOT NULL,
    reference BOOLEAN NOT NULL,
    seen INTEGER NOT NULL,
    total INTEGER NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (token)
)"""
    )
