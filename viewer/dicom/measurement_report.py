"""A report of what was measured, as a Comprehensive SR by PS3.16 TID 1500.

Its patient and study are those of the file that is measured, word for word, so that
every archive files it beside the images.
"""

import warnings
from pathlib import Path
from typing import Any, Final

from highdicom.sr.utils import collect_evidence
from pydicom.config import RAISE, disable_value_validation
from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pydicom.uid import ExplicitVRLittleEndian
from pydicom.valuerep import validate_value

from viewer.core.measured_report import MeasuredImage, MeasuredReport, ReportFiling
from viewer.dicom.file_meta import file_meta
from viewer.dicom.json_model import Json, json_model
from viewer.dicom.measurement_codes import OWN_SCHEME
from viewer.dicom.measurement_tree import PROGRAM, report_tree

COMPREHENSIVE_SR: Final = "1.2.840.10008.5.1.4.1.1.88.33"
SERIES_NUMBER: Final = 9500

_EMPTY_AT_LEAST: Final = (
    "PatientName",
    "PatientID",
    "PatientBirthDate",
    "PatientSex",
    "StudyDate",
    "StudyTime",
    "AccessionNumber",
    "ReferringPhysicianName",
    "StudyID",
)
_IF_STATED: Final = (
    "IssuerOfPatientID",
    "PatientBirthTime",
    "OtherPatientNames",
    "StudyDescription",
    "PatientAge",
)
"""What a report says of patient and study; PS3.3 C.7.1.1, C.7.2.1 and C.7.2.2."""
_COPIED_VRS: Final = frozenset({"PN", "LO", "SH", "DA", "TM", "CS", "AS"})
_STRICT_VRS: Final = frozenset({"DA", "TM", "CS", "AS"})


def measurement_report(
    source: Path, report: MeasuredReport, filing: ReportFiling
) -> bytes:
    """A report as a file, Explicit VR Little Endian, text in UTF-8.

    Parameters
    ----------
    source : Path
        One of the measured images.
    report : MeasuredReport
    filing : ReportFiling

    Raises
    ------
    NotDicomError, UnreadableError
        If `source` cannot be read.
    """
    model = json_model(source)
    with warnings.catch_warnings(), disable_value_validation():
        warnings.simplefilter("ignore")  # they quote values
        ds = _content(report, model)
        _put_patient_and_study(ds, report, model)
        _put_document(ds, report, filing)
        out = DicomBytesIO()
        out.is_implicit_VR, out.is_little_endian = False, True
        write_dataset(out, ds)
    uid = filing.sop_instance_uid
    meta = file_meta(COMPREHENSIVE_SR, uid, ExplicitVRLittleEndian)
    return meta + bytes(out.getvalue())


def _content(report: MeasuredReport, model: Json) -> Dataset:
    """The content tree, and what it refers to."""
    root = report_tree(report, model)
    ds = Dataset()
    ds.update(dict(root.items()))
    evidence = [_evidence(report.study_uid, one) for one in report.images]
    ds.CurrentRequestedProcedureEvidenceSequence, _ = collect_evidence(
        evidence, root, report.study_uid
    )
    return ds


def _evidence(study_uid: str, image: MeasuredImage) -> Dataset:
    ds = Dataset()
    ds.StudyInstanceUID, ds.SeriesInstanceUID = study_uid, image.series_uid
    ds.SOPClassUID, ds.SOPInstanceUID = image.sop_class_uid, image.sop_instance_uid
    return ds


def _put_patient_and_study(ds: Dataset, report: MeasuredReport, model: Json) -> None:
    ds.StudyInstanceUID = report.study_uid
    for keyword in _EMPTY_AT_LEAST:
        setattr(ds, keyword, "")
    for keyword in (*_EMPTY_AT_LEAST, *_IF_STATED):
        tag = f"{tag_for_keyword(keyword):08X}"
        found = model.get(tag, {})
        if found.get("vr") in _COPIED_VRS and "Value" in found and _is_valid(found):
            ds.update(Dataset.from_json({tag: found}))


def _is_valid(attribute: dict[str, Any]) -> bool:
    """Whether a value can be said again: names and IDs as they are, others if valid."""
    vr, found = attribute["vr"], attribute["Value"]
    if vr not in _STRICT_VRS:
        return True
    try:
        for value in found:
            validate_value(vr, value, RAISE)
    except ValueError:
        return False
    return True


def _put_document(ds: Dataset, report: MeasuredReport, filing: ReportFiling) -> None:
    """Series, equipment and document; PS3.3 C.17.1, C.7.5.1, C.17.2 and C.12.1."""
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.SOPClassUID, ds.SOPInstanceUID = COMPREHENSIVE_SR, filing.sop_instance_uid
    ds.SeriesInstanceUID, ds.SeriesNumber = filing.series_uid, SERIES_NUMBER
    ds.Modality, ds.SeriesDescription = "SR", "Measurements"
    ds.ReferencedPerformedProcedureStepSequence = []
    ds.Manufacturer = ds.ManufacturerModelName = PROGRAM
    ds.SoftwareVersions = report.observer.version
    ds.InstanceNumber = filing.number
    ds.ContentDate = f"{filing.made_at:%Y%m%d}"
    ds.ContentTime = f"{filing.made_at:%H%M%S.%f}"
    ds.InstanceCreationDate, ds.InstanceCreationTime = ds.ContentDate, ds.ContentTime
    ds.CompletionFlag, ds.VerificationFlag = "COMPLETE", "UNVERIFIED"
    ds.PerformedProcedureCodeSequence = []
    if filing.predecessor:
        ds.PredecessorDocumentsSequence = [_predecessor(report.study_uid, filing)]
    ds.CodingSchemeIdentificationSequence = [_own_scheme()]


def _predecessor(study_uid: str, filing: ReportFiling) -> Dataset:
    instance, series, study = Dataset(), Dataset(), Dataset()
    instance.ReferencedSOPClassUID = COMPREHENSIVE_SR
    instance.ReferencedSOPInstanceUID = filing.predecessor
    series.SeriesInstanceUID = filing.series_uid
    series.ReferencedSOPSequence = [instance]
    study.StudyInstanceUID, study.ReferencedSeriesSequence = study_uid, [series]
    return study


def _own_scheme() -> Dataset:
    ds = Dataset()
    ds.CodingSchemeDesignator = OWN_SCHEME
    ds.CodingSchemeName = "What Lightbox measures and no public terminology has"
    ds.CodingSchemeResponsibleOrganization = "The Lightbox maintainers"
    return ds
