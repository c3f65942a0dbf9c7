"""Drawings between the catalog's rows and the values of the core."""

import json
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, select, update
from sqlalchemy.dialects.sqlite import insert

from viewer.catalog import rows
from viewer.catalog.connection import reading, writing
from viewer.catalog.schema import annotation, instance, series, study
from viewer.core.annotation import Annotation, Shape
from viewer.core.errors import GeometryError
from viewer.core.identity import SOPInstanceUID


class AnnotationRows:
    """The drawings of one catalog. Every method may be called from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of_study(self, study_uid: str) -> tuple[Annotation, ...]:
        """Those on the images of a study, in the order they were drawn."""
        on_images = (
            select(annotation)
            .join(
                instance, instance.c.sop_instance_uid == annotation.c.sop_instance_uid
            )
            .join(series, series.c.id == instance.c.series)
            .join(study, study.c.id == series.c.study)
            .where(study.c.study_uid == study_uid, annotation.c.deleted.is_(None))
        )
        return self._found(on_images)

    def of_image(self, sop_instance_uid: str) -> tuple[Annotation, ...]:
        """Those on an image, in the order they were drawn."""
        on_image = select(annotation).where(
            annotation.c.sop_instance_uid == sop_instance_uid,
            annotation.c.deleted.is_(None),
        )
        return self._found(on_image)

    def save(
        self, drawn: Sequence[Annotation], taken_away: Collection[str] = ()
    ) -> None:
        """Keep drawings as they are now; on disk when this returns.

        What was taken away, by its UID, is marked and not erased: drawing it again,
        as undo does, brings it back.
        """
        if not drawn and not taken_away:
            return
        with writing(self._engine) as connection:
            for one in drawn:
                _put(connection, one)
            gone = annotation.c.uid.in_(taken_away) & annotation.c.deleted.is_(None)
            connection.execute(
                update(annotation).where(gone).values(deleted=rows.now())
            )

    def _found(self, asked: Select[Any]) -> tuple[Annotation, ...]:
        with reading(self._engine) as connection:
            found = connection.execute(asked.order_by(annotation.c.id)).all()
        known = (_to_annotation(row) for row in found)
        return tuple(one for one in known if one is not None)


def _put(connection: Connection, one: Annotation) -> None:
    moment = rows.now()
    present: rows.Values = {
        "sop_instance_uid": one.sop_instance_uid,
        "frame": one.frame,
        "shape": one.shape.value,
        "points": json.dumps(one.points),
        "label": None if one.label is None else json.dumps(one.label),
        "changed": moment,
        "deleted": None,
    }
    put = insert(annotation).values(uid=one.uid, added=moment, **present)
    connection.execute(put.on_conflict_do_update(index_elements=["uid"], set_=present))


def _to_annotation(row: Row[Any]) -> Annotation | None:
    """The drawing of a row; None if another version wrote what this one cannot draw."""
    try:
        label = None if row.label is None else _point(json.loads(row.label))
        return Annotation(
            row.uid,
            SOPInstanceUID(row.sop_instance_uid),
            row.frame,
            Shape(row.shape),
            tuple(_point(one) for one in json.loads(row.points)),
            label,
        )
    except (ValueError, TypeError, GeometryError):
        return None


def _point(pair: Sequence[float]) -> tuple[float, float]:
    column, row = pair
    return float(column), float(row)
