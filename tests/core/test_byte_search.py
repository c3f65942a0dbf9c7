"""Bytes among bytes: nothing that is there is overlooked."""

import re
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.core.byte_search import Needles
from viewer.core.telltale import Kind, Telltale, encoded, forms, texts, words

_FEW = st.binary(min_size=6, max_size=9).map(lambda raw: bytes(b % 3 + 97 for b in raw))
_HAY = st.binary(max_size=300).map(lambda raw: bytes(b % 3 + 97 for b in raw))


@given(st.sets(_FEW, max_size=20), _HAY)
def test_it_finds_what_a_plain_search_finds(needles: set[bytes], hay: bytes) -> None:
    starts = {start for start, _ in Needles(needles).found_in(hay)}

    expected = {
        match.start()
        for needle in needles
        for match in re.finditer(b"(?=" + re.escape(needle) + b")", hay)
    }
    assert starts == expected


@given(st.integers(0, 40), st.integers(0, 40))
def test_a_needle_is_found_at_every_place(before: int, behind: int) -> None:
    hay = bytes(before) + b"MUELLER" + bytes(behind)

    assert list(Needles([b"mueller"]).found_in(hay)) == [(before, b"mueller")]


def test_the_longest_of_several_is_told() -> None:
    assert list(Needles([b"mueller", b"mueller^anna"]).found_in(b"Mueller^Anna")) == [
        (0, b"mueller^anna")
    ]


def test_what_is_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="short"):
        Needles([b"anna"])


@pytest.mark.parametrize(
    ("kind", "text", "leaked"),
    [
        (Kind.NAME, "Müller-Lüdenscheidt^Anna", "MÜLLER-LÜDENSCHEIDT"),
        (Kind.NAME, "Müller-Lüdenscheidt^Anna", "Mueller-Luedenscheidt"),
        (Kind.NAME, "Müller-Lüdenscheidt^Anna", "ludenscheidt"),
        (Kind.NAME, "Li^Wei", "Wei, Li"),
        (Kind.NAME, "Li^Wei", "li_wei"),
        (Kind.NAME, "Yamada^Tarou=山田^太郎=やまだ^たろう", "やまだ"),
        (Kind.NAME, "Yamada^Tarou=山田^太郎=やまだ^たろう", "山田 太郎"),
        (Kind.NUMBER, "12-345-678", "12345678"),
        (Kind.NUMBER, "+49 (89) 123-456", "4989123456"),
        (Kind.DATE, "20190304", "2019-03-04"),
        (Kind.DATE, "20190304", "4.3.2019"),
        (Kind.DATE, "20190304", "03/04/2019"),
        (Kind.DATE, "20190304", "4 March 2019"),
        (Kind.DATE, "20190304", "Mar 4, 2019"),
        (Kind.PLACE, "Klinikum am Rande", "klinikum am rande"),
        (Kind.UID, "1.2.3.4.5", "1.2.3.4.5"),
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be"])
def test_each_way_to_write_it_is_found(
    kind: Kind, text: str, leaked: str, codec: str
) -> None:
    needles = Needles(forms(Telltale(kind, text)))
    hay = b"\0\x05hidden: " + leaked.encode(codec) + b"\xff\0"

    assert list(islice(needles.found_in(hay), 1))


@pytest.mark.parametrize("codec", ["shift_jis", "euc_jp", "gb18030", "iso2022_jp"])
def test_a_name_is_found_in_the_bytes_of_other_alphabets(codec: str) -> None:
    needles = Needles(forms(Telltale(Kind.NAME, "Yamada^Tarou=山田佐藤^太郎")))

    assert list(needles.found_in(b"\1" + "山田佐藤".encode(codec) + b"\2"))


def test_short_names_are_sought_in_text_only() -> None:
    value = Telltale(Kind.NAME, "Li^Anna=李^安娜")

    assert "anna" in words(value)
    assert "li anna" in words(value)
    assert "li" not in words(value)
    assert all(len(form) >= 6 for form in forms(value))


def test_a_date_that_is_none_has_no_forms() -> None:
    assert not texts(Telltale(Kind.DATE, "20190231"))
    assert encoded("a") == {b"a", b"a\0", b"\0a"}
