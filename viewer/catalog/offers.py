"""What the filter chips can offer, from the data."""

from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from viewer.catalog.schema import facet
from viewer.core.listing import FilterValues


def filters(connection: Connection) -> FilterValues:
    """Every value that a filter can offer, sorted."""
    kinds = ("modality", "status", "institution", "body_part", "tag")
    return FilterValues(*(tuple(_values(connection, kind)) for kind in kinds))


def _values(connection: Connection, kind: str) -> Iterator[str]:
    """The different values, one jump in the index each; DISTINCT would read it all."""
    smallest = select(func.min(facet.c.value)).where(facet.c.kind == kind)
    value: str | None = connection.scalar(smallest)
    while value is not None:
        yield value
        value = connection.scalar(smallest.where(facet.c.value > value))
