"""A report keeps its numbers, codes and references, and nobody's name or words."""

import dataclasses
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.config import disable_value_validation
from pydicom.dataset import Dataset

from tests.dicom.deidentification.reports import (
    DOSE_REPORT,
    code,
    content,
    kept,
    number,
    parsed,
    report,
    research,
)
from viewer.core.deidentification import Option, Withheld, Written
from viewer.core.withholding import Reason
from viewer.dicom.deidentification.codes import Code

DLP = code("113838", "DCM", "CT Dose Length Product Total")
MGY_CM = code("mGy.cm", "UCUM", "mGy.cm")
FINDING = code("121071", "DCM", "Finding")


def items(ds: Dataset) -> list[Dataset]:
    return list(ds.get("ContentSequence", []))


def left(tmp_path: Path, *content_items: Dataset, **options: bool) -> list[Dataset]:
    """Content items that stay; options by name are added or taken away."""
    policy = research()
    for name, wanted in options.items():
        option = Option(name.replace("_", "-"))
        chosen = policy.options | {option} if wanted else policy.options - {option}
        policy = dataclasses.replace(policy, options=chosen)
    answer, written = kept(report(*content_items), tmp_path, policy)
    assert isinstance(answer, Written)
    return items(parsed(written))


def test_a_dose_report_keeps_numbers_codes_and_times_in_their_distance(
    tmp_path: Path,
) -> None:
    event = content(
        "CONTAINER",
        code("113819", "DCM", "CT Acquisition"),
        content("TEXT", code("125203", "DCM", "x"), TextValue="Thorax^Weiss 5 mm"),
        content("UIDREF", code("113769", "DCM", "x"), UID="1.2.840.99999.7"),
        content("DATETIME", code("111526", "DCM", "x"), DateTime="20240105101530"),
        number(code("113830", "DCM", "Mean CTDIvol"), "12.5", code("mGy", "UCUM", "")),
        ContinuityOfContent="SEPARATE",
    )
    ds = report(
        content("PNAME", code("121008", "DCM", "x"), PersonName="Kern^Otto"),
        content("TEXT", code("121013", "DCM", "x"), TextValue="CT-STATION-9"),
        content("TEXT", code("121016", "DCM", "x"), TextValue="SN123456"),
        number(DLP, "345.6", MGY_CM),
        event,
        sop_class=DOSE_REPORT,
    )
    answer, written = kept(ds, tmp_path)
    assert isinstance(answer, Written)
    found = parsed(written)
    for gone in (b"Kern", b"Weiss", b"STATION", b"SN123456", b"99999", b"20240105"):
        assert gone not in written
    observer, total, acquisition = items(found)
    assert observer.PersonName == "Anonymous"
    measured = total.MeasuredValueSequence[0]
    assert measured.NumericValue == 345.6
    assert measured.MeasurementUnitsCodeSequence[0].CodeValue == "mGy.cm"
    protocol, uid, started, _ = items(acquisition)
    assert protocol.TextValue == "Thorax 5 mm"
    assert uid.UID.startswith("2.25.")
    assert str(started.DateTime)[8:] == "101530"
    assert str(started.DateTime)[:8] == found.StudyDate
    assert found.SOPClassUID == DOSE_REPORT


def test_without_the_option_a_report_stays_here(tmp_path: Path) -> None:
    policy = dataclasses.replace(research(), options=frozenset())
    answer, _ = kept(report(number(DLP, "1", MGY_CM)), tmp_path, policy)
    assert answer == Withheld(Reason.STRUCTURED)


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("Key images: mid-brain levels", True),
        ("Lesion in liver, 5 mm", True),
        ("Lesion, see Dr. Kern", False),
        ("Weiss", False),
        ("Nodule of Smith", False),
        ("born 3.4.1950", False),
        ("", False),
    ],
)
def test_a_text_stays_whole_or_goes(tmp_path: Path, text: str, *, stays: bool) -> None:
    found = left(tmp_path, content("TEXT", FINDING, TextValue=text))
    assert [item.TextValue for item in found] == ([text] if stays else [])


@pytest.mark.parametrize("concept", ["121041", "121008", "111700"])
def test_a_text_that_names_or_numbers_something_goes_even_if_it_looks_like_a_term(
    tmp_path: Path, concept: str
) -> None:
    item = content("TEXT", code(concept, "DCM", "x"), TextValue="S19-1")
    assert left(tmp_path, item) == []
    assert left(tmp_path, content("TEXT", None, TextValue="S19-1")) == []


def test_what_hangs_below_an_item_that_goes_goes_with_it(tmp_path: Path) -> None:
    below = number(DLP, "1", MGY_CM)
    found = left(tmp_path, content("TEXT", FINDING, below, TextValue="Smith"), below)
    assert [item.ValueType for item in found] == ["NUM"]


def test_a_container_that_loses_all_items_has_no_empty_sequence(
    tmp_path: Path,
) -> None:
    inner = content("TEXT", FINDING, TextValue="Smith")
    (group,) = left(tmp_path, content("CONTAINER", FINDING, inner))
    assert "ContentSequence" not in group


def test_codes_of_nobodys_terminology_go(tmp_path: Path) -> None:
    ours = code("WEISS", "99CLINIC", "Weiss")
    found = left(
        tmp_path,
        content("TEXT", ours, TextValue="liver"),
        content("CODE", FINDING, ConceptCodeSequence=[ours]),
        content("CODE", FINDING, ConceptCodeSequence=[code("SMITH", "DCM", "x")]),
        content("CODE", FINDING, ConceptCodeSequence=[code("123456789", "SCT", "x")]),
    )
    assert found == []


def test_the_meaning_of_a_code_is_the_dictionarys_where_it_could_be_a_name(
    tmp_path: Path,
) -> None:
    liver = code("10200004", "SCT", "Smith^John")
    (item,) = left(tmp_path, content("CODE", FINDING, ConceptCodeSequence=[liver]))
    assert item.ConceptCodeSequence[0].CodeMeaning == "Liver"
    newer = code("1156316003", "SCT", "Smith John")  # of no context group we know
    (item,) = left(tmp_path, content("CODE", FINDING, ConceptCodeSequence=[newer]))
    assert item.ConceptCodeSequence[0].CodeMeaning == "Meaning removed"


def test_dates_go_unless_they_may_stay(tmp_path: Path) -> None:
    day = content("DATE", code("111060", "DCM", "Study Date"), Date="20240105")
    born = content("DATE", code("121031", "DCM", "x"), Date="19500304")
    assert left(tmp_path, day, retain_modified_dates=False) == []
    (moved,) = left(tmp_path, day, born)
    assert moved.Date != "20240105"
    (full,) = left(
        tmp_path, day, born, retain_modified_dates=False, retain_full_dates=True
    )
    assert full.Date == "20240105"


def test_what_is_known_of_the_patient_needs_its_option(tmp_path: Path) -> None:
    years = code("a", "UCUM", "year")
    age = number(code("121033", "DCM", "Subject Age"), "64", years)
    old = number(code("121033", "DCM", "Subject Age"), "93", years)
    sex = content(
        "CODE",
        code("121032", "DCM", "Subject Sex"),
        ConceptCodeSequence=[code("F", "DCM", "Female")],
    )
    name = content("PNAME", code("121029", "DCM", "x"), PersonName="Weiss^Anna")
    number_of = content("TEXT", code("121030", "DCM", "x"), TextValue="P-4711")
    everything = (age, old, sex, name, number_of)
    kinds = [item.ValueType for item in left(tmp_path, *everything)]
    assert kinds == ["NUM", "CODE"]
    assert left(tmp_path, *everything, retain_patient_characteristics=False) == []


def test_devices_and_places_need_their_options(tmp_path: Path) -> None:
    maker = content("TEXT", code("121014", "DCM", "x"), TextValue="Acme Medical")
    place = content("TEXT", code("121017", "DCM", "x"), TextValue="North wing")
    assert left(tmp_path, maker, place) == []
    (device,) = left(tmp_path, maker, place, retain_device_identity=True)
    assert device.TextValue == "Acme Medical"
    (room,) = left(tmp_path, maker, place, retain_institution_identity=True)
    assert room.TextValue == "North wing"


def test_the_same_lesion_has_the_same_pseudonym_in_every_report(
    tmp_path: Path,
) -> None:
    lesion = content("TEXT", code("112039", "DCM", "x"), TextValue="Smith lesion 1")
    (one,), (two,) = left(tmp_path, lesion), left(tmp_path, lesion)
    assert one.TextValue == two.TextValue
    assert "Smith" not in one.TextValue
    assert len(one.TextValue) == 16


def test_an_item_has_no_attributes_its_type_does_not_have(tmp_path: Path) -> None:
    item = number(DLP, "1", MGY_CM)
    item.TextValue, item.PersonName = "Smith", "Smith^John"
    item.add_new(0x00091001, "LO", "Smith")
    (found,) = left(tmp_path, item)
    assert {"TextValue", "PersonName"}.isdisjoint(found.dir())
    assert len(found) == 4


def test_references_by_place_and_unknown_types_go(tmp_path: Path) -> None:
    pointing = content("NUM", DLP)
    pointing.ReferencedContentItemIdentifier = [1, 2]
    odd = content("TABLE", FINDING, TextValue="liver")
    assert left(tmp_path, pointing, odd) == []


def test_coordinates_and_references_stay_and_point_to_the_new_uids(
    tmp_path: Path,
) -> None:
    image = Dataset()
    image.ReferencedSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    image.ReferencedSOPInstanceUID = "1.2.3.9"
    shape = content(
        "SCOORD",
        code("111030", "DCM", "Image Region"),
        content("IMAGE", None, ReferencedSOPSequence=[image]),
        GraphicType="POINT",
        GraphicData=[1.5, 2.5],
    )
    (found,) = left(tmp_path, shape)
    assert found.GraphicData == [1.5, 2.5]
    (below,) = items(found)
    new = below.ReferencedSOPSequence[0].ReferencedSOPInstanceUID
    assert new.startswith("2.25.")
    (again,) = left(tmp_path, shape)
    assert items(again)[0].ReferencedSOPSequence[0].ReferencedSOPInstanceUID == new


KINDS = st.sampled_from(
    [
        ("TEXT", "TextValue", "{} liver"),
        ("TEXT", "TextValue", "liver_{}"),
        ("PNAME", "PersonName", "{}^Jane"),
        ("UIDREF", "UID", "{}"),
        ("CODE", "TextValue", "{}"),
        ("CONTAINER", "TextValue", "{}"),
        ("DATE", "Date", "{}"),
        ("IMAGE", "UnformattedTextValue", "{}"),
    ]
)
CONCEPTS = st.sampled_from(
    ["121071", "121008", "121029", "121016", "125203", "112039", "121106", "121065"]
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(KINDS, CONCEPTS), min_size=1, max_size=6))
def test_no_planted_name_survives_in_any_item(
    tmp_path: Path, planted: list[tuple[tuple[str, str, str], str]]
) -> None:
    nested: list[Dataset] = []
    for place, ((kind, keyword, form), concept) in enumerate(planted):
        name = f"Quibblefax{place}"
        with disable_value_validation():
            told = {keyword: form.format(name)}
            item = content(kind, code(concept, "DCM", name), *nested, **told)
        item.add_new(0x00080104, "LO", name)
        nested = [item] if place % 2 else [*nested, item]
    answer, written = kept(report(*nested), tmp_path)
    assert isinstance(answer, Written)
    assert b"uibblefax" not in written
    assert b"uibblefax".upper() not in written.upper()


def test_codes_check_themselves() -> None:
    public = [("SCT", "39607008"), ("LN", "25045-6"), ("UCUM", "{counts}/s")]
    public += [("DCM", "121071"), ("SRT", "T-A7010"), ("UCUM", "ml/100ml/s")]
    public += [("SCPECG", "5.6.3-9-7")]
    private = [("SCT", "39607009"), ("LN", "25045-7"), ("UCUM", "{smith}")]
    private += [("UCUM", "smith"), ("99X", "1"), ("", ""), ("DCM", "123456")]
    assert all(Code(*one).is_public for one in public)
    assert not any(Code(*one).is_public for one in private)
