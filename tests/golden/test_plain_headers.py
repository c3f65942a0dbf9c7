"""What the quick reader says of real files is what pydicom reads in them."""

import datetime as dt
import warnings
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pydicom
import pytest
from pydicom import encaps
from pydicom.dataset import FileDataset
from pydicom.errors import InvalidDicomError
from pydicom.multival import MultiValue
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian
from pydicom.valuerep import TM

from viewer.core.image import Frame, Image
from viewer.core.records import FileRecord
from viewer.dicom.plain_cut import WINDOW
from viewer.dicom.plain_record import PlainReader

NATIVE = (ExplicitVRLittleEndian, ImplicitVRLittleEndian)
BUNDLED = Path(pydicom.__file__).parent / "data"

TEXTS: dict[str, Callable[[FileRecord], str]] = {
    "PatientName": lambda r: r.patient.name.rstrip("="),  # groups without text
    "PatientID": lambda r: r.patient.patient_id,
    "IssuerOfPatientID": lambda r: r.patient.issuer,
    "PatientSex": lambda r: r.patient.sex,
    "StudyInstanceUID": lambda r: r.study.study_uid,
    "AccessionNumber": lambda r: r.study.accession_number,
    "StudyDescription": lambda r: r.study.description,
    "InstitutionName": lambda r: r.study.institution,
    "ReferringPhysicianName": lambda r: r.study.referring_physician.rstrip("="),
    "PatientAge": lambda r: r.study.patient_age,
    "SeriesInstanceUID": lambda r: r.series.series_uid,
    "Modality": lambda r: r.series.modality,
    "SeriesDescription": lambda r: r.series.description,
    "BodyPartExamined": lambda r: r.series.body_part,
    "Laterality": lambda r: r.series.laterality,
    "ProtocolName": lambda r: r.series.protocol,
    "Manufacturer": lambda r: r.series.manufacturer,
    "FrameOfReferenceUID": lambda r: r.instance.frame_of_reference_uid,
    "SOPInstanceUID": lambda r: r.instance.sop_instance_uid,
    "ContrastBolusAgent": lambda r: r.instance.technique.contrast_agent,
}
NUMBERS: dict[str, Callable[[FileRecord], float | None]] = {
    "SeriesNumber": lambda r: r.series.number,
    "InstanceNumber": lambda r: r.instance.number,
}
OF_CLASSIC: dict[str, Callable[[FileRecord], float | None]] = {
    "KVP": lambda r: r.instance.technique.kvp,
    "XRayTubeCurrent": lambda r: r.instance.technique.tube_current_ma,
    "EchoTime": lambda r: r.instance.technique.echo_time_ms,
    "RepetitionTime": lambda r: r.instance.technique.repetition_time_ms,
}
DATES: dict[str, Callable[[FileRecord], dt.date | None]] = {
    "PatientBirthDate": lambda r: r.patient.birth_date,
    "StudyDate": lambda r: r.study.study_date,
}


def judge_folder(folder: Path) -> int:
    """How many of the files were read quickly; each as pydicom reads it."""
    reader, judged = PlainReader(), 0
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        with path.open("rb", buffering=0) as file:
            record = reader.read(file, file.read(WINDOW), path.stat().st_size)
        if record is None:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of values that pydicom dislikes
            try:
                ds = pydicom.dcmread(path)
            except InvalidDicomError:
                pytest.fail(f"{path.name} is no DICOM file to pydicom")
            if not len(ds):  # it reads nothing where the last frame is cut short
                continue
            judge(ds, record, path)
        judged += 1
    return judged


def judge(ds: FileDataset, record: FileRecord, path: Path) -> None:
    for keyword, written in TEXTS.items():
        assert written(record) == text(ds, keyword), (path.name, keyword)
    classic = {} if "SharedFunctionalGroupsSequence" in ds else OF_CLASSIC
    for keyword, counted in {**NUMBERS, **classic}.items():
        assert counted(record) == number(ds, keyword), (path.name, keyword)
    for keyword, dated in DATES.items():
        assert dated(record) == day(ds, keyword), (path.name, keyword)
    for keyword, at in (
        ("StudyTime", record.study.study_time),
        ("AcquisitionTime", record.instance.technique.acquired_at),
    ):
        if (stated := moment(ds, keyword)) is not None:
            assert at == stated, (path.name, keyword)
    of_meta = ds.file_meta.get("MediaStorageSOPClassUID", "")
    assert record.instance.sop_class_uid == ds.get("SOPClassUID", of_meta), path.name
    syntax = ds.file_meta.TransferSyntaxUID
    assert record.instance.transfer_syntax_uid == syntax, path.name
    kinds = tuple(str(one).strip() for one in several(ds, "ImageType"))
    assert record.instance.image_type == kinds, path.name
    image = record.instance.image
    assert (image is not None) == ("PixelData" in ds), path.name
    if image is not None:
        judge_image(ds, image, path)


def judge_image(ds: FileDataset, image: Image, path: Path) -> None:
    pixels = image.pixels
    assert (pixels.rows, pixels.columns) == (ds.Rows, ds.Columns), path.name
    assert pixels.frames == int(number(ds, "NumberOfFrames") or 1), path.name
    assert pixels.samples == ds.get("SamplesPerPixel", 1), path.name
    assert pixels.photometric == ds.PhotometricInterpretation, path.name
    assert pixels.bits_allocated == ds.BitsAllocated, path.name
    assert pixels.bits_stored == ds.BitsStored, path.name
    assert pixels.high_bit == ds.HighBit, path.name
    assert pixels.signed == bool(ds.PixelRepresentation), path.name
    if pixels.samples > 1:
        assert pixels.planar == bool(ds.PlanarConfiguration), path.name
    judge_bytes(ds, image, path)
    if "SharedFunctionalGroupsSequence" in ds or pixels.frames > 1:
        return
    judge_place(ds, image.frame(1), path)
    if pixels.photometric.startswith("MONOCHROME"):
        judge_grey(ds, image, path)


def judge_place(ds: FileDataset, frame: Frame, path: Path) -> None:
    """Position, orientation and the millimetres of one slice."""
    assert frame.location_mm == number(ds, "SliceLocation"), path.name
    assert frame.thickness_mm == number(ds, "SliceThickness"), path.name
    wanted = "ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing"
    stated = [[float(one) for one in several(ds, keyword)] for keyword in wanted]
    whole = list(map(len, stated)) == [3, 6, 2]
    assert whole or frame.plane is None, path.name
    if frame.plane is not None:
        position, orientation, spacing = stated
        plane = frame.plane
        assert list(plane.origin) == position, path.name
        directions = [*plane.along_row, *plane.along_column]
        assert directions == pytest.approx(orientation, abs=2e-3), path.name
        assert [plane.row_step, plane.column_step] == spacing, path.name


def judge_grey(ds: FileDataset, image: Image, path: Path) -> None:
    """Rescaling and windows."""
    display = image.display(1)
    slope, intercept = number(ds, "RescaleSlope"), number(ds, "RescaleIntercept")
    assert display.rescale.slope == (slope or 1.0), path.name
    assert display.rescale.intercept == (intercept or 0.0), path.name
    centers = [float(one) for one in several(ds, "WindowCenter")]
    widths = [float(one) for one in several(ds, "WindowWidth")]
    stated = [pair for pair in zip(centers, widths, strict=False) if pair[1] > 0]
    told = [(window.center, window.width) for window in display.windows]
    assert told == list(dict.fromkeys(stated)), path.name  # each once


def judge_bytes(ds: FileDataset, image: Image, path: Path) -> None:
    """The first and the last frame lie where the index says."""
    index, pixels = image.index, image.pixels
    assert index.fragments or index.reason, path.name
    if not index.fragments or index.bit_offsets:
        return
    whole = path.read_bytes()
    for number in {0, len(index.fragments) - 1}:
        parts = [whole[at : at + size] for at, size in index.fragments[number]]
        if ds.file_meta.TransferSyntaxUID not in NATIVE:
            frame = encaps.get_frame(
                ds.PixelData, number, number_of_frames=pixels.frames
            )
        else:
            size = pixels.frame_pixels * pixels.samples * pixels.bits_allocated // 8
            frame = ds.PixelData[number * size : (number + 1) * size]
        assert b"".join(parts) == frame, (path.name, number)


def several(ds: FileDataset, keyword: str) -> Sequence[Any]:
    """Every value; none where pydicom cannot read it as what it should be."""
    try:
        value = ds.get(keyword)
    except ValueError:
        return ()
    if value is None or value == "":
        return ()
    return list(value) if isinstance(value, MultiValue) else [value]


def text(ds: FileDataset, keyword: str) -> str:
    told: Iterable[str] = (str(one).strip(" \0\r\n\t") for one in several(ds, keyword))
    return next((one for one in told if one), "")


def number(ds: FileDataset, keyword: str) -> float | None:
    told = several(ds, keyword)
    try:
        return float(str(told[0])) if told and str(told[0]) else None
    except ValueError:
        return None


def day(ds: FileDataset, keyword: str) -> dt.date | None:
    told = text(ds, keyword).replace(".", "").replace("-", "")
    try:
        return dt.date(int(told[:4]), int(told[4:6]), int(told[6:8])) if told else None
    except ValueError:
        return None


def moment(ds: FileDataset, keyword: str) -> dt.time | None:
    """A time of day; None also where pydicom sees none."""
    told = text(ds, keyword)
    try:
        return dt.time.fromisoformat(TM(told).isoformat()) if told else None
    except ValueError:
        return None


def test_every_bundled_file_says_what_pydicom_reads_in_it() -> None:
    assert judge_folder(BUNDLED) > 100


def test_every_real_file_says_what_pydicom_reads_in_it(real_data: Path) -> None:
    assert judge_folder(real_data) > 500
