"""What readers drew on images."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of drawings."""
    op.get_bind().exec_driver_sql(
        """CREATE TABLE annotation (
    id INTEGER NOT NULL,
    uid TEXT NOT NULL,
    sop_instance_uid TEXT NOT NULL,
    frame INTEGER NOT NULL,
    shape TEXT NOT NULL,
    points TEXT NOT NULL,
    label TEXT,
    added TEXT NOT NULL,
    changed TEXT NOT NULL,
    deleted TEXT,
    PRIMARY KEY (id),
    UNIQUE (uid)
)"""
    )
    op.get_bind().exec_driver_sql(
        "CREATE INDEX ix_annotation_sop_instance_uid ON annotation (sop_instance_uid)"
    )
