"""The columns of the list fit the window."""

from hypothesis import given
from hypothesis import strategies as st

from viewer.ui.browser.columns import COLUMNS, STATUS_COLUMN, widths


@given(st.integers(700, 6000))
def test_the_columns_fill_the_room_exactly_or_need_all_of_it(room: int) -> None:
    given_widths = widths(room)
    needed = sum(column.width for column in COLUMNS if column.rank == 0)
    assert sum(given_widths) == max(room, needed)


@given(st.integers(0, 6000))
def test_shown_columns_are_never_cut_below_their_width(room: int) -> None:
    assert all(
        width == 0 or width >= column.width
        for width, column in zip(widths(room), COLUMNS, strict=True)
    )


@given(st.integers(0, 6000), st.integers(0, 6000))
def test_a_wider_window_never_hides_a_column(one: int, other: int) -> None:
    narrow, wide = sorted((one, other))
    shown = {at for at, width in enumerate(widths(narrow)) if width}
    assert shown <= {at for at, width in enumerate(widths(wide)) if width}


def test_who_when_what_and_where_it_stands_are_always_shown() -> None:
    shown = {COLUMNS[at].title for at, width in enumerate(widths(0)) if width}
    assert {"Patient", "Date", "Mod", "Description", "Status"} <= shown
    assert COLUMNS[STATUS_COLUMN].title == "Status"
