"""What tells who it is: names, numbers, places and dates, in every hand's writing."""

import pytest

from viewer.core.deidentification import Option
from viewer.dicom.deidentification.identifying import Identifying, identifying
from viewer.dicom.deidentification.tree import item_of, raw, sequence

UTF8 = (0x00080005, "CS", "ISO_IR 192")


def told(
    *stated: tuple[int, str, str], options: frozenset[Option] = frozenset()
) -> Identifying:
    """What a data set with these values tells."""
    every = [UTF8, *((tag, vr, text) for tag, vr, text in stated)]
    item = item_of([raw(tag, vr, text.encode()) for tag, vr, text in every])
    return identifying(item, options)


@pytest.mark.parametrize(
    "text",
    [
        "Kowalski",
        "KOWALSKI, Jolanta",
        "scan of jolanta",
        "JolantaKowalski",
        "kowalski-weber",
        "Kowálski",
        "ID PAT884423",
        "PAT-884423",
        "1961-03-07",
        "07.03.1961",
        "3/7/1961",
        "7 mar 1961",
        "19610307",
        "Haus Sonnenblick 4",
    ],
)
def test_a_value_is_found_however_it_is_written(text: str) -> None:
    known = told(
        (0x00100010, "PN", "Kowalski^Jolanta"),
        (0x00100020, "LO", "PAT-884423"),
        (0x00100030, "DA", "19610307"),
        (0x00101040, "LO", "Haus Sonnenblick 4"),
    )
    assert known.found_in(text)


@pytest.mark.parametrize(
    "text", ["Chest", "Standard", "Br40f", "syngo CT VA30", "0.5", "1.2.840", "Kowal"]
)
def test_other_words_are_not(text: str) -> None:
    known = told(
        (0x00100010, "PN", "Kowalski^Jolanta"), (0x00100020, "LO", "PAT-884423")
    )
    assert not known.found_in(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Yamada^Tarou=山田^太郎=やまだ^たろう", "検査 山田"),
        ("Yamada^Tarou=山田^太郎=やまだ^たろう", "たろう"),
        ("Hong^Gildong=洪^吉洞=홍^길동", "길동"),
        ("Люкceмбypг", "люкceмбypг"),
        ("Διονυσιος", "ΔΙΟΝΥΣΙΟΣ"),
    ],
)
def test_names_of_every_script_are_found(name: str, text: str) -> None:
    assert told((0x00100010, "PN", name)).found_in(text)


def test_short_parts_of_names_must_stand_alone() -> None:
    known = told((0x00100010, "PN", "Lee^Ann"))
    assert known.found_in("Dr Lee")
    assert not known.found_in("sleeve, annual")


def test_initials_and_terms_of_the_standard_are_nobodys_name() -> None:
    known = told((0x00100010, "PN", "X^Y"), (0x00081070, "PN", "ORIGINAL"))
    assert not known.found_in("XY ORIGINAL")


def test_names_within_sequences_are_known_too() -> None:
    inner = item_of([raw(0x0040A123, "PN", b"Brandauer^Ute")])
    known = identifying(item_of([sequence(0x0040A073, [inner])]))
    assert known.found_in("read by Brandauer")


def test_an_item_may_have_a_character_set_of_its_own() -> None:
    terms = raw(0x00080005, "CS", b"ISO_IR 144")
    name = raw(0x0040A123, "PN", "Иванова".encode("iso8859_5"))
    inner = item_of([terms, name])
    known = identifying(item_of([sequence(0x0040A073, [inner])]))
    assert known.found_in("Иванова")


def test_uids_and_mail_addresses_are_known_by_their_form() -> None:
    nobody = Identifying()
    assert nobody.found_in("see 1.3.12.2.1107.5.2.43.67060.30000")
    assert nobody.found_in("mail ute@example.org")
    assert not nobody.found_in("version 6.16.9.0")


def test_a_number_that_measures_is_an_identifier_only_as_a_whole() -> None:
    known = told((0x00100020, "LO", "884423"), (0x00080050, "SH", "1000"))
    assert known.is_number("1\\884423")
    assert not known.is_number("0.884423")
    assert not known.is_number("1000")


def test_bytes_that_are_no_text_are_searched_for_longer_values() -> None:
    known = told((0x00100010, "PN", "Kowalski^Jo"))
    assert known.found_in_stream(b"\x00\x01KOWALSKI\x02")
    assert not known.found_in_stream(b"\x00Jo\x01")


@pytest.mark.parametrize(
    ("option", "tag", "vr", "text"),
    [
        (Option.RETAIN_INSTITUTION_IDENTITY, 0x00080080, "LO", "Haus Sonnenblick"),
        (Option.RETAIN_DEVICE_IDENTITY, 0x00181000, "LO", "SN-99120"),
        (Option.RETAIN_FULL_DATES, 0x00080020, "DA", "20240105"),
    ],
)
def test_what_an_option_lets_stay_is_no_secret(
    option: Option, tag: int, vr: str, text: str
) -> None:
    assert told((tag, vr, text)).found_in(text)
    assert not told((tag, vr, text), options=frozenset({option})).found_in(text)
