"""How much of what peers have is here already."""

from collections.abc import Collection

from sqlalchemy import Engine, func, select

from viewer.catalog.connection import reading
from viewer.catalog.schema import instance, series, study


class Presence:
    """Counts instances of the catalog by UID; what lies in the trash is not here.

    Any thread may ask. Ask for a few hundred at a time.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of_studies(self, study_uids: Collection[str]) -> dict[str, int]:
        """How many instances of each study are here; those without are left out."""
        asked = select(study.c.study_uid, study.c.instances).where(
            study.c.study_uid.in_(study_uids), study.c.trashed.is_(None)
        )
        with reading(self._engine) as connection:
            found = connection.execute(asked)
            return {row.study_uid: row.instances for row in found}

    def of_series(self, study_uid: str) -> dict[str, int]:
        """How many instances of each series of a study are here."""
        asked = (
            select(series.c.series_uid, func.count(instance.c.id).label("instances"))
            .select_from(study.join(series).join(instance))
            .where(study.c.study_uid == study_uid, study.c.trashed.is_(None))
            .group_by(series.c.id)
        )
        with reading(self._engine) as connection:
            found = connection.execute(asked)
            return {row.series_uid: row.instances for row in found}

    def of_instances(self, sop_instance_uids: Collection[str]) -> set[str]:
        """Those of the instances that are here."""
        asked = (
            select(instance.c.sop_instance_uid)
            .select_from(study.join(series).join(instance))
            .where(
                instance.c.sop_instance_uid.in_(sop_instance_uids),
                study.c.trashed.is_(None),
            )
        )
        with reading(self._engine) as connection:
            return set(connection.scalars(asked))
