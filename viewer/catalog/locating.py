"""What a UID means here: a study, a series or an instance."""

from sqlalchemy import Engine, Select, literal, select

from viewer.catalog.connection import reading
from viewer.catalog.schema import instance, series, study
from viewer.core.identity import SeriesUID, SOPInstanceUID, StudyUID
from viewer.core.remote import RemoteKey


class Locating:
    """Looks UIDs up. Any thread may call it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def key_of(self, uid: str) -> RemoteKey | None:
        """The study, series or instance of that UID; None if there is none."""
        with reading(self._engine) as connection:
            for asked in (_study(uid), _series(uid), _instance(uid)):
                row = connection.execute(asked.limit(1)).one_or_none()
                if row is not None:
                    return RemoteKey(
                        StudyUID(row[0]), SeriesUID(row[1]), SOPInstanceUID(row[2])
                    )
        return None


def _study(uid: str) -> "Select[str, str, str]":
    return select(study.c.study_uid, literal(""), literal("")).where(
        study.c.study_uid == uid
    )


def _series(uid: str) -> "Select[str, str, str]":
    return (
        select(study.c.study_uid, series.c.series_uid, literal(""))
        .join_from(study, series)
        .where(series.c.series_uid == uid)
    )


def _instance(uid: str) -> "Select[str, str, str]":
    return (
        select(study.c.study_uid, series.c.series_uid, instance.c.sop_instance_uid)
        .join_from(study, series)
        .join(instance, instance.c.series == series.c.id)
        .where(instance.c.sop_instance_uid == uid)
    )
