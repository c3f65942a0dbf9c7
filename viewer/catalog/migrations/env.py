"""What Alembic runs: every migration inside the transaction it was given."""

from alembic import context

from viewer.catalog.schema import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata
)
context.run_migrations()
