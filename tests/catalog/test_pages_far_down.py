"""A page far down the list is the page that the whole list has there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.catalog.arrivals import a_study, arrival, patient
from viewer.catalog import question
from viewer.catalog.catalog import Catalog
from viewer.catalog.orders import ListOrders
from viewer.catalog.schema import study
from viewer.core.identity import SeriesUID
from viewer.core.listing import SortColumn, StudyQuery
from viewer.core.records import SeriesRecord

_SORTS: tuple[SortColumn, ...] = SortColumn.__args__  # type: ignore[attr-defined]
_DAYS = (None, date(2024, 1, 1), date(2024, 1, 2))
_TIMES = (None, time(8), time(9))

study_of_a_list = st.tuples(
    st.sampled_from(("", "Rare^A", "Common^B", "Common^C")),
    st.sampled_from(("CT", "MR")),
    st.sampled_from(_DAYS),
    st.sampled_from(_TIMES),
)

asked_for = st.builds(
    StudyQuery,
    text=st.sampled_from(("", "", "common", "rare", "co mm")),
    modalities=st.sampled_from(((), (), ("CT",), ("CT", "MR"))),
    statuses=st.sampled_from(((), (), ("pending",))),
    date_from=st.sampled_from((None, None, date(2024, 1, 1), date(2024, 1, 2))),
    sort=st.sampled_from(_SORTS),
    descending=st.booleans(),
    trashed=st.sampled_from((False, False, False, True)),
    limit=st.integers(1, 5),
    offset=st.integers(0, 12),
    count_to=st.sampled_from((None, 2, 5)),
)


@contextmanager
def near(studies: int) -> Iterator[None]:
    """Far down begins after so many studies, and few are many."""
    with (
        patch.object(question, "_NEAR", studies),
        patch.object(question, "FEW", 0),
        patch.object(question, "_MANY", 2),
    ):
        yield


def changed(catalog: Catalog, number: int, of: tuple[object, ...]) -> None:
    """File one more study; every third goes to the trash, every fifth is read."""
    name, modality, day, hour = of
    uid = f"2.25.{number}"
    spoken = a_study(uid, study_date=day, study_time=hour)
    series = SeriesRecord(SeriesUID(f"{uid}.1"), str(modality), 1)
    catalog.file_all([arrival(of=patient(name=name), study=spoken, series=series)])
    if number % 3 == 0:
        catalog.trash([uid])
    if number % 5 == 0:
        catalog.set_status([uid], "read")


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
@given(
    studies=st.lists(study_of_a_list, min_size=1, max_size=12),
    later=st.lists(study_of_a_list, max_size=2),
    asked=asked_for,
)
def test_pages_far_down_are_those_of_the_whole_list_whatever_changes(
    tmp_path_factory: pytest.TempPathFactory,
    studies: list[tuple[object, ...]],
    later: list[tuple[object, ...]],
    asked: StudyQuery,
) -> None:
    with opened(tmp_path_factory.mktemp("pages")) as catalog:
        for number, one in enumerate(studies, 1):
            changed(catalog, number, one)
        agree(catalog, asked)
        for number, one in enumerate(later, len(studies) + 1):
            changed(catalog, number, one)
            agree(catalog, asked)
        catalog.trash(["2.25.1"])
        agree(catalog, asked)


def agree(catalog: Catalog, asked: StudyQuery) -> None:
    """The page, its total and the places of studies are those of the sorted whole."""
    every = [f"2.25.{number}" for number in range(1, 20)]
    whole = collected(catalog, asked)
    places = {uid: place for place, uid in enumerate(whole)}
    shown = whole[asked.offset : asked.offset + (asked.limit or 0)]
    with near(2):
        page = catalog.search(asked, every)
        again = catalog.search(replace(asked, count_to=None), every[:4])
    for found, wanted in ((page, every), (again, every[:4])):
        assert [one.study_uid for one in found.items] == shown
        assert {one.study_uid: place for place, one in found.kept} == {
            uid: places[uid] for uid in wanted if uid in places
        }
        assert found.total <= len(whole)
        assert not found.complete or found.total == len(whole)
    assert again.complete


def collected(catalog: Catalog, asked: StudyQuery) -> list[str]:
    """The UIDs of the whole list, sorted by SQLite without any plan of ours."""
    with catalog._engine.connect() as connection:
        orders = ListOrders()
        planned = question.Question(connection, asked, orders, 0)
        ids = list(planned._collected(planned._ids()))
        found = connection.execute(select(study.c.id, study.c.study_uid))
        names = {row.id: row.study_uid for row in found}
    return [names[one] for one in ids]


@contextmanager
def opened(folder: Path) -> Iterator[Catalog]:
    """A catalog of its own for each example."""
    catalog = Catalog(folder / "catalog.sqlite", lambda sha256: sha256.hex())
    yield catalog
    catalog.close()
