"""The columns of the list fit the window."""

from hypothesis import given
from hypothesis import strategies as st

from viewer.ui.browser.columns import (
    COLUMNS,
    DESCRIPTION_COLUMN,
    STATUS_COLUMN,
    widths,
)

CONTENTS = st.lists(st.integers(0, 2000), min_size=len(COLUMNS), max_size=len(COLUMNS))


@given(st.integers(1000, 6000), CONTENTS)
def test_the_columns_fill_the_room_exactly(room: int, contents: list[int]) -> None:
    assert sum(widths(room, contents)) == room


@given(st.integers(0, 6000), CONTENTS)
def test_a_width_stays_within_its_limits(room: int, contents: list[int]) -> None:
    for width, column in zip(widths(room, contents), COLUMNS, strict=True):
        least, most = column.limits or (column.width, column.width)
        if column is COLUMNS[DESCRIPTION_COLUMN]:
            least, most = 120, 6000
        assert width == 0 or least <= width <= most


@given(CONTENTS)
def test_nothing_is_cut_while_the_description_has_more_than_it_must(
    contents: list[int],
) -> None:
    for room in (1050, 1280, 1700):
        given_widths = widths(room, contents)
        for at, column in enumerate(COLUMNS):
            if given_widths[at] and column.limits:
                whole = given_widths[at] >= min(contents[at], column.limits[1])
                assert whole or given_widths[DESCRIPTION_COLUMN] == 120


@given(st.integers(0, 6000), CONTENTS, CONTENTS)
def test_no_column_comes_or_goes_with_what_is_in_it(
    room: int, one: list[int], other: list[int]
) -> None:
    assert [w > 0 for w in widths(room, one)] == [w > 0 for w in widths(room, other)]


@given(st.integers(0, 6000), st.integers(0, 6000))
def test_a_wider_window_never_hides_a_column(one: int, other: int) -> None:
    narrow, wide = sorted((one, other))
    shown = {at for at, width in enumerate(widths(narrow)) if width}
    assert shown <= {at for at, width in enumerate(widths(wide)) if width}


def test_who_when_what_and_where_it_stands_are_always_shown() -> None:
    shown = {COLUMNS[at].title for at, width in enumerate(widths(0)) if width}
    assert {"Patient", "Date", "Mod", "Description", "Status"} <= shown
    assert COLUMNS[STATUS_COLUMN].title == "Status"
