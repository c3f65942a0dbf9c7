"""How much of what peers have is here is counted by their UIDs."""

from tests.catalog.arrivals import a_study, arrival
from viewer.catalog.catalog import Catalog


def test_instances_are_counted_for_studies_and_series(catalog: Catalog) -> None:
    catalog.file_all([arrival(1), arrival(2), arrival(3, study=a_study("1.3"))])
    here = catalog.presence
    assert here.of_studies(["1.2", "1.3", "1.4"]) == {"1.2": 2, "1.3": 1}
    assert here.of_series("1.2") == {"1.2.1": 2}
    assert here.of_series("1.4") == {}
    assert here.of_instances(["1.2.1.1", "1.2.1.9"]) == {"1.2.1.1"}


def test_what_lies_in_the_trash_is_not_here(catalog: Catalog) -> None:
    catalog.file_all([arrival(1)])
    catalog.trash(["1.2"])
    here = catalog.presence
    assert here.of_studies(["1.2"]) == {}
    assert here.of_series("1.2") == {}
    assert here.of_instances(["1.2.1.1"]) == set()
    catalog.restore(["1.2"])
    assert here.of_studies(["1.2"]) == {"1.2": 1}
