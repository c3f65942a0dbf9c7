"""A project's pseudonyms: always the same, never traceable, never two for one."""

import re
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st
from pydicom._uid_dict import UID_dictionary

from viewer.core.pseudonyms import PatientKey, Pseudonyms, is_of_the_standard

ONE = Pseudonyms(bytes(range(32)))
OTHER = Pseudonyms(bytes(range(1, 33)))

UIDS = st.from_regex(r"(?:[1-9][0-9]{0,9})(?:\.[1-9][0-9]{0,9}){1,4}", fullmatch=True)
KEYS = st.lists(st.text(max_size=8), min_size=1, max_size=3).map(
    lambda parts: PatientKey(tuple(parts))
)


@given(st.text(max_size=70))
def test_a_uid_is_valid_and_short_whatever_it_stands_for(old: str) -> None:
    new = ONE.uid(old)
    trimmed = old.strip(" \0")
    if not trimmed or is_of_the_standard(trimmed):
        assert new == trimmed
    else:
        assert re.fullmatch(r"2\.25\.[1-9][0-9]{30,38}", new)
        assert len(new) <= 64


@given(UIDS, UIDS)
def test_two_uids_stay_two_and_one_stays_one(a: str, b: str) -> None:
    assert (ONE.uid(a) == Pseudonyms(bytes(range(32))).uid(b)) is (a == b)
    assert ONE.uid(a + "\0") == ONE.uid(a)


@given(UIDS, KEYS, st.text(min_size=1, max_size=20))
def test_another_key_has_nothing_in_common(
    uid: str, key: PatientKey, text: str
) -> None:
    assert ONE.uid(uid) != OTHER.uid(uid)
    assert ONE.patient(key) != OTHER.patient(key)
    if text.strip(" \0"):
        assert ONE.identifier("accession", text) != OTHER.identifier("accession", text)


def test_no_uid_of_the_standard_is_mapped() -> None:
    for uid in UID_dictionary:
        if uid.startswith("1.2.840.10008."):
            assert ONE.uid(uid) == uid


def test_who_writes_a_number_of_his_own_below_the_standards_root_is_mapped() -> None:
    for uid in (
        "1.2.840.10008.19850412.7",
        "1.2.840.10008.5.1.4.1.1.2.123456",
        "1.2.840.10008.DOE^JOHN",
        "1.2.840.100081.3",
        "1.2.840.10008",
    ):
        assert ONE.uid(uid).startswith("2.25.")


@given(KEYS)
def test_dates_move_by_whole_days_and_always_by_some(key: PatientKey) -> None:
    shift = ONE.shift(key)
    assert -3650 <= shift.days <= -31
    assert (shift.seconds, shift.microseconds) == (0, 0)
    assert shift == Pseudonyms(bytes(range(32))).shift(key)


def test_shifts_are_spread_over_their_range_and_differ_between_projects() -> None:
    keys = [PatientKey.of(patient_id=str(n), issuer="A") for n in range(2000)]
    days = [ONE.shift(key).days for key in keys]
    assert len(set(days)) > 1400
    assert sum(ONE.shift(k) == OTHER.shift(k) for k in keys) < 10


def test_ten_thousand_patients_get_ten_thousand_pseudonyms() -> None:
    pairs = {
        ONE.patient(PatientKey.of(patient_id=str(n), institution="St. Mary"))
        for n in range(10_000)
    }
    assert (
        len({code for code, _ in pairs}) == len({name for _, name in pairs}) == 10_000
    )
    assert all(re.fullmatch(r"[A-Z2-7]{16}", code) for code, _ in pairs)


def test_the_same_id_at_two_hospitals_is_two_people() -> None:
    who = [
        PatientKey.of(patient_id="7", issuer="North"),
        PatientKey.of(patient_id="7", issuer="South"),
        PatientKey.of(patient_id="7", institution="North"),
        PatientKey.of(patient_id="7", institution="South"),
        PatientKey.of(patient_id="7", birth_date="19500101"),
        PatientKey.of(patient_id="7", birth_date="19500102"),
        PatientKey.of(patient_id="7", name="Doe^Jane"),
        PatientKey.of(patient_id="7", name="Roe^Jane"),
        PatientKey.of(name="Doe^Jane", birth_date="19500101"),
        PatientKey.of(name="Doe^Jane", study_uid="1.2.3"),
        PatientKey.of(study_uid="1.2.4"),
        PatientKey.of(patient_id="a7", issuer="North"),
        PatientKey.of(patient_id="A7", issuer="North"),
    ]
    for one, other in combinations(who, 2):
        assert ONE.patient(one) != ONE.patient(other)


def test_an_issuer_outweighs_the_institution_and_both_outweigh_the_name() -> None:
    first = PatientKey.of(
        patient_id="7", issuer="North", institution="Ward 1", name="Doe", study_uid="1"
    )
    later = PatientKey.of(
        patient_id=" 7 ",
        issuer="North\0",
        institution="Ward 2",
        name="D",
        study_uid="2",
    )
    assert ONE.patient(first) == ONE.patient(later)
    assert ONE.shift(first) == ONE.shift(later)


def test_blanks_and_accents_of_an_institution_do_not_split_a_patient() -> None:
    one = PatientKey.of(patient_id="7", institution="Hôpital  Saint-Luc ")
    two = PatientKey.of(patient_id="7", institution="HOPITAL SAINT-LUC")
    assert one == two


@given(st.lists(st.text(max_size=4), min_size=1, max_size=4), st.data())
def test_no_way_of_cutting_the_same_letters_makes_two_patients_one(
    parts: list[str], data: st.DataObject
) -> None:
    letters = "".join(parts)
    cut = data.draw(st.integers(0, len(letters)))
    recut = (letters[:cut], letters[cut:])
    same = tuple(parts) == recut
    found = ONE.patient(PatientKey(tuple(parts))) == ONE.patient(PatientKey(recut))
    assert found is same


def test_kinds_of_identifiers_have_nothing_in_common() -> None:
    assert ONE.identifier("accession", "A1") != ONE.identifier("study", "A1")
    assert ONE.identifier("accession", "A1 ") == ONE.identifier("accession", "A1")
    assert ONE.identifier("accession", " ") == ""
