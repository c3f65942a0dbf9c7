"""What comes by another way than ours is noticed, and nothing else is."""

from pathlib import Path

import pytest

from viewer.services.arrivals import Arrivals
from viewer.services.store import Store


class Rows:
    """A count of rows that a test sets."""

    new = 0

    def added(self) -> int:
        """How many were added since the last question."""
        new, self.new = self.new, 0
        return new


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def test_an_object_that_has_its_row_by_now_has_come(store: Store) -> None:
    rows = Rows()
    arrivals = Arrivals(store, rows.added)
    rows.new = 1
    assert [arrivals.came(), arrivals.came()] == [True, False]


def test_an_object_that_grew_since_the_last_look_is_coming(store: Store) -> None:
    arrivals = Arrivals(store, Rows().added)
    file = store.workspace("listener") / "large.part"
    file.write_bytes(b"begun")
    assert not arrivals.came()  # it may be anybody's who is done in a moment
    with file.open("ab") as more:
        more.write(b"more")
    assert arrivals.came()
    assert not arrivals.came()


def test_what_is_stuck_or_gone_is_no_sign_of_life(store: Store) -> None:
    file = store.workspace("listener") / "stuck.part"
    file.write_bytes(b"half of it")
    arrivals = Arrivals(store, Rows().added)
    assert not arrivals.came()
    store.clear("listener")
    assert not arrivals.came()
