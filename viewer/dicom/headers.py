"""Patient, study, series and technique as the attributes of one file state them."""

from datetime import date, time
from typing import Final

from viewer.core.identity import SeriesUID, StudyUID
from viewer.core.records import PatientRecord, SeriesRecord, StudyRecord, Technique
from viewer.dicom import tag as tags
from viewer.dicom.attributes import Attributes

_TITLES: Final = (
    tags.DOCUMENT_TITLE,
    tags.CONTENT_DESCRIPTION,
    tags.CONTENT_LABEL,
    tags.STRUCTURE_SET_LABEL,
    tags.RT_PLAN_LABEL,
)

_MAMMOGRAM_VIEWS: Final = {
    "R-10242": "CC",
    "399162004": "CC",
    "R-10226": "MLO",
    "399368009": "MLO",
    "R-10224": "ML",
    "399260004": "ML",
    "R-10228": "LM",
    "399352003": "LM",
}
"""Code Value of views by the letters readers know, PS3.16 CID 4014."""

_SIDES: Final = frozenset("RLB")
_MOST_IMAGES: Final = 1_000_000  # a count beyond it is no count


def to_patient(data_set: Attributes) -> PatientRecord:
    """The patient; PS3.3 C.7.1.1."""
    return PatientRecord(
        name=data_set.text(tags.PATIENT_NAME),
        patient_id=data_set.text(tags.PATIENT_ID),
        issuer=data_set.text(tags.ISSUER_OF_PATIENT_ID),
        birth_date=data_set.date(tags.PATIENT_BIRTH_DATE),
        sex=data_set.text(tags.PATIENT_SEX),
    )


def to_study(data_set: Attributes) -> StudyRecord:
    """The study; PS3.3 C.7.2.1."""
    return StudyRecord(
        study_uid=StudyUID(data_set.text(tags.STUDY_INSTANCE_UID)),
        study_date=data_set.date(tags.STUDY_DATE),
        study_time=data_set.time(tags.STUDY_TIME),
        accession_number=data_set.text(tags.ACCESSION_NUMBER),
        description=data_set.text(tags.STUDY_DESCRIPTION),
        institution=data_set.text(tags.INSTITUTION_NAME),
        referring_physician=data_set.text(tags.REFERRING_PHYSICIAN_NAME),
        patient_age=data_set.text(tags.PATIENT_AGE),
    )


def to_series(data_set: Attributes) -> SeriesRecord:
    """The series; PS3.3 C.7.3.1."""
    return SeriesRecord(
        series_uid=SeriesUID(data_set.text(tags.SERIES_INSTANCE_UID)),
        modality=data_set.text(tags.MODALITY),
        number=data_set.integer(tags.SERIES_NUMBER),
        description=data_set.text(tags.SERIES_DESCRIPTION),
        body_part=data_set.text(tags.BODY_PART_EXAMINED),
        laterality=data_set.text(tags.LATERALITY),
        protocol=data_set.text(tags.PROTOCOL_NAME),
        manufacturer=data_set.text(tags.MANUFACTURER),
        frame_of_reference_uid=data_set.text(tags.FRAME_OF_REFERENCE_UID),
    )


def to_moment(data_set: Attributes) -> tuple[date | None, time | None]:
    """When the image was made."""
    return to_day(data_set), (
        data_set.time(tags.ACQUISITION_TIME)
        or data_set.date_time(tags.ACQUISITION_DATE_TIME)[1]
        or data_set.time(tags.CONTENT_TIME)
    )


def to_day(data_set: Attributes) -> date | None:
    """On which day the image was made."""
    return (
        data_set.date(tags.ACQUISITION_DATE)
        or data_set.date_time(tags.ACQUISITION_DATE_TIME)[0]
        or data_set.date(tags.CONTENT_DATE)
    )


def to_setting(data_set: Attributes) -> Technique:
    """How the image was made, but not when.

    Enhanced objects say it in their shared groups.
    """
    shared = data_set.first(tags.SHARED_FUNCTIONAL_GROUPS)
    return Technique(
        contrast_agent=data_set.text(tags.CONTRAST_BOLUS_AGENT),
        sequence=data_set.text(tags.SEQUENCE_NAME)
        or data_set.text(tags.PULSE_SEQUENCE_NAME)
        or "\\".join(data_set.terms(tags.SCANNING_SEQUENCE)),
        kvp=_shared(
            data_set, tags.KVP, shared, tags.CT_XRAY_DETAILS_SEQUENCE, tags.KVP
        ),
        tube_current_ma=_shared(
            data_set,
            tags.XRAY_TUBE_CURRENT,
            shared,
            tags.CT_EXPOSURE_SEQUENCE,
            tags.XRAY_TUBE_CURRENT_MA,
        ),
        echo_time_ms=_shared(
            data_set,
            tags.ECHO_TIME,
            shared,
            tags.MR_ECHO_SEQUENCE,
            tags.EFFECTIVE_ECHO_TIME,
        ),
        repetition_time_ms=_shared(
            data_set,
            tags.REPETITION_TIME,
            shared,
            tags.MR_TIMING_SEQUENCE,
            tags.REPETITION_TIME,
        ),
        view_position=data_set.text(tags.VIEW_POSITION) or _view(data_set),
        image_laterality=data_set.text(tags.IMAGE_LATERALITY) or _side(shared),
    )


def images_in_series(data_set: Attributes) -> int | None:
    """How many instances the file says its series has.

    Number of Series Related Instances (0020,1209), or what follows from the slices
    and times of a PET series; PS3.3 C.8.9.1.1.
    """
    stated = data_set.integer(tags.NUMBER_OF_SERIES_RELATED_INSTANCES)
    if stated is None:
        slices = data_set.integer(tags.NUMBER_OF_SLICES) or 0
        kind = data_set.texts(tags.PET_SERIES_TYPE)
        if kind[:1] in (("STATIC",), ("WHOLE BODY",)):
            stated = slices
        elif kind[:1] == ("DYNAMIC",):
            stated = slices * (data_set.integer(tags.NUMBER_OF_TIME_SLICES) or 0)
    return stated if stated is not None and 0 < stated <= _MOST_IMAGES else None


def images_in_acquisition(data_set: Attributes) -> int | None:
    """How many images the file says its acquisition has; (0020,1002)."""
    stated = data_set.integer(tags.IMAGES_IN_ACQUISITION)
    return stated if stated is not None and 0 < stated <= _MOST_IMAGES else None


def to_title(data_set: Attributes) -> str:
    """What a list shows for an object without pixels."""
    titles = (data_set.text(tag) for tag in _TITLES)
    title = next((title for title in titles if title), "")
    concept = data_set.first(tags.CONCEPT_NAME_CODE_SEQUENCE)
    return title or (concept.text(tags.CODE_MEANING) if concept else "")


def _shared(
    data_set: Attributes, tag: int, shared: Attributes | None, group: int, inner: int
) -> float | None:
    """A number of the data set, or else of a shared functional group."""
    value = data_set.number(tag)
    if value is None and shared is not None:
        item = shared.first(group)
        value = item.number(inner) if item else None
    return value


def _view(data_set: Attributes) -> str:
    """The view in the letters of View Position, else in the words of its code."""
    code = data_set.first(tags.VIEW_CODE_SEQUENCE)
    if code is None:
        return ""
    known = _MAMMOGRAM_VIEWS.get(code.text(tags.CODE_VALUE), "")
    return known or code.text(tags.CODE_MEANING)


def _side(shared: Attributes | None) -> str:
    """Frame Laterality (0020,9072), as a tomosynthesis has it; PS3.3 C.7.6.16.2.8."""
    anatomy = shared.first(tags.FRAME_ANATOMY_SEQUENCE) if shared else None
    side = anatomy.text(tags.FRAME_LATERALITY) if anatomy else ""
    return side if side in _SIDES else ""
