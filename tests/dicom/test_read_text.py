"""Text is read in the character set it says it has, or the one it must have."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.dicom.written_files import Value, image_file
from viewer.dicom.read import read_file
from viewer.dicom.text import MISFIT, UNDECLARED, UNKNOWN, CharacterSet


def decoded(terms: str, raw: bytes) -> tuple[str, str]:
    return CharacterSet.from_terms(terms.encode()).decode(raw)


@pytest.mark.parametrize(
    ("terms", "codec", "text"),
    [
        ("ISO_IR 100", "latin_1", "Jérôme"),
        ("ISO_IR 101", "iso8859_2", "Łukasz"),
        ("ISO_IR 109", "iso8859_3", "Ħal"),
        ("ISO_IR 110", "iso8859_4", "Ķēniņš"),
        ("ISO_IR 144", "iso8859_5", "Люк"),
        ("ISO_IR 127", "iso8859_6", "قباني"),
        ("ISO_IR 126", "iso8859_7", "Διονυσιος"),
        ("ISO_IR 138", "iso8859_8", "שרון"),
        ("ISO_IR 148", "iso8859_9", "Çavuşoğlu"),
        ("ISO_IR 203", "iso8859_15", "Œuvre €"),
        ("ISO_IR 166", "tis_620", "นามสกุล"),
        ("ISO_IR 13", "shift_jis", "ﾔﾏﾀﾞ"),
        ("ISO_IR 192", "utf_8", "山田 Ł é"),
        ("GB18030", "gb18030", "王小东"),
        ("GBK", "gbk", "王小东"),
        ("ISO 2022 IR 100", "latin_1", "Jérôme"),
        # As some write them
        ("iso_ir 100", "latin_1", "Jérôme"),
        ("ISO-IR 100", "latin_1", "Jérôme"),
        ("ISO IR 100", "latin_1", "Jérôme"),
        ("ISO_IR_192", "utf_8", "山田"),
        ("UTF-8", "utf_8", "山田"),
        ("ISO 2022 100", "latin_1", "Jérôme"),
    ],
)
def test_each_character_set_is_known(terms: str, codec: str, text: str) -> None:
    assert decoded(terms, text.encode(codec)) == (text, "")


def test_a_backslash_inside_a_two_byte_character_separates_nothing(
    tmp_path: Path,
) -> None:
    name = "表示"  # the second byte of 表 in GB18030 is none, in Shift JIS it is 0x5C
    text = "俓"  # in GBK its second byte is a backslash
    assert b"\\" in text.encode("gbk")
    extra: list[tuple[int, str, Value]] = [
        (0x00080005, "CS", "GBK"),
        (0x00081030, "LO", text.encode("gbk")),
        (0x0008103E, "LO", name.encode("gbk")),
    ]
    record = read_file(image_file(tmp_path, extra))
    assert record.study.description == text
    assert record.series.description == name
    assert not record.tolerated


@pytest.mark.parametrize(
    ("terms", "raw", "text", "tolerated"),
    [
        ("", "Jérôme".encode("latin_1"), "Jérôme", UNDECLARED),
        ("", "Jérôme".encode(), "Jérôme", UNDECLARED),
        ("ISO_IR 192", "Jérôme".encode("latin_1"), "Jérôme", MISFIT),
        ("ISO_IR 6", "山田".encode(), "山田", MISFIT),
        ("KLINGON", "Jérôme".encode(), "Jérôme", UNKNOWN),
        ("ISO_IR 999", b"plain", "plain", ""),
    ],
)
def test_a_wrong_declaration_falls_back_and_is_named(
    terms: str, raw: bytes, text: str, tolerated: str
) -> None:
    assert decoded(terms, raw) == (text, tolerated)


def test_escapes_switch_character_sets() -> None:
    terms = "\\ISO 2022 IR 87\\ISO 2022 IR 144"
    raw = b"A \x1b$B" + "山田".encode("iso2022_jp")[3:-3] + b"\x1b(B B \x1b-L"
    assert decoded(terms, raw + "Люк".encode("iso8859_5")) == ("A 山田 B Люк", "")


def test_a_delimiter_brings_the_default_character_set_back() -> None:
    raw = b"\x1b-F" + "Δ".encode("iso8859_7") + b"^" + "é".encode("latin_1")
    assert decoded("ISO 2022 IR 100\\ISO 2022 IR 126", raw) == ("Δ^é", "")


def test_an_unknown_escape_loses_no_character() -> None:
    text, tolerated = decoded("ISO 2022 IR 100", b"\x1b-Zabc\xe9")
    assert text.endswith("abcé")
    assert tolerated == MISFIT


@given(st.binary(max_size=40), st.binary(max_size=80))
def test_any_bytes_are_text_in_any_character_set(terms: bytes, raw: bytes) -> None:
    text, _ = CharacterSet.from_terms(terms).decode(raw)
    assert isinstance(text, str)


@given(st.text(max_size=30))
def test_what_was_written_in_utf_8_is_read_again(text: str) -> None:
    if "\x1b" not in text:
        assert decoded("ISO_IR 192", text.encode()) == (text, "")
