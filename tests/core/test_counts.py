"""Numbers agree with their words."""

import pytest

from viewer.core.counts import counted


@pytest.mark.parametrize(
    ("number", "words", "said"),
    [
        (0, ("file",), "0 files"),
        (1, ("file",), "1 file"),
        (1200, ("file",), "1,200 files"),
        (1, ("study", "studies"), "1 study"),
        (2, ("study", "studies"), "2 studies"),
        (2, ("series", "series"), "2 series"),
    ],
)
def test_a_number_has_the_word_that_fits(
    number: int, words: tuple[str, ...], said: str
) -> None:
    assert counted(number, *words) == said
