"""Before an export everybody can see what becomes of every attribute, and why."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from viewer.core.deidentification import Change
from viewer.services.change_table import (
    ChangeTable,
    Column,
    Fate,
    counted,
    fate_of,
    filtered,
    in_order,
    to_text,
)

NAME = Change(
    *("00100010", "PatientName", "Patient's Name", "PN", "Z"),
    *("Basic Profile: Z", "Weiß^Anna", "ABC^Anonymous"),
)
UID = Change(
    *("00080018", "SOPInstanceUID", "SOP Instance UID", "UI", "U"),
    *("Basic Profile: U", "1.2.3", "2.25.3"),
)
IMAGES = Change(
    *("00081140", "", "Referenced Image Sequence", "SQ", "K"),
    *("K", "2 items", "2 items"),
)
ROWS = Change(*("00280010", "Rows", "Rows", "US", "K", "kept", "512", "512"))


def table(*instances: list[Change]) -> ChangeTable:
    found = ChangeTable()
    for changes in instances:
        found.add(changes)
    return found


def test_what_is_equal_in_all_instances_is_one_row() -> None:
    rows = table(*([NAME, replace(UID, before=f"1.{n}")] for n in range(642))).rows()
    uid, name = rows
    assert name.attribute == "Patient's Name"
    assert name.where == "all 642 instances"
    assert (name.before, name.after) == ("Weiß^Anna", "ABC^Anonymous")
    assert uid.before == "1.0 … (642 different values)"
    assert uid.after == "2.25.3"


def test_other_fates_and_rules_are_other_rows() -> None:
    kept = replace(NAME, action="K", after=NAME.before, rule="Retain")
    rows = table([NAME], [kept], [kept]).rows()
    assert [(row.fate, row.where) for row in rows] == [
        (Fate.KEPT, "2 of 3 instances"),
        (Fate.REPLACED, "1 of 3 instances"),
    ]


def test_items_of_a_sequence_are_one_row_with_the_way_to_it() -> None:
    inner = [replace(UID, path=f"00081140[{n}].00081155") for n in (1, 2)]
    first, row = table([*inner, IMAGES]).rows()
    assert first.attribute == "Referenced Image Sequence"
    assert row.tag == "(0008,1140) > (0008,1155)"
    assert row.attribute == "Referenced Image Sequence > SOP Instance UID"
    assert row.instances == 1
    assert row.where == ""


def test_a_fate_is_a_word() -> None:
    assert fate_of(ROWS) is Fate.KEPT
    assert fate_of(UID) is Fate.REPLACED
    assert fate_of(replace(UID, action="X", after="")) is Fate.REMOVED
    assert fate_of(replace(UID, action="Z", after="")) is Fate.EMPTIED
    assert fate_of(replace(UID, action="Z", before="", after="")) is Fate.KEPT
    assert fate_of(replace(UID, action="C")) is Fate.CLEANED


def test_rows_are_found_by_any_word_without_accents() -> None:
    rows = table([NAME, UID, ROWS]).rows()
    for text in ("weiss", "patientname", "0010,0010", "00100010", "replaced anon"):
        assert [row.keyword for row in filtered(rows, text)] == ["PatientName"]
    assert filtered(rows, "nothing of the kind") == ()
    assert [row.keyword for row in filtered(rows, "", frozenset({Fate.KEPT}))] == [
        "Rows"
    ]
    assert counted(rows)[Fate.REPLACED] == 2


def test_rows_can_be_sorted_by_every_column() -> None:
    rows = table([NAME, UID, ROWS], [NAME]).rows()
    by_name = in_order(rows, Column.ATTRIBUTE)
    assert [row.keyword for row in by_name] == ["PatientName", "Rows", "SOPInstanceUID"]
    by_count = in_order(rows, Column.WHERE, downwards=True)
    assert by_count[0].keyword == "PatientName"
    for column in Column:
        assert sorted(in_order(rows, column), key=id) == sorted(rows, key=id)


@given(st.text(), st.text())
def test_as_text_every_row_is_a_line_of_as_many_columns(one: str, two: str) -> None:
    rows = table([replace(NAME, before=one, after=two), UID]).rows()
    lines = to_text(rows).removesuffix("\n").split("\n")
    assert len(lines) == 3
    assert {line.count("\t") for line in lines} == {len(Column) - 1}
    assert lines[0].startswith("Tag\tAttribute")


def test_two_thousand_values_are_not_all_kept() -> None:
    found = table(*([replace(UID, before=str(n))] for n in range(2000)))
    (row,) = found.rows()
    assert row.before == "0 … (1,000 and more different values)"
    assert row.where == "all 2,000 instances"
