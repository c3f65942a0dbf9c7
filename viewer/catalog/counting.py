"""Keep what a list shows of a study in step with its series and instances."""

from collections.abc import Collection

from sqlalchemy import Connection, delete, func, insert, select, update

from viewer.catalog import rows, text_index
from viewer.catalog.schema import catalog, facet, instance, series, study
from viewer.catalog.text_index import Findable


def recount(connection: Connection, studies: Collection[int]) -> None:
    """Count the studies anew, make them findable, and let everybody see a change.

    A study in the trash is neither found nor offered by a filter.
    """
    findable: dict[int, Findable] = {}
    for key in studies:
        _count(connection, key)
        text = _offer(connection, key)
        if text is not None:
            findable[key] = text
    text_index.index(connection, findable)
    text_index.forget(connection, [key for key in studies if key not in findable])
    note_change(connection)


def note_change(connection: Connection) -> None:
    """Let everybody who looks at the catalog see that it changed."""
    connection.execute(update(catalog).values(revision=catalog.c.revision + 1))


def _count(connection: Connection, key: int) -> None:
    counted = (
        select(
            series.c.modality, series.c.body_part, func.count(instance.c.id).label("n")
        )
        .join_from(series, instance)
        .where(series.c.study == key)
        .group_by(series.c.id)
    )
    found = connection.execute(counted).all()
    values = {
        "series": len(found),
        "instances": sum(row.n for row in found),
        "modalities": rows.joined({row.modality or "" for row in found}),
        "body_parts": rows.joined({row.body_part or "" for row in found}),
    }
    connection.execute(update(study).where(study.c.id == key).values(values))


def _offer(connection: Connection, key: int) -> Findable | None:
    """Offer the study to filters; what the text index should know of it."""
    row = connection.execute(select(study).where(study.c.id == key)).mappings().one()
    connection.execute(delete(facet).where(facet.c.study == key))
    if row["trashed"] is not None:
        return None
    offered = [
        *(("modality", value) for value in rows.split(row["modalities"])),
        *(("body_part", value) for value in rows.split(row["body_parts"])),
        *(("tag", value) for value in rows.split(row["tags"], "\n")),
        *(("institution", value) for value in [row["institution"]] if value),
        ("status", row["status"]),
    ]
    connection.execute(
        insert(facet),
        [{"kind": kind, "value": value, "study": key} for kind, value in offered],
    )
    described = connection.scalars(
        select(series.c.description).where(series.c.study == key)
    )
    return Findable.of(
        row["patient_name"] or "",
        " ".join(filter(None, (row["patient_id"], row["issuer"]))),
        row["accession_number"] or "",
        (
            row["description"] or "",
            row["institution"] or "",
            *(text for text in described if text),
        ),
    )
