"""What was measured leaves as DICOM that others read, to the last digit."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from highdicom.sr import DeviceObserverIdentifyingAttributes
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code
from pydicom.uid import UID

from tests.dicom.measured_images import (
    DRAWN,
    FILING,
    OBSERVER,
    content_of,
    drawing,
    groups,
    one_of_each,
    parsed,
    report_on,
    written,
)
from tests.golden.phantoms import colour_image, grey_image, saved
from tests.services.import_files import write_image
from viewer.core.annotation import Shape
from viewer.core.measured_report import MeasuredReport, Observer, tracking_uid
from viewer.core.measurement import Measurement
from viewer.dicom.measurement_codes import coded_measure
from viewer.dicom.measurement_graphics import graphic
from viewer.dicom.measurement_report import measurement_report

CT: dict[str, Any] = {"RescaleSlope": 2, "RescaleIntercept": -1000, "RescaleType": "HU"}
FILES = ("CT_small.dcm", "MR_small.dcm", "rtdose.dcm", "examples_ybr_color.dcm")


@pytest.fixture
def slice_of_ct(tmp_path: Path) -> Path:
    return write_image(tmp_path / "image.dcm", 7, **CT)


def values_of(group: Any) -> list[tuple[Code, float, Code, Code | None]]:
    """Name, value, unit and derivation of each value, as highdicom has them."""
    return [
        (_code(one.name), one.value, _code(one.unit), _code(one.derivation))
        for one in group.get_measurements()
    ]


def _code(found: Any) -> Any:
    return None if found is None else Code(found.value, found.scheme_designator, "")


def expected(measurement: Measurement, modality: str) -> list[Any]:
    """The same of what was measured here."""
    found = []
    for one in measurement.quantities:
        code = coded_measure(one, modality)
        derivation = code.derivation
        plain = [Code(c.value, c.scheme_designator, "") for c in (code.name, code.unit)]
        how = None
        if derivation is not None:
            how = Code(derivation.value, derivation.scheme_designator, "")
        found.append((plain[0], float(one.value), plain[1], how))
    return found


def coordinates_of(group: Any) -> Any:
    """The coordinates of a group: its region, or those of its only value."""
    if hasattr(group, "roi"):
        return group.roi
    (value,) = group.get_measurements()
    (line,) = value.referenced_coordinates
    return line


def assert_says(content: bytes, report: MeasuredReport) -> None:
    """Whether highdicom reads out of a file what was measured."""
    found, (image,) = groups(content), report.images
    assert len(found) == len(report.measurements)
    for measurement in report.measurements:
        annotation = measurement.annotation
        group = found[tracking_uid(annotation.uid)]
        assert values_of(group) == expected(measurement, image.modality)
        if annotation.shape.reads_pixels or measurement.quantities:
            line = coordinates_of(group)
            kind, points = graphic(annotation)
            assert line.graphic_type.value == kind
            np.testing.assert_array_equal(line.value.astype(np.float32), points)
            (source,) = line.ContentSequence
            assert source.referenced_sop_instance_uid == image.sop_instance_uid
            number = [annotation.frame] if image.frames > 1 else None
            assert source.referenced_frame_numbers == number


def test_highdicom_reads_every_value_and_coordinate(slice_of_ct: Path) -> None:
    report = report_on(slice_of_ct, one_of_each())
    assert_says(written(slice_of_ct, report), report)


@pytest.mark.parametrize("name", FILES)
def test_files_of_many_kinds_can_be_reported(name: str) -> None:
    path = Path(str(get_testdata_file(name)))
    report = report_on(path, one_of_each())
    assert_says(written(path, report), report)


def test_frames_are_counted_from_one() -> None:
    path = Path(str(get_testdata_file("examples_ybr_color.dcm")))
    report = report_on(path, [drawing(Shape.PROBE, [(3.0, 4.0)], 2)])
    assert_says(written(path, report), report)
    (group,) = groups(written(path, report)).values()
    (source,) = group.roi.ContentSequence
    assert source.ReferencedSOPSequence[0].ReferencedFrameNumber == 2


def test_coordinates_begin_at_the_corner_of_the_first_pixel(slice_of_ct: Path) -> None:
    # 16 × 16 pixels; here (0, 0) is the centre of the first.
    whole = drawing(Shape.RECTANGLE, [(-0.5, -0.5), (15.5, 15.5)])
    first = drawing(Shape.PROBE, [(0.0, 0.0)])
    found = groups(written(slice_of_ct, report_on(slice_of_ct, [whole, first])))
    corners = found[tracking_uid(whole.uid)].roi.value.tolist()
    assert corners == [[0, 0], [16, 0], [16, 16], [0, 16], [0, 0]]
    assert found[tracking_uid(first.uid)].roi.value.tolist() == [[0.5, 0.5]]


def test_the_longer_axis_of_an_ellipse_comes_first() -> None:
    wide = drawing(Shape.ELLIPSE, [(1.5, 3.5), (9.5, 5.5)])
    high = drawing(Shape.ELLIPSE, [(3.5, 1.5), (5.5, 9.5)])
    assert graphic(wide)[1].tolist() == [[2, 5], [10, 5], [6, 4], [6, 6]]
    assert graphic(high)[1].tolist() == [[5, 2], [5, 10], [4, 6], [6, 6]]


def test_a_length_without_calibration_is_never_in_millimetres(tmp_path: Path) -> None:
    path = write_image(tmp_path / "image.dcm", without="PixelSpacing")
    shapes = (Shape.LENGTH, Shape.RECTANGLE, Shape.ELLIPSE)
    drawn = [drawing(shape, DRAWN[shape]) for shape in shapes]
    content = written(path, report_on(path, drawn))
    units = {one[2].value for g in groups(content).values() for one in values_of(g)}
    assert units == {"{pixels}", "1"}
    assert "no pixel spacing" in comments(content)[0]


def test_hounsfield_units_are_coded_as_such(slice_of_ct: Path) -> None:
    content = written(slice_of_ct, report_on(slice_of_ct, one_of_each()))
    found = [one for g in groups(content).values() for one in values_of(g)]
    named = {name.value for name, _, unit, _ in found if unit.value == "[hnsf'U]"}
    assert named == {"112031"}  # Attenuation Coefficient
    assert (Code("112031", "DCM", ""), -986.0) in {one[:2] for one in found}


def comments(content: bytes) -> list[str]:
    """Texts of the measurement groups, in their order."""
    imaging = parsed(content).ContentSequence[-1]
    return [
        item.TextValue
        for group in imaging.ContentSequence
        for item in group.ContentSequence
        if item.ConceptNameCodeSequence[0].CodeValue == "121106"
    ]


def test_each_measure_says_why_it_is_this_number(slice_of_ct: Path) -> None:
    length = drawing(Shape.LENGTH, DRAWN[Shape.LENGTH])
    (said,) = comments(written(slice_of_ct, report_on(slice_of_ct, [length])))
    assert "PixelSpacing (0028,0030)" in said
    assert "Calibration: patient" in said


def test_a_colour_has_no_number_and_is_told_in_words(tmp_path: Path) -> None:
    path = saved(colour_image(bytes(range(192)), (8, 8), "RGB"), tmp_path)
    probe = drawing(Shape.PROBE, [(1.0, 0.0)])
    content = written(path, report_on(path, [probe]))
    (group,) = groups(content).values()
    assert group.get_measurements() == []
    assert group.roi.value.tolist() == [[1.5, 0.5]]
    assert comments(content)[0] == "Value: R 3 G 4 B 5"


@pytest.mark.parametrize(
    "name",
    [
        "Παπαδόπουλος^Γιώργος",
        "Yamada^Tarou=山田^太郎=やまだ^たろう",
        "Hostický",
        "",
    ],
)
def test_names_of_every_script_stay_as_they_are(tmp_path: Path, name: str) -> None:
    path = write_image(
        tmp_path / "image.dcm", SpecificCharacterSet="ISO_IR 192", PatientName=name
    )
    observer = replace(OBSERVER, person="Σωκράτης^Άννα")
    report = report_on(path, one_of_each(), observer)
    ds = parsed(written(path, report))
    assert str(ds.PatientName) == name
    people = content_of(written(path, report)).get_observer_contexts()
    assert people[0].observer_identifying_attributes.name == "Σωκράτης^Άννα"


def test_names_in_an_older_character_set_are_written_anew(tmp_path: Path) -> None:
    path = write_image(
        tmp_path / "image.dcm",
        SpecificCharacterSet=["", "ISO 2022 IR 87"],
        PatientName="Yamada^Tarou=山田^太郎",
    )
    ds = parsed(written(path, report_on(path, one_of_each())))
    assert ds.SpecificCharacterSet == "ISO_IR 192"
    assert str(ds.PatientName) == "Yamada^Tarou=山田^太郎"


def test_patient_and_study_are_those_of_the_image(tmp_path: Path) -> None:
    said: dict[str, Any] = {
        "PatientSex": "F",
        "IssuerOfPatientID": "HOSPITAL",
        "AccessionNumber": "A-17",
        "StudyID": "S9",
        "StudyTime": "101112",
        "ReferringPhysicianName": "Who^Doctor",
        "PatientAge": "045Y",
    }
    path = write_image(tmp_path / "image.dcm", **said)
    ds = parsed(written(path, report_on(path, one_of_each())))
    assert {keyword: str(ds[keyword].value) for keyword in said} == said
    assert (ds.PatientID, ds.PatientBirthDate, ds.StudyDate) == (
        "P1",
        "19700517",
        "20240301",
    )
    assert (ds.StudyInstanceUID, ds.Modality) == ("1.2.3", "SR")
    assert (ds.SOPInstanceUID, ds.SeriesInstanceUID) == (
        FILING.sop_instance_uid,
        FILING.series_uid,
    )
    assert (ds.ContentDate, ds.ContentTime) == ("20261120", "183015.250000")


def test_a_date_that_is_none_is_not_said_again(tmp_path: Path) -> None:
    path = write_image(tmp_path / "image.dcm")
    raw = path.read_bytes().replace(b"19700517", b"00000000")
    path.write_bytes(raw)
    assert parsed(written(path, report_on(path, one_of_each()))).PatientBirthDate == ""


def test_the_report_names_what_it_replaces_and_what_it_is_of(slice_of_ct: Path) -> None:
    ds = parsed(written(slice_of_ct, report_on(slice_of_ct, one_of_each())))
    assert referenced(ds.PredecessorDocumentsSequence) == ["2.25.1000"]
    evidence = referenced(ds.CurrentRequestedProcedureEvidenceSequence)
    assert evidence == ["1.2.3.1.7"]
    (library,) = [
        item
        for item in ds.ContentSequence
        if item.ConceptNameCodeSequence[0].CodeValue == "111028"
    ]
    (image,) = library.ContentSequence[0].ContentSequence
    assert image.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == "1.2.3.1.7"


def referenced(sequence: Any) -> list[str]:
    return [
        str(instance.ReferencedSOPInstanceUID)
        for study in sequence
        for series in study.ReferencedSeriesSequence
        for instance in series.ReferencedSOPSequence
    ]


def test_the_first_report_has_no_predecessor(slice_of_ct: Path) -> None:
    report = report_on(slice_of_ct, one_of_each())
    first = replace(FILING, predecessor="", number=1)
    ds = parsed(measurement_report(slice_of_ct, report, first))
    assert "PredecessorDocumentsSequence" not in ds


def test_who_measured_need_not_be_said(slice_of_ct: Path) -> None:
    report = report_on(slice_of_ct, one_of_each(), Observer("", "2.25.77", "1.2.3"))
    (only,) = content_of(written(slice_of_ct, report)).get_observer_contexts()
    device = only.observer_identifying_attributes
    assert isinstance(device, DeviceObserverIdentifyingAttributes)
    assert (device.uid, device.name) == ("2.25.77", "Lightbox")


def test_the_procedure_is_the_one_the_file_names(tmp_path: Path) -> None:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator = "P5-09051", "SRT"
    item.CodeMeaning = "CT of thorax"
    path = write_image(tmp_path / "image.dcm", ProcedureCodeSequence=[item])
    ds = parsed(written(path, report_on(path, one_of_each())))
    (procedure,) = [
        one.ConceptCodeSequence[0].CodeValue
        for one in ds.ContentSequence
        if one.ConceptNameCodeSequence[0].CodeValue == "121058"
    ]
    assert procedure == "P5-09051"


def test_the_same_report_is_the_same_bytes(slice_of_ct: Path) -> None:
    report = report_on(slice_of_ct, one_of_each())
    assert written(slice_of_ct, report) == written(slice_of_ct, report)


def judge(name: str) -> str:
    found = shutil.which(name, path="/usr/bin:/usr/local/bin")
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def told(words: list[str]) -> str:
    done = subprocess.run(words, capture_output=True, check=False)
    return (done.stdout + done.stderr).decode("utf-8", "replace")


def test_dciodvfy_finds_no_error(tmp_path: Path, slice_of_ct: Path) -> None:
    checker, out = judge("dciodvfy"), tmp_path / "report.dcm"
    out.write_bytes(written(slice_of_ct, report_on(slice_of_ct, one_of_each())))
    said = told([checker, "-new", str(out)])
    assert "ComprehensiveSR" in said
    assert "Error" not in said


def test_dcmtk_reads_the_whole_tree(tmp_path: Path, slice_of_ct: Path) -> None:
    reader, out = judge("dsrdump"), tmp_path / "report.dcm"
    out.write_bytes(written(slice_of_ct, report_on(slice_of_ct, one_of_each())))
    said = told([reader, "+Pl", str(out)])
    assert "E: " not in said
    assert said.count("Tracking Unique Identifier") == len(DRAWN)
    # √(9.875² + 6.25²)
    assert 'NUM:(,,"Length")="11.6866' in said


def test_an_image_of_a_retired_kind_can_be_reported(tmp_path: Path) -> None:
    ds = grey_image(np.zeros((16, 16), np.uint8))
    ds.SOPClassUID = UID("1.2.840.10008.5.1.4.1.1.6")
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID
    path = saved(ds, tmp_path)
    report = report_on(path, one_of_each())
    assert_says(written(path, report), report)


def test_coordinates_on_a_slide_are_those_of_the_tile(tmp_path: Path) -> None:
    ds = grey_image(np.zeros((2, 16, 16), np.uint8), frames=2)
    ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.77.1.6"
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID
    path = saved(ds, tmp_path)
    content = written(path, report_on(path, one_of_each(2)))
    every = [coordinates_of(group) for group in groups(content).values()]
    assert {one.PixelOriginInterpretation for one in every} == {"FRAME"}
