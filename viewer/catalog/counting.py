"""Keep what a list shows of a study in step with its series and instances."""

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

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
    found = connection.execute(_COUNTED, {"key": key}).all()
    values = {
        "series": len(found),
        "instances": sum(row.n for row in found),
        "modalities": rows.joined({row.modality or "" for row in found}),
        "body_parts": rows.joined({row.body_part or "" for row in found}),
    }
    connection.execute(_UPDATE, {"key": key, **values})


def _offer(connection: Connection, key: int) -> Findable | None:
    """Offer the study to filters; what the text index should know of it."""
    row = connection.execute(_STUDY, {"key": key}).mappings().one()
    connection.execute(_DROP_FACETS, {"key": key})
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
        _ADD_FACETS,
        [{"kind": kind, "value": value, "study": key} for kind, value in offered],
    )
    described = connection.scalars(_DESCRIPTIONS, {"key": key})
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


# Built once: building a statement takes longer than what SQLite does for it.
_COUNTED = (
    select(series.c.modality, series.c.body_part, func.count(instance.c.id).label("n"))
    .join_from(series, instance)
    .where(series.c.study == bindparam("key"))
    .group_by(series.c.id)
)
_UPDATE = (
    update(study)
    .where(study.c.id == bindparam("key"))
    .values(
        {
            name: bindparam(name)
            for name in ("series", "instances", "modalities", "body_parts")
        }
    )
)
_STUDY = select(study).where(study.c.id == bindparam("key"))
_DROP_FACETS = delete(facet).where(facet.c.study == bindparam("key"))
_ADD_FACETS = insert(facet)
_DESCRIPTIONS = select(series.c.description).where(series.c.study == bindparam("key"))
