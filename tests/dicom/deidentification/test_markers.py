"""What an anonymous object says of how it was made so."""

from pathlib import Path

import pytest
from pydicom import dcmread

from tests.dicom.deidentification.cleaning import cleaned, object_bytes, options
from tests.dicom.written_files import image_elements, meta
from viewer.core.boxes import Box
from viewer.core.deidentification import Option, Recipe, Written
from viewer.core.review import Review, Verdict
from viewer.dicom.deidentification.engine import deidentify


def test_an_object_says_that_and_how_it_was_made_anonymous(tmp_path: Path) -> None:
    policy = options(Option.CLEAN_DESCRIPTORS, Option.RETAIN_UIDS)
    cleaned(tmp_path, object_bytes((0x00120063, "LO", "planted")), policy)
    ds = dcmread(tmp_path / "cleaned.dcm")
    assert ds.PatientIdentityRemoved == "YES"
    assert ds.DeidentificationMethod.startswith("Lightbox ")
    codes = [
        (item.CodeValue, item.CodingSchemeDesignator)
        for item in ds.DeidentificationMethodCodeSequence
    ]
    assert codes == [("113100", "DCM"), ("113105", "DCM"), ("113110", "DCM")]


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ((), "REMOVED"),
        ((Option.RETAIN_FULL_DATES,), "UNMODIFIED"),
        ((Option.RETAIN_MODIFIED_DATES,), "MODIFIED"),
        ((Option.RETAIN_MODIFIED_DATES, Option.RETAIN_FULL_DATES), "MODIFIED"),
    ],
)
def test_it_says_what_became_of_its_dates(
    tmp_path: Path, chosen: tuple[Option, ...], said: str
) -> None:
    assert cleaned(tmp_path, object_bytes(), options(*chosen)).text(0x00280303) == said


def test_that_no_face_can_be_seen_is_never_claimed(tmp_path: Path) -> None:
    assert (
        cleaned(tmp_path, object_bytes((0x00280302, "CS", "NO"))).value(0x00280302)
        is None
    )
    found = cleaned(tmp_path, object_bytes((0x00280302, "CS", "YES")))
    assert found.text(0x00280302) == "YES"


@pytest.mark.parametrize(
    ("stated", "boxes", "said"),
    [
        ("", (), "NO"),
        ("NO", (), "NO"),
        ("YES", (), "YES"),
        ("YES", (Box(0, 0, 1, 1),), "NO"),
    ],
)
def test_that_nothing_is_burned_in_is_said_by_who_looked(
    tmp_path: Path, stated: str, boxes: tuple[Box, ...], said: str
) -> None:
    source, target = tmp_path / "source.dcm", tmp_path / "cleaned.dcm"
    extra = [(0x00280301, "CS", stated)] if stated else []
    source.write_bytes(meta() + image_elements(extra))
    review = Review(2, 2, boxes, Verdict.REVIEWED)
    with target.open("wb") as out:
        answer = deidentify(source, Recipe(options(), bytes(32), review), out)
    assert isinstance(answer, Written)
    assert dcmread(target).BurnedInAnnotation == said
