"""Questions to the catalog find what they should, and count it exactly."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.catalog.arrivals import a_study, arrival, patient
from viewer.catalog import question, schema
from viewer.catalog.catalog import Catalog
from viewer.catalog.orders import ListOrders
from viewer.core.identity import SeriesUID
from viewer.core.listing import SortColumn, StudyQuery
from viewer.core.records import PatientRecord, SeriesRecord, StudyRecord

NAMES = {
    "1.1": "Yamada^Tarou=山田^太郎=やまだ^たろう",
    "1.2": "Müller^Jürgen",
    "1.3": "O'Neil^100%_sure",
    "1.4": "Łukasz^Çelik",
    "1.5": "Buc^Jérôme",
}


def filled(catalog: Catalog) -> Catalog:
    catalog.file_all(
        [
            arrival(of=patient(name=name, patient_id=f"ID-{uid}"), study=a_study(uid))
            for uid, name in NAMES.items()
        ]
    )
    return catalog


def found(catalog: Catalog, **asked: object) -> set[str]:
    page = catalog.search(replace(StudyQuery(), **asked))  # type: ignore[arg-type]
    assert page.total == len(page.items)
    return {one.study_uid for one in page.items}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yamada", {"1.1"}),
        ("amad", {"1.1"}),
        ("山田", {"1.1"}),
        ("山", {"1.1"}),
        ("郎", {"1.1"}),
        ("たろ", {"1.1"}),
        ("tarou 山田", {"1.1"}),
        ("muller", {"1.2"}),
        ("MÜLLER^JÜRGEN", {"1.2"}),
        ("Müller, Jürgen", {"1.2"}),
        ("ç", {"1.4", "1.5"}),
        ("ll j", {"1.2"}),
        ("0%", {"1.3"}),
        ("%", {"1.3"}),
        ("_", {"1.3"}),
        ("%_s", {"1.3"}),
        ("100%_sure", {"1.3"}),
        ("'", {"1.3"}),
        ('"', set()),
        ('o" OR "a', set()),
        ("lukasz celik", {"1.4"}),
        ("jerome", {"1.5"}),
        ("id-1.4", {"1.4"}),
        ("thorax", set(NAMES)),
        ("tho rax", set(NAMES)),
        ("", set(NAMES)),
        ("^ =", set(NAMES)),
        ("tarou jerome", set()),
        ("nobody", set()),
    ],
)
def test_every_word_is_found_in_any_part_of_any_script(
    catalog: Catalog, text: str, expected: set[str]
) -> None:
    assert found(filled(catalog), text=text) == expected


def test_each_field_is_asked_for_itself(catalog: Catalog) -> None:
    filled(catalog)
    assert found(catalog, patient="yamada") == {"1.1"}
    assert found(catalog, patient="id-1") == set()
    assert found(catalog, patient_id="-1.3") == {"1.3"}
    assert found(catalog, patient_id="1", patient="j") == {"1.2", "1.5"}
    assert found(catalog, accession="1") == set()


def test_accession_institution_and_series_descriptions_are_found(
    catalog: Catalog,
) -> None:
    spoken = a_study(accession_number="ACC77", institution="Hôpital")
    series = SeriesRecord(SeriesUID("1.2.7"), "MR", 7, "FLAIR sagittal")
    catalog.file_all([arrival(study=spoken, series=series)])
    for text in ("acc77", "hopital", "flair", "gitt", "acc flair thorax"):
        assert found(catalog, text=text) == {"1.2"}
    assert found(catalog, accession="cc7") == {"1.2"}


def test_a_description_that_arrives_later_is_found(catalog: Catalog) -> None:
    catalog.file_all([arrival(1)])
    assert found(catalog, text="diffusion") == set()
    series = SeriesRecord(SeriesUID("1.2.8"), "MR", 8, "Diffusion")
    catalog.file_all([arrival(1, series=series)])
    assert found(catalog, text="diffusion") == {"1.2"}
    assert found(catalog, text="thorax") == {"1.2"}


def test_filters_take_any_of_their_values_and_all_of_each_other(
    catalog: Catalog,
) -> None:
    for uid, modality, institution in (
        ("1.1", "CT", "A"),
        ("1.2", "MR", "A"),
        ("1.3", "CT", "B"),
    ):
        of = a_study(uid, institution=institution)
        catalog.file_all(
            [arrival(study=of, series=SeriesRecord(SeriesUID(f"{uid}.1"), modality))]
        )
    catalog.set_status(["1.3"], "read")
    catalog.set_tags("1.1", ["teaching", "rare"])
    assert found(catalog, modalities=("CT",)) == {"1.1", "1.3"}
    assert found(catalog, modalities=("CT", "MR")) == {"1.1", "1.2", "1.3"}
    assert found(catalog, modalities=("CT",), institutions=("A",)) == {"1.1"}
    assert found(catalog, statuses=("read",)) == {"1.3"}
    assert found(catalog, tags=("rare",)) == {"1.1"}
    assert found(catalog, tags=("rare",), modalities=("MR",)) == set()
    offered = catalog.filters()
    assert offered.modalities == ("CT", "MR")
    assert offered.institutions == ("A", "B")
    assert offered.statuses == ("pending", "read")
    assert offered.tags == ("rare", "teaching")


def test_dates_are_inclusive_and_unknown_dates_match_no_span(catalog: Catalog) -> None:
    days = {"1.1": date(2024, 1, 1), "1.2": date(2024, 1, 31), "1.3": None}
    catalog.file_all(
        [arrival(study=a_study(uid, study_date=day)) for uid, day in days.items()]
    )
    first, last = date(2024, 1, 1), date(2024, 1, 31)
    assert found(catalog, date_from=first, date_to=last) == {"1.1", "1.2"}
    assert found(catalog, date_from=last) == {"1.2"}
    assert found(catalog, date_to=first) == {"1.1"}


def test_unknown_values_sort_last_in_both_directions(catalog: Catalog) -> None:
    names = {"1.1": "", "1.2": "Álvarez^A", "1.3": "Bauer^B", "1.4": "alvarez^b"}
    catalog.file_all(
        [arrival(of=patient(name=name), study=a_study(u)) for u, name in names.items()]
    )
    ascending = StudyQuery(sort="patient_name", descending=False)
    descending = replace(ascending, descending=True)
    assert _uids(catalog, ascending) == ["1.2", "1.4", "1.3", "1.1"]
    assert _uids(catalog, descending) == ["1.3", "1.4", "1.2", "1.1"]


def test_studies_of_one_day_are_sorted_by_time(catalog: Catalog) -> None:
    for uid, hour in (("1.1", 8), ("1.2", 12), ("1.3", 10)):
        catalog.file_all([arrival(study=a_study(uid, study_time=time(hour)))])
    assert _uids(catalog, StudyQuery()) == ["1.2", "1.3", "1.1"]


@pytest.mark.parametrize("few", [0, 5_000])  # walked, and collected
def test_both_plans_give_every_page_of_the_same_list(
    catalog: Catalog, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(question, "FEW", few)
    catalog.file_all(
        [
            arrival(
                of=patient(name=f"Family{number % 7}^山{number % 3}"),
                study=a_study(f"1.{number}", institution=f"Hospital {number % 2}"),
            )
            for number in range(1, 61)
        ]
    )
    asked = StudyQuery(
        text="family 山",
        modalities=("CT",),
        institutions=("Hospital 1",),
        sort="patient_name",
        descending=False,
        limit=7,
    )
    pages = [catalog.search(replace(asked, offset=o)) for o in range(0, 35, 7)]
    listed = [one for page in pages for one in page.items]
    assert {page.total for page in pages} == {30}
    assert len({one.study_uid for one in listed}) == len(listed) == 30
    names = [one.patient_name for one in listed]
    assert names == sorted(names)


@pytest.mark.parametrize("walk", [3, 1_000])  # given up, and to the end
@pytest.mark.parametrize("near", [5, 1_000])  # pages far down, and near ones
def test_a_walk_that_leads_nowhere_changes_no_page(
    catalog: Catalog, walk: int, near: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(question, "FEW", 0)
    monkeypatch.setattr(question, "_WALK", walk)
    monkeypatch.setattr(question, "_NEAR", near)
    uids = _thirds_have_a_name(catalog)
    asked = StudyQuery(text="rare", sort="added", descending=False, limit=4)
    pages = [catalog.search(replace(asked, offset=o)) for o in range(0, 12, 4)]
    assert {page.total for page in pages} == {10}
    assert [one.study_uid for page in pages for one in page.items] == uids


def test_an_early_answer_says_how_many_there_are_at_least(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(question, "_SAMPLE", 9)
    uids = _thirds_have_a_name(catalog)
    asked = StudyQuery(text="rare", sort="added", descending=False, limit=3)
    early = catalog.search(replace(asked, count_to=5))
    assert (early.total, early.complete) == (5, False)
    assert [one.study_uid for one in early.items] == uids[:3]
    narrow = replace(asked, count_to=5, modalities=("CT",))
    both = catalog.search(narrow)
    assert (both.total, both.complete) == (3, False)  # of nine that were looked at
    whole = catalog.search(asked)
    assert (whole.total, whole.complete) == (10, True)
    again = catalog.search(replace(asked, count_to=5))
    assert (again.total, again.complete) == (10, True)
    assert catalog.search(replace(narrow, count_to=None)).total == 10


def test_an_early_answer_is_exact_where_few_match(catalog: Catalog) -> None:
    uids = _thirds_have_a_name(catalog)
    asked = StudyQuery(text="rare", modalities=("CT",), count_to=10)
    page = catalog.search(asked)
    assert (page.total, page.complete) == (10, True)
    assert {one.study_uid for one in page.items} == set(uids)
    last = catalog.search(replace(asked, offset=8, limit=5))
    assert len(last.items) == 2


def _thirds_have_a_name(catalog: Catalog) -> list[str]:
    """The UIDs of ten studies of thirty, in the order of filing."""
    catalog.file_all(
        [
            arrival(
                of=patient(name="Rare" if number % 3 == 0 else "Common"),
                study=a_study(f"1.{number}"),
            )
            for number in range(1, 31)
        ]
    )
    return [f"1.{number}" for number in range(3, 31, 3)]


TEXTS = st.text(st.sampled_from("abÄß山田%_'\" 1"), max_size=6)


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(written=st.lists(TEXTS, min_size=1, max_size=4), typed=TEXTS)
def test_what_is_found_is_what_contains_every_word(
    catalog: Catalog, written: list[str], typed: str
) -> None:
    catalog.trash([one.study_uid for one in catalog.search(StudyQuery()).items])
    offset = catalog.search(StudyQuery(trashed=True, limit=0)).total
    expected = set()
    for number, description in enumerate(written, offset):
        uid = f"2.25.{number}"
        of = StudyRecord(a_study(uid).study_uid, description=description)
        catalog.file_all([arrival(of=PatientRecord(), study=of)])
        if all(word in _folded(description) for word in _folded(typed).split()):
            expected.add(uid)
    assert found(catalog, text=typed) == expected
    catalog.trash([f"2.25.{n}" for n in range(offset, offset + len(written))])
    asked = StudyQuery(text=typed, trashed=True, limit=None)
    again = {one.study_uid for one in catalog.search(asked).items}
    assert expected <= again


def _folded(text: str) -> str:
    """An independent folding, good for the letters of `TEXTS`."""
    return text.replace("Ä", "a").replace("ß", "ss")


@pytest.mark.parametrize("column", SortColumn.__args__)  # type: ignore[attr-defined]
def test_every_column_sorts_by_walking_an_index(
    catalog: Catalog, column: SortColumn
) -> None:
    for descending in (False, True):
        query = StudyQuery(sort=column, descending=descending)
        plan = " ".join(_plan(catalog, query))
        assert "INDEX study_by_" in plan
        assert "TEMP B-TREE" not in plan


def _plan(catalog: Catalog, query: StudyQuery) -> Iterator[str]:
    c = schema.study.c
    with catalog._engine.connect() as connection:
        orders = ListOrders()
        planned = question.Question(connection, query, orders, 0)
        page = planned._sorted(select(c.id).where(c.trashed.is_(None))).limit(100)
        compiled = page.compile(connection, compile_kwargs={"literal_binds": True})
        for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}"):
            yield str(row[-1])


def _uids(catalog: Catalog, query: StudyQuery) -> list[str]:
    return [one.study_uid for one in catalog.search(query).items]


@pytest.mark.parametrize("few", [0, 1_500])  # walked past a set, and collected
@pytest.mark.parametrize("wide", [0, 50_000])  # merged, and led by the narrowest
def test_two_wide_words_that_few_studies_share_are_found_alike(
    catalog: Catalog, few: int, wide: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(question, "FEW", few)
    monkeypatch.setattr(question, "_WIDE", wide)
    monkeypatch.setattr(question, "_SAMPLE", 9)
    uids = _thirds_have_a_name(catalog)
    asked = StudyQuery(
        text="rare", modalities=("CT",), sort="added", descending=False, limit=4
    )
    for count_to in (5, 20, None):
        pages = [
            catalog.search(replace(asked, offset=o, count_to=count_to))
            for o in range(0, 12, 4)
        ]
        assert [one.study_uid for page in pages for one in page.items] == uids
        assert pages[-1].total == 10
    none = replace(asked, modalities=("MR",), count_to=5)
    assert (catalog.search(none).items, catalog.search(none).total) == ((), 0)
