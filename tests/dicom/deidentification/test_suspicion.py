"""The header of a file is believed when it warns of writing or faces, else never."""

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from viewer.core.faces import FaceRisk
from viewer.core.suspicion import Suspicion
from viewer.dicom.deidentification.suspicion import shows_face, why_looked_at

# pydicom, which builds and opens the odd files here, says how odd they are
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:pydicom")

ROOT = "1.2.840.10008.5.1.4.1.1."


def image(**changed: Any) -> Dataset:
    """A slice of CT that may leave, but for what is changed."""
    ds = Dataset()
    stated = {
        "SOPClassUID": ROOT + "2",
        "Modality": "CT",
        "ImageType": ["ORIGINAL", "PRIMARY", "AXIAL"],
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2",
        "BitsAllocated": 16,
        "PixelData": b"\0\0",
        **changed,
    }
    for keyword, value in stated.items():
        if value is not None:
            setattr(ds, keyword, value)
    return ds


def test_a_slice_of_a_scanner_may_leave() -> None:
    assert why_looked_at(image()) is None


def test_no_burned_in_annotation_is_not_believed() -> None:
    ultrasound = image(SOPClassUID=ROOT + "6.1", Modality="US", BurnedInAnnotation="NO")

    assert why_looked_at(ultrasound) is Suspicion.ULTRASOUND


@pytest.mark.parametrize("said", ["YES", "yes ", "Y"])
def test_a_burned_in_annotation_is_believed(said: str) -> None:
    assert why_looked_at(image(BurnedInAnnotation=said)) is Suspicion.STATED


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"ImageType": None}, Suspicion.UNSAID),
        ({"ImageType": "ORIGINAL"}, Suspicion.UNSAID),
        ({"ImageType": ["derived ", "secondary"]}, Suspicion.DERIVED),
        ({"SamplesPerPixel": None}, Suspicion.COLOR),
        ({"PhotometricInterpretation": None}, Suspicion.COLOR),
        ({"BitsAllocated": None}, Suspicion.EIGHT_BIT),
        ({"Modality": None}, Suspicion.OTHER),
        ({"SOPClassUID": None}, Suspicion.OTHER),
        ({"ConversionType": "WSD"}, Suspicion.CAPTURE),
        ({"ConversionType": "DF"}, Suspicion.FILM),
        ({"SeriesDescription": "Patient Protocol"}, Suspicion.DOSE_PAGE),
    ],
)
def test_what_is_not_said_is_not_assumed(
    changed: dict[str, Any], why: Suspicion
) -> None:
    assert why_looked_at(image(**changed)) is why


def test_image_types_in_another_value_representation_are_read() -> None:
    ds = image(ImageType=None)
    ds.add_new(0x00080008, "UN", b"DERIVED\\SECONDARY\\SCREEN SAVE")

    assert why_looked_at(ds) is Suspicion.CAPTURE


def test_an_object_without_pixels_needs_no_look() -> None:
    without = image(PixelData=None, Modality="US")

    assert why_looked_at(without) is None
    assert why_looked_at(without, has_pixels=True) is Suspicion.ULTRASOUND


def test_the_region_may_be_a_code() -> None:
    code = Dataset()
    code.CodeMeaning = "Skull"

    assert shows_face(image()) is FaceRisk.POSSIBLE
    assert shows_face(image(AnatomicRegionSequence=Sequence([code]))) is FaceRisk.LIKELY


def test_a_stated_face_is_believed() -> None:
    knee = image(BodyPartExamined="KNEE")

    assert shows_face(knee) is FaceRisk.NONE
    knee.RecognizableVisualFeatures = "YES"
    assert shows_face(knee) is FaceRisk.LIKELY


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_a_head_is_known_whatever_the_bytes_are_said_to_be(encoding: str) -> None:
    ds = image()
    ds.add_new(0x0008103E, "LO", "Schädel".encode(encoding).decode("latin-1"))

    assert shows_face(ds) is FaceRisk.LIKELY


_MUST = {"US", "SC", "XA", "RF", "DX", "CR", "XC", "ES", "GM", "OP", "SM", "RTIMAGE"}


def test_of_real_files_all_that_may_hold_names_are_looked_at(real_data: Path) -> None:
    seen: Counter[bool] = Counter()
    with (real_data / "MANIFEST.csv").open(encoding="utf-8") as table:
        rows = [row for row in csv.DictReader(table) if row["has_pixel"] == "yes"]
    for row in rows:
        colour = row["samples"] == "3" or row["photometric"] == "PALETTE COLOR"
        if not (colour or row["modality"] in _MUST):
            continue
        if "Segmentation" in row["sop_class"] or row["modality"] == "SEG":
            continue
        ds = dcmread(real_data / row["path"], force=True, stop_before_pixels=True)
        seen[why_looked_at(ds, has_pixels=True) is not None] += 1

    assert seen[True] > 80
    assert not seen[False]
