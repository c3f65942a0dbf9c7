"""Text is found however it is written."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.core.folding import folded, words


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Müller^Jürgen", "muller jurgen"),
        ("Nuñez", "NUNEZ"),
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("Sørensen", "sorensen"),
        ("Æther", "aether"),
        ("İSTANBUL", "istanbul"),
        ("Işık", "isik"),
        ("ΟΔΥΣΣΕΎΣ", "οδυσσευσ"),
        ("Люкceмбypг", "люкceмбypг"),
        ("ﾔﾏﾀﾞ^ﾀﾛｳ", "ヤマダ タロウ"),
        (
            "Yamada^Tarou=山田^太郎=やまだ^たろう",
            "yamada tarou 山田 太郎 やまた たろう",
        ),
        ("김희중", unicodedata.normalize("NFD", "김희중")),
        ("ﬁbula", "fibula"),
        ("ＣＴ", "ct"),
        ("Muster, Max", "muster max"),
        ("a\u200bb\x00c", "ab c"),
    ],
)
def test_what_is_written_and_what_is_typed_fold_to_the_same(
    written: str, typed: str
) -> None:
    assert folded(written) == folded(typed)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(
    st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["NFC", "NFD"])
)
def test_the_normal_form_of_the_input_does_not_matter(text: str, form: str) -> None:
    normal = unicodedata.normalize(form, text)  # type: ignore[arg-type]  # a literal
    assert folded(normal) == folded(text)


@given(st.text())
def test_a_folded_text_can_be_bound_and_split(text: str) -> None:
    folded(text).encode()
    assert all(word.split() == [word] for word in words(text))


def test_each_word_of_a_question_is_asked_once() -> None:
    assert words("  CT  ct thorax^CT ") == ("ct", "thorax")
