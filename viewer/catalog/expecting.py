"""What peers say studies have, so that one that is here in part is seen to be."""

from collections.abc import Mapping

from sqlalchemy import Engine, ScalarSelect, and_, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from viewer.catalog import rows
from viewer.catalog.connection import reading, writing
from viewer.catalog.counting import note_change
from viewer.catalog.schema import expected, instance, series, study


def _held() -> ScalarSelect[int]:
    """How many instances of the expected series are in its study here."""
    home = study.alias("home")
    return (
        select(func.count(instance.c.id))
        .join_from(series, instance)
        .join(home, home.c.id == series.c.study)
        .where(
            home.c.study_uid == expected.c.study_uid,
            series.c.series_uid == expected.c.series_uid,
        )
        .correlate(expected)
        .scalar_subquery()
    )


MISSING = (
    select(func.coalesce(func.sum(func.max(expected.c.instances - _held(), 0)), 0))
    .where(expected.c.study_uid == study.c.study_uid)
    .correlate(study)
    .scalar_subquery()
    .label("missing")
)
"""How many of a study's instances peers have and the catalog has not."""


class ExpectedSeries:
    """How many instances series have elsewhere. Any thread may call it.

    Only series that are not complete here are kept.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def note(self, peer: str, study_uid: str, instances: Mapping[str, int]) -> None:
        """Keep what `peer` says: how many instances each of these series has."""
        if not instances:
            return
        now = rows.now()
        values = [
            {
                "study_uid": study_uid,
                "series_uid": series_uid,
                "instances": number,
                "peer": peer,
                "told": now,
            }
            for series_uid, number in instances.items()
        ]
        put = insert(expected)
        fresh = {name: put.excluded[name] for name in ("instances", "peer", "told")}
        with writing(self._engine) as connection:
            connection.execute(
                put.on_conflict_do_update(
                    index_elements=["study_uid", "series_uid"], set_=fresh
                ),
                values,
            )
            note_change(connection)

    def settle(self, study_uid: str) -> int:
        """Strike out the series that are complete; how many instances are missing."""
        with writing(self._engine) as connection:
            of_study = expected.c.study_uid == study_uid
            complete = connection.scalars(
                select(expected.c.series_uid).where(
                    of_study, expected.c.instances <= _held()
                )
            ).all()
            if complete:
                gone = and_(of_study, expected.c.series_uid.in_(complete))
                connection.execute(delete(expected).where(gone))
                note_change(connection)
        return sum(self.missing(study_uid).values())

    def missing(self, study_uid: str) -> dict[str, int]:
        """How many instances each series lacks that lacks any."""
        lacking = (expected.c.instances - _held()).label("lacking")
        asked = select(expected.c.series_uid, lacking).where(
            expected.c.study_uid == study_uid
        )
        with reading(self._engine) as connection:
            found = connection.execute(asked).all()
        return {row.series_uid: row.lacking for row in found if row.lacking > 0}
