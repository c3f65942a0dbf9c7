"""Identifiers mean to pydicom what they mean to us, in every character set."""

import struct
from datetime import date, time
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import Dataset
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.filebase import DicomBytesIO
from pydicom.filereader import read_dataset
from pydicom.filewriter import write_dataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from viewer.core.errors import UnreadableError
from viewer.core.identity import SeriesUID, StudyUID
from viewer.core.questions import Question
from viewer.core.remote import Level, RemoteInstance, RemoteSeries, RemoteStudy
from viewer.core.worklist import WorklistQuery
from viewer.dicom.identifier_reading import (
    _ROWS,
    _attributes,
    answered,
    answered_patient_id,
    answered_step,
)
from viewer.dicom.identifier_writing import (
    to_range,
    written_patient_question,
    written_question,
    written_worklist,
)
from viewer.dicom.text_writing import to_bytes

SYNTAXES = [ExplicitVRLittleEndian, ImplicitVRLittleEndian]


def read(raw: bytes, syntax: str) -> Dataset:
    """What pydicom reads."""
    implicit = syntax == ImplicitVRLittleEndian

    data_set = read_dataset(BytesIO(raw), implicit, True)  # noqa: FBT003 - theirs
    data_set.decode()
    return data_set


def written(data_set: Dataset, syntax: str) -> bytes:
    """What pydicom writes."""
    buffer = DicomBytesIO()
    buffer.is_little_endian = True
    buffer.is_implicit_VR = syntax == ImplicitVRLittleEndian
    write_dataset(buffer, data_set)
    return buffer.getvalue()


def filled(**values: Any) -> Dataset:
    data_set = Dataset()
    for keyword, value in values.items():
        setattr(data_set, keyword, value)
    return data_set


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_question_for_studies_says_what_is_meant(syntax: str) -> None:
    question = Question(
        patient_name="*Schmidt*",
        patient_id="*42*",
        accession="A?",
        description="*x*",
        modality="CT",
        date_from=date(2024, 1, 2),
    )
    told = read(written_question(question, syntax), syntax)
    assert told.QueryRetrieveLevel == "STUDY"
    assert (told.PatientName, told.PatientID) == ("*Schmidt*", "*42*")
    assert (told.AccessionNumber, told.StudyDescription) == ("A?", "*x*")
    assert (told.ModalitiesInStudy, told.StudyDate) == ("CT", "20240102-")
    assert "SpecificCharacterSet" not in told
    assert told.NumberOfStudyRelatedInstances is None
    assert list(told.keys()) == sorted(told.keys())


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_question_below_the_study_names_where_to_look(syntax: str) -> None:
    study, series = StudyUID("2.25.1"), SeriesUID("2.25.12")
    question = Question(Level.SERIES, study_uid=study, modality="MR")
    told = read(written_question(question, syntax), syntax)
    assert (told.QueryRetrieveLevel, told.Modality) == ("SERIES", "MR")
    assert (told.StudyInstanceUID, told.SeriesInstanceUID) == ("2.25.1", "")
    assert "PatientName" not in told
    question = Question(Level.INSTANCE, study_uid=study, series_uid=series)
    told = read(written_question(question, syntax), syntax)
    assert (told.QueryRetrieveLevel, told.SeriesInstanceUID) == ("IMAGE", "2.25.12")
    assert {"SOPInstanceUID", "SOPClassUID"} <= {e.keyword for e in told}


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_question_for_planned_steps_holds_the_step(syntax: str) -> None:
    query = WorklistQuery(modality="CT", station="AET", date_to=date(2024, 1, 2))
    told = read(written_worklist(query, "*x*", syntax), syntax)
    (step,) = told.ScheduledProcedureStepSequence
    assert (step.Modality, step.ScheduledStationAETitle) == ("CT", "AET")
    assert (step.ScheduledProcedureStepStartDate, told.PatientName) == (
        "-20240102",
        "*x*",
    )


def test_a_span_is_written_as_the_standard_has_it() -> None:
    first, last = date(2024, 1, 2), date(2024, 2, 3)
    spans = [(None, None), (first, first), (first, None), (None, last), (first, last)]
    assert [to_range(*span) for span in spans] == [
        *("", "20240102", "20240102-", "-20240203", "20240102-20240203"),
    ]


@pytest.mark.parametrize(
    ("charset", "name", "declared"),
    [
        ("", "Schmidt", None),
        ("", "Müller", "ISO_IR 192"),
        ("ISO_IR 100", "Müller", "ISO_IR 100"),
        ("ISO_IR 100", "Schmidt", "ISO_IR 100"),
        ("ISO_IR 100", "山田", "ISO_IR 192"),
        ("ISO_IR 144", "Люкceмбypг", "ISO_IR 144"),
        ("GB18030", "王^小东", "GB18030"),
        ("\\ISO 2022 IR 87", "Yamada^Tarou=山田^太郎", ["", "ISO 2022 IR 87"]),
        ("\\ISO 2022 IR 149", "Hong^Gildong=洪^吉洞", ["", "ISO 2022 IR 149"]),
        ("ISO 2022 IR 13\\ISO 2022 IR 87", "ﾔﾏﾀﾞ=山田", None),
    ],
)
def test_text_goes_out_in_the_peers_character_set_if_it_fits(
    charset: str, name: str, declared: str | list[str] | None
) -> None:
    raw = written_question(Question(patient_name=name), ExplicitVRLittleEndian, charset)
    told = read(raw, ExplicitVRLittleEndian)
    assert told.PatientName == name
    if declared is not None:
        assert told.SpecificCharacterSet == declared


@settings(deadline=None)  # the machine may be busy
@given(st.text(), st.sampled_from(["ISO_IR 192", "ISO_IR 100", "\\ISO 2022 IR 87"]))
def test_text_fits_a_character_set_wholly_or_not_at_all(text: str, term: str) -> None:
    raw = to_bytes(text, term)
    if term == "ISO_IR 192" and raw is not None:
        assert raw.decode() == text
    if term == "ISO_IR 100" and text.isascii() and "\x1b" not in text:
        assert raw == text.encode()


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_an_answered_study_is_read_as_pydicom_wrote_it(syntax: str) -> None:
    answer = filled(
        SpecificCharacterSet=["", "ISO 2022 IR 87"],
        StudyInstanceUID="2.25.1",
        PatientName="Yamada^Tarou=山田^太郎",
        PatientID="42",
        PatientBirthDate="19700203",
        PatientSex="M",
        StudyDate="20240305",
        StudyTime="101112",
        AccessionNumber="A1",
        StudyDescription="Thorax",
        ModalitiesInStudy=["SR", "CT"],
        NumberOfStudyRelatedSeries=3,
        NumberOfStudyRelatedInstances=400,
        InstitutionName="Clinic",
        RetrieveAETitle=["A", "B"],
        InstanceAvailability="ONLINE",
    )
    assert answered(Level.STUDY, written(answer, syntax), syntax, "P") == RemoteStudy(
        peer="P",
        study_uid=StudyUID("2.25.1"),
        patient_name="Yamada^Tarou=山田^太郎",
        patient_id="42",
        patient_birth_date=date(1970, 2, 3),
        patient_sex="M",
        study_date=date(2024, 3, 5),
        study_time=time(10, 11, 12),
        accession_number="A1",
        description="Thorax",
        modalities=("CT", "SR"),
        series=3,
        instances=400,
        institution="Clinic",
        retrieve_aet="A\\B",
        availability="ONLINE",
    )


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_answers_below_the_study_are_read_as_pydicom_wrote_them(syntax: str) -> None:
    answer = filled(
        StudyInstanceUID="2.25.1",
        SeriesInstanceUID="2.25.12",
        SeriesNumber=4,
        Modality="CT",
        NumberOfSeriesRelatedInstances=70,
        SOPInstanceUID="2.25.123",
        SOPClassUID="1.2.840.10008.5.1.4.1.1.2",
        InstanceNumber=-1,
        NumberOfFrames=12,
    )
    raw = written(answer, syntax)
    series = answered(Level.SERIES, raw, syntax, "P")
    assert isinstance(series, RemoteSeries)
    assert (series.series_uid, series.number, series.instances) == ("2.25.12", 4, 70)
    instance = answered(Level.INSTANCE, raw, syntax, "P")
    assert isinstance(instance, RemoteInstance)
    assert (instance.sop_instance_uid, instance.number) == ("2.25.123", -1)
    assert (instance.sop_class_uid[-2:], instance.frames) == (".2", 12)


def test_what_is_not_told_is_not_known() -> None:
    raw = written(filled(StudyInstanceUID="2.25.1"), ImplicitVRLittleEndian)
    study = answered(Level.STUDY, raw, ImplicitVRLittleEndian, "P")
    assert study == RemoteStudy("P", StudyUID("2.25.1"))


@pytest.mark.parametrize("level", Level)
def test_an_answer_without_its_uid_is_none(level: Level) -> None:
    raw = written(filled(PatientName="X"), ImplicitVRLittleEndian)
    assert answered(level, raw, ImplicitVRLittleEndian, "P") is None
    assert answered_step(raw, ImplicitVRLittleEndian, "P") is None


def test_a_patient_is_answered_by_the_id() -> None:
    question = Question(patient_name="X*", modality="CT")
    raw = written_patient_question(question, ImplicitVRLittleEndian)
    told = read(raw, ImplicitVRLittleEndian)
    assert (told.QueryRetrieveLevel, told.PatientName) == ("PATIENT", "X*")
    assert "ModalitiesInStudy" not in told
    answer = written(filled(PatientID=" 42 "), ImplicitVRLittleEndian)
    assert answered_patient_id(answer, ImplicitVRLittleEndian) == "42"


@settings(deadline=None)  # the machine may be busy
@given(st.binary(max_size=300), st.sampled_from(Level), st.sampled_from(SYNTAXES))
def test_any_bytes_are_an_answer_or_unreadable(
    raw: bytes, level: Level, syntax: str
) -> None:
    try:
        answered(level, raw, syntax, "P")
        answered_step(raw, syntax, "P")
    except UnreadableError:
        pass


TEXTS = st.text("aB9 .\\\\-^=äÄ山\0", max_size=12)


@settings(deadline=None)  # the machine may be busy
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "PatientName",
                "PatientID",
                "StudyDate",
                "StudyTime",
                "NumberOfStudyRelatedInstances",
                "ModalitiesInStudy",
                "StudyDescription",
                "InstanceNumber",
                "SeriesNumber",
            ]
        ),
        TEXTS
        | st.sampled_from(["20240229", "20240230", "1011", "101112.5", "12", "-1"]),
    ),
    st.sampled_from(SYNTAXES),
    st.sampled_from(["", "ISO_IR 100", "ISO_IR 192", "\\ISO 2022 IR 87"]),
)
def test_an_ordinary_answer_is_read_as_any_other(
    values: dict[str, str], syntax: str, charset: str
) -> None:
    uids = {"StudyInstanceUID": "2.25.1", "SOPInstanceUID": "2.25.2"}
    elements = {
        tag_for_keyword(keyword): (dictionary_VR(keyword), text)
        for keyword, text in {
            **values, **uids, "SeriesInstanceUID": "2.25.3",
            "SpecificCharacterSet": charset,
        }.items()
    }  # fmt: skip
    raw = b"".join(
        _element(tag or 0, vr, text.encode(), syntax)
        for tag, (vr, text) in sorted(elements.items())
    )
    for level in Level:
        slowly = _ROWS[level](_attributes(raw, syntax), "P")
        assert answered(level, raw, syntax, "P") == slowly


def _element(tag: int, vr: str, value: bytes, syntax: str) -> bytes:
    value += b" " * (len(value) % 2)
    if syntax == ImplicitVRLittleEndian:
        head = struct.pack("<HHL", tag >> 16, tag & 0xFFFF, len(value))
    else:
        head = struct.pack("<HH2sH", tag >> 16, tag & 0xFFFF, vr.encode(), len(value))
    return head + value
