"""One instance made anonymous: what goes, what stays, and what stands in its place."""

import hashlib
import struct
from pathlib import Path

import pytest

from tests.dicom.deidentification.cleaning import (
    CT,
    KEY,
    Plain,
    cleaned,
    nested,
    object_bytes,
    options,
    sequence,
)
from tests.dicom.written_files import EXPLICIT, IMPLICIT, element, item, meta
from viewer.core.deidentification import Option, Withheld
from viewer.core.pseudonyms import PatientKey, Pseudonyms
from viewer.core.withholding import Reason

NAME, ID, STUDY_DATE, PROTOCOL = 0x00100010, 0x00100020, 0x00080020, 0x00181030
IMAGES, REFERENCED = 0x00081140, 0x00081155


def test_names_and_ids_become_pseudonyms_of_the_project(tmp_path: Path) -> None:
    found = cleaned(tmp_path, object_bytes())
    key = PatientKey.of(patient_id="PAT-884423", name="Kowalski^Jolanta")
    new_id, new_name = Pseudonyms(KEY).patient(key)
    assert found.text(NAME) == new_name
    assert found.text(ID) == new_id
    assert (found.written.patient.old, found.written.patient.new) == (
        "PAT-884423",
        new_id,
    )


def test_the_answer_says_what_was_written(tmp_path: Path) -> None:
    found = cleaned(tmp_path, object_bytes())
    answer = found.written
    assert answer.size == len(found.content)
    assert answer.sha256 == hashlib.sha256(found.content).hexdigest()
    assert answer.instance.new == found.text(0x00080018)
    assert answer.instance.old == "1.2.3.4.5"
    assert answer.syntax_uid == EXPLICIT
    assert answer.modality == "CT"


def test_every_uid_is_replaced_by_the_same_one_wherever_it_stands(
    tmp_path: Path,
) -> None:
    reference = (REFERENCED, "UI", "1.2.3.4.5")
    found = cleaned(
        tmp_path,
        object_bytes(
            sequence(IMAGES, [(0x00081150, "UI", CT), reference]),
            (0x0040A402, "UI", "1.2.3.4.5"),
        ),
    )
    new = found.written.instance.new
    assert new.startswith("2.25.")
    assert found.text(IMAGES, REFERENCED) == new
    assert found.text(0x0040A402) == new
    assert found.text(IMAGES, 0x00081150) == CT


def test_uids_of_public_terminologies_stay(tmp_path: Path) -> None:
    snomed = "2.16.840.1.113883.6.96"
    own = "2.16.840.1.113883.3.177.99"
    found = cleaned(tmp_path, object_bytes((0x0008010C, "UI", snomed)))
    assert found.text(0x0008010C) == snomed
    found = cleaned(tmp_path, object_bytes((0x0008010C, "UI", own)))
    assert str(found.text(0x0008010C)).startswith("2.25.")


@pytest.mark.parametrize("depth", [0, 1, 3, 10])
def test_rules_hold_at_every_depth(tmp_path: Path, depth: int) -> None:
    found = cleaned(
        tmp_path, object_bytes(nested(depth, (0x00104000, "LT", "planted comment")))
    )
    assert b"planted" not in found.content


def test_what_is_kept_is_kept_to_the_byte(tmp_path: Path) -> None:
    stated = {
        0x00180060: ("DS", b"120 "),
        0x00280030: ("DS", b"0.351562\\0.351562 "),
        0x00189087: ("FD", struct.pack("<d", 1000.25)),
        0x00181210: ("SH", b"Br40f\\3 "),
    }
    content = object_bytes(*((tag, vr, value) for tag, (vr, value) in stated.items()))
    found = cleaned(tmp_path, content)
    assert {tag: found.value(tag) for tag in stated} == {
        tag: value for tag, (_, value) in stated.items()
    }


def test_texts_that_name_somebody_go_though_the_standard_lets_them_stay(
    tmp_path: Path,
) -> None:
    found = cleaned(
        tmp_path,
        object_bytes(
            (0x00181020, "LO", "VA30 for Kowalski"), (0x00181210, "SH", "Br40f")
        ),
    )
    assert found.value(0x00181020) is None
    assert found.text(0x00181210) == "Br40f"


def test_a_term_of_the_standard_stays_though_somebody_is_called_so(
    tmp_path: Path,
) -> None:
    found = cleaned(
        tmp_path,
        object_bytes((NAME, "PN", "Head^Jolanta"), (0x00180015, "CS", "HEAD")),
    )
    assert found.text(0x00180015) == "HEAD"


@pytest.mark.parametrize(
    ("tag", "vr", "value"),
    [
        (0x00280030, "DS", "Kern\\Otto"),
        (0x00200013, "IS", "Kern"),
        (0x00180015, "CS", "Kern, Otto"),
        (0x00189087, "FD", b"KERNOTTO"),
        (0x00280010, "LO", "Kern, Otto"),
        (0x00189087, "LO", "Kern, Otto"),
        (0x00185100, "CS", b"Kern\0Otto\0"),
        (0x00540060, "US", b"Kern, Otto"),
    ],
)
def test_text_in_disguise_goes(
    tmp_path: Path, tag: int, vr: str, value: str | bytes
) -> None:
    found = cleaned(tmp_path, object_bytes((tag, vr, value)))
    assert not found.value(tag)
    assert b"Kern" not in found.content
    assert b"KERN" not in found.content


def test_a_name_hides_in_no_character_set_of_an_item(tmp_path: Path) -> None:
    cyrillic = "Иванова".encode("iso8859_5")
    inside: list[Plain] = [
        (0x00080005, "CS", "ISO_IR 144"),
        (0x00181020, "LO", b"for " + cyrillic + b" "),
    ]
    stated = [
        (0x00080005, "CS", "ISO_IR 192"),
        (NAME, "PN", "Иванова"),
        sequence(0x00081250, inside, [(0x00080005, "AE", "KOWALSKI")]),
    ]
    found = cleaned(tmp_path, object_bytes(*stated))
    assert found.text(0x00081250, 0x00080005) == "ISO_IR 144"
    assert cyrillic not in found.content
    assert b"KOWALSKI" not in found.content


def test_private_groups_odd_ones_and_unknown_attributes_go(tmp_path: Path) -> None:
    found = cleaned(
        tmp_path,
        object_bytes(
            (0x00090010, "LO", "ACME 1.0"),
            (0x00091001, "LO", "planted"),
            (0x00097777, "UN", b"planted "),
            (0x00191000, "SQ", item(element(0x00100010, "PN", "planted"))),
            (0x0018FFFE, "LO", "planted"),
            (0x60003000, "OW", b"planted "),
            (0x50003000, "OW", b"planted "),
            (0xFFFCFFFC, "OB", b"planted "),
        ),
    )
    assert b"planted" not in found.content
    assert b"ACME" not in found.content


def test_a_sequence_that_lies_in_bytes_of_unknown_kind_is_cleaned(
    tmp_path: Path,
) -> None:
    inside = element(0x00081155, "UI", "1.2.3.4.9", implicit=True) + element(
        0x00100010, "PN", "planted", implicit=True
    )
    found = cleaned(tmp_path, object_bytes((IMAGES, "UN", item(inside))))
    assert b"planted" not in found.content
    assert str(found.text(IMAGES, REFERENCED)).startswith("2.25.")


def test_file_meta_preamble_and_command_set_are_written_new(tmp_path: Path) -> None:
    data_set = object_bytes()[len(meta(sop_class="1.2.840.10008.5.1.4.1.1.66")) :]
    start = (
        b"planted in the preamble".ljust(128, b" ")
        + b"DICM"
        + element(0x00020002, "UI", "1.2.840.10008.5.1.4.1.1.66")
        + element(0x00020003, "UI", "1.2.3.4.5")
        + element(0x00020010, "UI", EXPLICIT)
        + element(0x00020016, "AE", "planted")
        + element(0x00020100, "UI", "1.2.3")
        + element(0x00020102, "OB", b"planted ")
    )
    found = cleaned(tmp_path, start + data_set)
    assert b"planted" not in found.content
    assert found.content[:132] == bytes(128) + b"DICM"
    assert found.written.size


@pytest.mark.parametrize("order", ["<", ">"])
def test_numbers_are_the_same_in_every_encoding(tmp_path: Path, order: str) -> None:
    syntax = "1.2.840.10008.1.2.2" if order == ">" else IMPLICIT
    stated = [
        (0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.66"),
        (0x00080018, "UI", "1.2.3.4.5"),
        (0x00189087, "FD", 1000.25),
        (0x0020000D, "UI", "1.2.3.4.1"),
        (0x0020000E, "UI", "1.2.3.4.2"),
        (0x00280010, "US", 512),
        (0x00281201, "OW", struct.pack(f"{order}3H", 1, 2, 770)),
    ]
    data_set = b"".join(
        element(tag, vr, value, implicit=order == "<", order=order)  # type: ignore[arg-type]  # values of several kinds
        for tag, vr, value in stated
    )
    found = cleaned(tmp_path, meta(syntax) + data_set)
    assert found.value(0x00280010) == struct.pack("<H", 512)
    assert found.value(0x00189087) == struct.pack("<d", 1000.25)
    assert found.value(0x00281201) == struct.pack("<3H", 1, 2, 770)
    assert found.written.syntax_uid == EXPLICIT


def test_the_same_file_gives_the_same_bytes_and_another_key_others(
    tmp_path: Path,
) -> None:
    content = object_bytes((STUDY_DATE, "DA", "20240105"))
    policy = options(Option.RETAIN_MODIFIED_DATES)
    first, again = (cleaned(tmp_path, content, policy) for _ in range(2))
    assert first.content == again.content
    (tmp_path / "other").mkdir()
    other = cleaned(tmp_path / "other", content, policy, key=bytes(32))
    for tag in (NAME, ID, STUDY_DATE, 0x00080018, 0x0020000D):
        assert first.text(tag) != other.text(tag)


def test_being_told_the_changes_changes_nothing(tmp_path: Path) -> None:
    content = object_bytes(nested(2, (PROTOCOL, "LO", "Thorax")))
    silent, told = (cleaned(tmp_path, content, told=told) for told in (False, True))
    assert silent.content == told.content
    assert not silent.written.changes
    rows = {change.path: change for change in told.written.changes}
    assert rows["00100010"].before == "Kowalski^Jolanta"
    assert rows["00100010"].action == "Z"
    assert rows["00100010"].rule == "Basic Profile: Z (PS3.15 E.1-1)"
    assert rows["00081250[1].00081250[1].00181030"].action == "X"
    assert rows["00120062"].after == "YES"
    pairs = {pair.old: pair.new for pair in told.written.pairs}
    assert pairs["1.2.3.4.5"] == told.written.instance.new


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.UNREADABLE),
        (b"nothing of the kind", Reason.UNREADABLE),
        (object_bytes()[:-3], Reason.UNREADABLE),
        (object_bytes((0x00080018, "UI", "")), Reason.NO_OBJECT),
        (object_bytes((0x0020000D, "UI", "Kern")), Reason.NO_OBJECT),
        (object_bytes(sop_class="1.2.3.4"), Reason.UNKNOWN_CLASS),
        (object_bytes(nested(70, (0x00081030, "LO", "x"))), Reason.TOO_DEEP),
        (
            object_bytes(sop_class="1.2.840.10008.5.1.4.1.1.88.22"),
            Reason.STRUCTURED,
        ),
        (
            object_bytes(sop_class="1.2.840.10008.5.1.4.1.1.104.1"),
            Reason.DOCUMENT,
        ),
        (
            object_bytes((IMAGES, "SQ", item(b"Kern, Otto wrote this here"))),
            Reason.UNREADABLE,
        ),
    ],
)
def test_what_cannot_be_cleaned_as_a_whole_stays(
    tmp_path: Path, content: bytes, reason: Reason
) -> None:
    assert cleaned(tmp_path, content).outcome == Withheld(reason)
