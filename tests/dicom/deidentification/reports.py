"""Structured reports built item by item, and what is left of them."""

import io
import warnings
from pathlib import Path
from typing import Final

from pydicom import dcmread
from pydicom.config import disable_value_validation
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from viewer.core.deidentification import Policy, Recipe, Withheld, Written, profile
from viewer.dicom.deidentification.engine import deidentify

DOSE_REPORT: Final = "1.2.840.10008.5.1.4.1.1.88.67"
ENHANCED_REPORT: Final = "1.2.840.10008.5.1.4.1.1.88.22"
KEY: Final = bytes(range(32))


def research() -> Policy:
    """The profile that cleans structured content and moves dates."""
    found = profile("research")
    assert found is not None
    return found


def code(value: str, scheme: str, meaning: str) -> Dataset:
    """A coded concept."""
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator = value, scheme
    item.CodeMeaning = meaning
    return item


def content(
    kind: str, concept: Dataset | None, *children: Dataset, **values: object
) -> Dataset:
    """A content item with values by keyword."""
    item = Dataset()
    item.RelationshipType, item.ValueType = "CONTAINS", kind
    if concept is not None:
        item.ConceptNameCodeSequence = [concept]
    for keyword, value in values.items():
        setattr(item, keyword, value)
    if children:
        item.ContentSequence = list(children)
    return item


def number(concept: Dataset, value: str, unit: Dataset) -> Dataset:
    """A measured value."""
    measured = Dataset()
    measured.NumericValue, measured.MeasurementUnitsCodeSequence = value, [unit]
    return content("NUM", concept, MeasuredValueSequence=[measured])


def report(*items: Dataset, sop_class: str = ENHANCED_REPORT) -> Dataset:
    """A whole report of these items."""
    ds = Dataset()
    ds.SOPClassUID, ds.SOPInstanceUID = sop_class, "1.2.3.4"
    ds.StudyInstanceUID, ds.SeriesInstanceUID = "1.2.3", "1.2.3.5"
    ds.PatientName, ds.PatientID, ds.PatientBirthDate = "Weiss^Anna", "P-4711", ""
    ds.Modality, ds.StudyDate, ds.StudyTime = "SR", "20240105", "101500"
    ds.AccessionNumber = ds.ReferringPhysicianName = ds.PatientSex = ""
    ds.StudyID, ds.SeriesNumber, ds.InstanceNumber = "", 1, 1
    ds.ContentDate, ds.ContentTime = "20240105", "101600"
    ds.ValueType, ds.ContinuityOfContent = "CONTAINER", "SEPARATE"
    ds.ConceptNameCodeSequence = [code("113701", "DCM", "X-Ray Radiation Dose Report")]
    ds.CompletionFlag, ds.VerificationFlag = "COMPLETE", "UNVERIFIED"
    ds.ContentSequence = list(items)
    return ds


def kept(
    ds: Dataset, folder: Path, policy: Policy | None = None
) -> tuple[Written | Withheld, bytes]:
    """What the engine makes of a data set."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = ds.SOPClassUID
    meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    path = folder / "report.dcm"
    with warnings.catch_warnings(), disable_value_validation():
        warnings.simplefilter("ignore")  # wrong values are meant
        whole = FileDataset(str(path), ds, preamble=bytes(128), file_meta=meta)
        whole.save_as(path, enforce_file_format=True)
    out = io.BytesIO()
    answer = deidentify(path, Recipe(policy or research(), KEY, want_changes=True), out)
    return answer, out.getvalue()


def parsed(written: bytes) -> Dataset:
    """The object that was written."""
    return dcmread(io.BytesIO(written))
