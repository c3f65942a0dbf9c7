"""A description keeps what the examination was, and nobody it was made of."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.core.folding import folded
from viewer.dicom.deidentification.descriptors import cleaned, cleaned_value, encoded
from viewer.dicom.deidentification.identifying import Identifying
from viewer.dicom.deidentification.words import word_list
from viewer.dicom.text import CharacterSet

NOBODY = Identifying()
LIST = sorted(word_list().words)
CALM = st.lists(st.sampled_from(LIST), max_size=4).map(" ".join)
BETWEEN = st.sampled_from([" ", "_", "/", "-", ", ", ": ", "^", "\n", "(", ""])

COMMON_NAMES = (
    "smith johnson williams brown jones garcia miller davis rodriguez martinez "
    "hernandez lopez gonzalez wilson anderson thomas taylor moore jackson martin "
    "lee perez thompson white harris sanchez clark ramirez lewis robinson walker "
    "young allen king wright scott torres nguyen hill flores green adams nelson "
    "baker hall rivera campbell mitchell carter roberts gomez phillips evans turner "
    "diaz parker cruz edwards collins reyes stewart morris morales murphy cook "
    "rogers gutierrez ortiz morgan cooper peterson bailey reed kelly howard ramos "
    "kim cox ward richardson watson brooks chavez wood james bennett gray mendoza "
    "ruiz hughes price alvarez castillo sanders patel myers ross foster jimenez "
    "stone long short small sharp chin page bell rose mark muller schmidt schneider "
    "fischer weber meyer wagner becker schulz hoffmann schafer koch bauer richter "
    "klein wolf schroder neumann schwarz zimmermann braun kruger hartmann lange "
    "schmitt werner krause meier lehmann schmid schulze maier kohler herrmann konig "
    "walter mayer huber kaiser fuchs peters lang scholz moller weiss jung hahn "
    "vogel friedrich keller gunther frank berger winkler roth beck lorenz baumann "
    "dubois durand leroy moreau simon laurent lefebvre michel garnier bernard petit "
    "robert richard blanc guerin boyer girard roux vincent fournier morel andre "
    "lefevre mercier dupont lambert bonnet francois fontaine rousseau delgado testa "
    "costa rossi russo ferrari esposito bianchi romano colombo ricci marino greco "
    "bruno gallo conti mancini rizzo lombardi moretti silva santos oliveira souza "
    "pereira lima carvalho ferreira john mary anna maria peter paul max tim eva "
    "iris angel grace dot frank bill may june april hans karl otto emma mia lena "
    "luca marco pierre jean louis marie sophie camille juan jose carmen rosa "
    "dolores luz sol li wang zhang chen liu yang zhao wu zhou xu sun ma zhu hu guo "
    "he lin gao luo park choi jung kang cho yoon jang lim han sato suzuki tanaka "
    "ito yamamoto dixon waters towne caldwell judet merchant power field "
)


def test_the_commonest_names_are_not_in_the_list() -> None:
    assert word_list().words.isdisjoint(COMMON_NAMES.split())


def test_the_list_is_letters_and_long_enough_to_be_of_use() -> None:
    assert all(word.isalpha() for word in LIST)
    assert len(LIST) > 2000
    assert word_list().words.isdisjoint(word_list().titles)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("CT Thorax/Abdomen 5 mm", "CT Thorax/Abdomen 5 mm"),
        ("MRT Schädel nativ, 1.5mm", "MRT Schädel nativ, 1.5mm"),
        ("IRM de la colonne lombaire", "IRM colonne lombaire"),
        ("T2w_TSE_tra 3 T", "T2w_TSE_tra 3 T"),
        ("ax3d FLAIR B30f L4/5 TE 2500 ms", "ax3d FLAIR B30f L4/5 TE 2500 ms"),
        ("HeadRoutine", "HeadRoutine"),
        ("Thorax Dr. Head, Neck", "Thorax"),
        ("Abdomen MR. Foot", "Abdomen"),
        ("MR Abdomen", "MR Abdomen"),
        ("Knee for J. Foot", "Knee"),
        ("12.04.85 CT Thorax", "CT Thorax"),
        ("CT 12 04 85", "CT"),
        ("Thorax 1985", "Thorax"),
        ("Thorax 0664 123 45 67", "Thorax"),
        ("Knee 1.2.840.113619.2", "Knee"),
        ("Knee, room 12", "Knee"),
        ("HeadSmith SmithHead", ""),
        ("胸部CT 山田", ""),
        ("Head^Smith Dr^^", "Head"),
        ("Head ᧐ Neck ٣ mm", "Head Neck mm"),
        ("Spine " * 1000, ""),
    ],
)
def test_words_of_the_list_stay_and_the_rest_goes(said: str, left: str) -> None:
    assert cleaned(said, NOBODY) == left


def test_no_word_stays_that_is_part_of_a_name_here() -> None:
    foot = Identifying(words=frozenset({"foot", "head", "michael"}))
    assert cleaned("CT Foot left", foot) == "CT left"
    assert cleaned("FootRoutine and headfoot Thorax", foot) == "and Thorax"


def test_what_is_left_does_not_spell_a_number_of_the_patient() -> None:
    known = Identifying(phrases=frozenset({"ct-5-l5", "ctl5x"}))
    assert cleaned("CT 5 L5 Spine", known) == ""
    assert cleaned("CT Spine", known) == "CT Spine"


NAMES = st.text(string.ascii_letters + "äöüßéèñçø", min_size=6, max_size=20).filter(
    lambda name: not any(word in folded(name) for word in LIST if len(word) > 1)
)
NUMBERS = st.from_regex(r"[0-9]{5,12}", fullmatch=True)
DATES = st.dates().map(
    lambda d: f"{d.day:02}.{d.month:02}.{d.year:04}",
) | st.dates().map(lambda d: d.isoformat())
PHONES = st.from_regex(r"\+?[0-9]{2,4}[ /\-][0-9]{3}[ \-][0-9]{2}[ \-][0-9]{2}")
ANY_SCRIPT = st.text(st.characters(min_codepoint=0x370), min_size=1, max_size=9)


@given(CALM, BETWEEN, NAMES | NUMBERS | DATES | PHONES | ANY_SCRIPT, BETWEEN, CALM)
def test_no_planted_name_number_or_date_survives(
    before: str, left_of: str, planted: str, right_of: str, after: str
) -> None:
    left = cleaned(f"{before}{left_of}{planted}{right_of}{after}", NOBODY)
    bare = re.sub(r"[\W_]+", "", folded(planted))
    assert not bare or bare not in re.sub(r"[\W_]+", "", folded(left))
    assert planted not in left or not planted.strip()


@given(st.text(max_size=80))
def test_cleaning_only_takes_away_and_doing_it_twice_changes_nothing(
    text: str,
) -> None:
    left = cleaned(text, NOBODY)
    assert len(left) <= len(text)
    assert cleaned(left, NOBODY) == left
    assert set(re.findall(r"[^\W_]+", left)) <= set(re.findall(r"[^\W_]+", text))


@given(CALM, st.sampled_from([b"", b"ISO_IR 100", b"ISO_IR 192", b"ISO_IR 144"]))
def test_what_is_left_can_be_written_in_the_character_set(
    text: str, term: bytes
) -> None:
    character_set = CharacterSet.from_terms(term)
    written = encoded(text.replace("a", "ä"), character_set)
    assert folded(character_set.decode(written)[0]) == folded(text)


def test_each_value_of_several_is_cleaned_and_empty_ones_go() -> None:
    latin = CharacterSet.from_terms(b"ISO_IR 100")
    raw = "CT Sch\xe4del\\Miller\\Thorax Dr. X".encode("latin_1")
    assert cleaned_value(raw, "LO", latin, NOBODY) == "CT Sch\xe4del\\Thorax".encode(
        "latin_1"
    )
    assert cleaned_value(b"CT\\Thorax", "LT", latin, NOBODY) == b"CT Thorax"
