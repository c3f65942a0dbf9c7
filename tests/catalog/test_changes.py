"""What the reader changes in the catalog, and takes back."""

from tests.catalog.arrivals import a_study, arrival
from viewer.catalog.catalog import Catalog
from viewer.core.listing import FilterValues, StudyQuery

TRASH = StudyQuery(trashed=True)


def uids(catalog: Catalog, query: StudyQuery) -> set[str]:
    return {study.study_uid for study in catalog.search(query).items}


def test_the_trash_hides_a_study_from_lists_search_and_filters(
    catalog: Catalog,
) -> None:
    catalog.file_all([arrival(), arrival(study=a_study("1.3", institution="B"))])
    catalog.set_tags("1.3", ["rare"])
    catalog.trash(["1.3"])
    assert (
        uids(catalog, StudyQuery()) == uids(catalog, StudyQuery(text="th")) == {"1.2"}
    )
    assert catalog.filters() == FilterValues(("CT",), ("pending",))
    assert uids(catalog, TRASH) == {"1.3"}
    assert {s.study_uid for s in catalog.of_same_patient("1.2")} == {"1.2"}


def test_restoring_brings_back_everything(catalog: Catalog) -> None:
    catalog.file_all([arrival(study=a_study("1.3", institution="B"))])
    catalog.set_tags("1.3", ["rare", "to show"])
    catalog.set_status(["1.3"], "read")
    before = catalog.search(StudyQuery()).items, catalog.filters()
    for _ in range(2):  # twice does no harm
        catalog.trash(["1.3"])
        catalog.trash(["1.3"])
        catalog.restore(["1.3"])
        catalog.restore(["1.3"])
    assert (catalog.search(StudyQuery()).items, catalog.filters()) == before
    for text in ("thorax", "mu", "B"):
        assert uids(catalog, StudyQuery(text=text)) == {"1.3"}
    assert catalog.instance("1.3.1.1") is not None


def test_the_trash_is_searched_like_the_library(catalog: Catalog) -> None:
    catalog.file_all([arrival(), arrival(study=a_study("1.3", institution="Ärzte"))])
    catalog.set_tags("1.3", ["rare"])
    catalog.trash(["1.2", "1.3"])
    for asked, expected in (
        (StudyQuery(trashed=True, text="arzte"), {"1.3"}),
        (StudyQuery(trashed=True, patient="muster"), {"1.2", "1.3"}),
        (StudyQuery(trashed=True, modalities=("CT",), tags=("rare",)), {"1.3"}),
        (StudyQuery(trashed=True, modalities=("C",)), set()),
        (StudyQuery(trashed=True, text="nothing"), set()),
    ):
        assert uids(catalog, asked) == expected


def test_tags_are_trimmed_sorted_and_each_kept_once(catalog: Catalog) -> None:
    catalog.file_all([arrival()])
    catalog.set_tags("1.2", ["zebra", "  follow\n up ", "zebra", ""])
    assert catalog.search(StudyQuery()).items[0].tags == ("follow up", "zebra")
    catalog.set_tags("1.2", [])
    assert catalog.search(StudyQuery()).items[0].tags == ()
    assert catalog.filters().tags == ()


def test_every_change_shows_in_the_revision_and_a_look_does_not(
    catalog: Catalog,
) -> None:
    seen = [catalog.revision()]
    catalog.file_all([arrival()])
    seen.append(catalog.revision())
    catalog.set_status(["1.2"], "read")
    seen.append(catalog.revision())
    catalog.trash(["1.2"])
    seen.append(catalog.revision())
    assert seen == sorted(set(seen))
    catalog.search(StudyQuery())
    catalog.filters()
    assert catalog.revision() == seen[-1]


def test_the_search_remembers_nothing_that_has_changed(catalog: Catalog) -> None:
    catalog.file_all([arrival()])
    pending = StudyQuery(statuses=("pending",))
    assert catalog.search(pending).total == catalog.search(pending).total == 1
    catalog.set_status(["1.2"], "read")
    assert catalog.search(pending).total == 0
