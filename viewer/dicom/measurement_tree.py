"""What a report of measurements says: its content tree; PS3.16 TID 1500."""

from collections.abc import Iterable
from typing import Any, Final

from highdicom.sr import (
    CodeContentItem,
    CodedConcept,
    ContainerContentItem,
    ContentSequence,
    DeviceObserverIdentifyingAttributes,
    ImageContentItem,
    MeasurementReport,
    NumContentItem,
    ObservationContext,
    ObserverContext,
    PersonObserverIdentifyingAttributes,
    RelationshipTypeValues,
    UIDRefContentItem,
)
from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from viewer.core.measured_report import MeasuredImage, MeasuredReport, Observer
from viewer.dicom.json_model import Json
from viewer.dicom.measurement_codes import PIXELS, modality_code, procedure_code
from viewer.dicom.measurement_groups import measurement_group

PROGRAM: Final = "Lightbox"

_PROCEDURE: Final = f"{tag_for_keyword('ProcedureCodeSequence'):08X}"
_CODE: Final = ("CodeValue", "CodingSchemeDesignator", "CodeMeaning")

_DESCRIBES: Final = RelationshipTypeValues.HAS_ACQ_CONTEXT
_CONTAINS: Final = RelationshipTypeValues.CONTAINS
_PERSON: Final = CodedConcept("121006", "DCM", "Person")
_DEVICE: Final = CodedConcept("121007", "DCM", "Device")
_SOURCE: Final = Code("260753009", "SCT", "Source")
_LIBRARY: Final = Code("111028", "DCM", "Image Library")
_LIBRARY_GROUP: Final = Code("126200", "DCM", "Image Library Group")
_MODALITY: Final = Code("121139", "DCM", "Modality")
_FRAME_OF_REFERENCE: Final = Code("112227", "DCM", "Frame of Reference UID")
_ROWS: Final = Code("110910", "DCM", "Pixel Data Rows")
_COLUMNS: Final = Code("110911", "DCM", "Pixel Data Columns")


def report_tree(report: MeasuredReport, model: Json) -> Dataset:
    """The root of a report's content.

    Parameters
    ----------
    report : MeasuredReport
    model : dict
        What one of the measured images says, in the DICOM JSON model.
    """
    images = {one.sop_instance_uid: one for one in report.images}
    groups = [
        measurement_group(one, images[one.annotation.sop_instance_uid])
        for one in report.measurements
    ]
    root = MeasurementReport(
        _observation(report.observer),
        _procedure(model, report.images[0].modality),
        groups,
    )[0]
    before_measurements = len(root.ContentSequence) - 1
    root.ContentSequence.insert(before_measurements, _library(report.images))
    return root


def _observation(observer: Observer) -> ObservationContext:
    """Who measured, if that is known, and with which program; TID 1001."""
    person = None
    if observer.person:
        name = observer.person if "^" in observer.person else f"{observer.person}^"
        person = ObserverContext(_PERSON, PersonObserverIdentifyingAttributes(name))
    device = DeviceObserverIdentifyingAttributes(
        observer.device_uid,
        name=PROGRAM,
        manufacturer_name=PROGRAM,
        model_name=f"{PROGRAM} {observer.version}",
    )
    return ObservationContext(
        observer_person_context=person,
        observer_device_context=ObserverContext(_DEVICE, device),
    )


def _procedure(model: Json, modality: str) -> Code:
    """What was done: by the file, else by its modality."""
    for item in model.get(_PROCEDURE, {}).get("Value", []):
        said = [_first(item, keyword) for keyword in _CODE]
        if all(said):
            return Code(*said)
    return procedure_code(modality)


def _library(images: Iterable[MeasuredImage]) -> ContainerContentItem:
    """Every image that is measured; TID 1600."""
    group = ContainerContentItem(_LIBRARY_GROUP, relationship_type=_CONTAINS)
    group.ContentSequence = ContentSequence([_library_entry(one) for one in images])
    library = ContainerContentItem(_LIBRARY, relationship_type=_CONTAINS)
    library.ContentSequence = ContentSequence([group])
    return library


def _library_entry(image: MeasuredImage) -> ImageContentItem:
    """An image, and what it is; TID 1601 and 1602."""
    entry = ImageContentItem(
        _SOURCE,
        image.sop_class_uid,
        image.sop_instance_uid,
        relationship_type=_CONTAINS,
    )
    found = ContentSequence()
    modality = modality_code(image.modality)
    if modality is not None:
        found.append(CodeContentItem(_MODALITY, modality, _DESCRIBES))
    if image.frame_of_reference_uid:
        uid = image.frame_of_reference_uid
        found.append(UIDRefContentItem(_FRAME_OF_REFERENCE, uid, _DESCRIBES))
    for name, size in ((_ROWS, image.rows), (_COLUMNS, image.columns)):
        found.append(NumContentItem(name, size, PIXELS, relationship_type=_DESCRIBES))
    entry.ContentSequence = found
    return entry


def _first(item: dict[str, Any], keyword: str) -> str:
    """The first value of an attribute of an item, as text; empty if it has none."""
    found = item.get(f"{tag_for_keyword(keyword):08X}", {}).get("Value", [])
    return str(found[0]) if found and found[0] is not None else ""
