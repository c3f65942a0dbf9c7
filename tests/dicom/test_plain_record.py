"""The quick reader of ordinary files says what the complete one says, or nothing."""

import datetime as dt
import io
from dataclasses import replace
from pathlib import Path

import pydicom
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from tests.dicom.written_files import written
from viewer.core.errors import ViewerError
from viewer.core.records import FileRecord
from viewer.dicom.plain_cut import WINDOW
from viewer.dicom.plain_record import PlainReader
from viewer.dicom.read import read_file

BUNDLED = Path(pydicom.__file__).parent / "data"
READER = PlainReader()
"""One for all tests: what it remembers of one file must not reach another."""

any_file = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def read_quickly(path: Path) -> FileRecord | None:
    with path.open("rb", buffering=0) as file:
        return READER.read(file, file.read(WINDOW), path.stat().st_size)


def check(path: Path) -> bool:
    """Whether the file is an ordinary one; then both readers must agree."""
    quick = read_quickly(path)
    if quick is None:
        return False
    try:
        complete = read_file(path)
    except ViewerError as error:
        pytest.fail(f"{path.name} was read, but: {error.message}")
    assert quick == replace(complete, tolerated=()), path.name
    return True


def test_both_readers_agree_on_every_bundled_file() -> None:
    paths = [path for path in sorted(BUNDLED.rglob("*")) if path.is_file()]
    assert sum(map(check, paths)) > 100


def test_both_readers_agree_on_every_real_file(real_data: Path) -> None:
    paths = [path for path in sorted(real_data.rglob("*")) if path.is_file()]
    assert sum(map(check, paths)) > len(paths) * 3 // 4


def test_both_readers_agree_in_any_order_of_files() -> None:
    paths = [path for path in sorted(BUNDLED.rglob("*.dcm")) if path.is_file()]
    for path in reversed(paths):
        check(path)
        check(BUNDLED / "test_files" / "CT_small.dcm")


# ordinary data sets

texts = st.text(st.characters(codec="ascii", exclude_categories=["C"]), max_size=12)
decimals = st.floats(-1e5, 1e5, allow_nan=False).map(lambda x: f"{x:.6g}"[:16])
dates = st.dates(dt.date(1900, 1, 1)).map(lambda day: f"{day:%Y%m%d}".rjust(8, "0"))
times = st.times().map(lambda at: f"{at:%H%M%S}.{at.microsecond:06}")
words = st.sampled_from(["ORIGINAL", "DERIVED", "AXIAL", "LOCALIZER", "M", ""])


def several(values: st.SearchStrategy[str], most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(values, min_size=1, max_size=most)


OPTIONAL: dict[str, st.SearchStrategy[object]] = {
    "PatientName": texts.map(lambda text: text.replace("\\", " ")),
    "PatientID": texts.map(lambda text: text.replace("\\", " ")),
    "PatientBirthDate": dates,
    "PatientSex": st.sampled_from(["M", "F", "O", ""]),
    "PatientAge": st.sampled_from(["065Y", "003M", ""]),
    "StudyDate": dates,
    "StudyTime": times,
    "AcquisitionDate": dates,
    "AcquisitionTime": times,
    "ContentTime": times,
    "AccessionNumber": texts,
    "StudyDescription": texts,
    "SeriesDescription": texts,
    "InstitutionName": texts,
    "Modality": st.sampled_from(["CT", "MR", "US", "DX", "PT", ""]),
    "SeriesNumber": st.integers(-5, 10**6),
    "InstanceNumber": st.integers(-5, 10**6),
    "AcquisitionNumber": st.integers(0, 99),
    "ImageType": several(words, 4),
    "ImagePositionPatient": st.lists(decimals, min_size=3, max_size=3),
    "ImageOrientationPatient": st.sampled_from(
        [[1, 0, 0, 0, 1, 0], [0, 1, 0, 0, 0, -1], [0.7071, 0.7071, 0, 0, 0, -1]]
    ),
    "PixelSpacing": st.sampled_from([[0.5, 0.5], [1, 2], [0, 0], [-1, 1]]),
    "ImagerPixelSpacing": st.sampled_from([[0.5, 0.5], [0.1, 0.1]]),
    "SliceThickness": decimals,
    "SliceLocation": decimals,
    "WindowCenter": several(decimals, 3),
    "WindowWidth": several(decimals, 3),
    "RescaleSlope": decimals,
    "RescaleIntercept": decimals,
    "EchoTime": decimals,
    "KVP": decimals,
    "PixelPaddingValue": st.integers(0, 32767),
    "NumberOfFrames": st.integers(1, 3),
    "SpecificCharacterSet": st.sampled_from(["ISO_IR 100", "ISO_IR 192"]),
    "PresentationLUTShape": st.sampled_from(["IDENTITY", "INVERSE"]),
    "ShutterShape": st.just("RECTANGULAR"),
    "PatientOrientation": st.sampled_from([["L", "P"], ["A", "F"]]),
}
"""What a data set may say beside its pixels."""


@st.composite
def ordinary_files(draw: st.DrawFn) -> tuple[Dataset, bytes]:
    """A data set, and the file that it makes."""
    ds = Dataset()
    ds.SOPClassUID, ds.SOPInstanceUID = CTImageStorage, "1.2.3.4"
    ds.StudyInstanceUID, ds.SeriesInstanceUID = "1.2.3", "1.2.3.1"
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.Rows = ds.Columns = draw(st.integers(1, 4))
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 16, 12, 11
    ds.PixelRepresentation = draw(st.integers(0, 1))
    for keyword in draw(st.lists(st.sampled_from(sorted(OPTIONAL)), unique=True)):
        setattr(ds, keyword, draw(OPTIONAL[keyword]))
    frames = int(ds.get("NumberOfFrames", None) or 1)
    ds.PixelData = bytes(2 * ds.Rows * ds.Columns * frames)
    item = Dataset()
    item.CodeMeaning = draw(texts)
    item.is_undefined_length_sequence_item = draw(st.booleans())
    ds.ProcedureCodeSequence = [item] * draw(st.integers(0, 2))
    ds["ProcedureCodeSequence"].is_undefined_length = draw(st.booleans())
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = draw(
        st.sampled_from([ExplicitVRLittleEndian, ImplicitVRLittleEndian])
    )
    ds.file_meta = meta
    made = io.BytesIO()
    pydicom.dcmwrite(made, ds, enforce_file_format=True)
    return ds, made.getvalue()


@any_file
@given(made=ordinary_files())
def test_any_ordinary_file_is_read_as_completely(
    tmp_path: Path, made: tuple[Dataset, bytes]
) -> None:
    ds, content = made
    path = written(tmp_path / "ordinary", content)
    # An open sequence that is empty is rare enough to be left to the other reader.
    assert check(path) or not ds.ProcedureCodeSequence
    quick = read_quickly(path)
    if quick is not None:
        judge(ds, quick)


def judge(ds: Dataset, quick: FileRecord) -> None:
    """Value for value what pydicom reads."""
    assert quick.patient.patient_id == str(ds.get("PatientID", "")).strip(" ")
    assert quick.series.number == ds.get("SeriesNumber")
    assert quick.instance.number == ds.get("InstanceNumber")
    assert quick.instance.sop_instance_uid == ds.SOPInstanceUID
    image = quick.instance.image
    assert image is not None
    pixels, frame = image.pixels, image.frame(1)
    assert (pixels.rows, pixels.columns) == (ds.Rows, ds.Columns)
    assert pixels.signed == bool(ds.PixelRepresentation)
    assert frame.location_mm == ds.get("SliceLocation")
    assert frame.thickness_mm == ds.get("SliceThickness")
    if frame.plane is not None:
        assert list(frame.plane.origin) == ds.ImagePositionPatient


@any_file
@given(
    made=ordinary_files(),
    changes=st.lists(
        st.tuples(st.integers(132, 900), st.binary(min_size=1, max_size=4)), max_size=4
    ),
    cut=st.none() | st.integers(0, 900),
)
def test_any_damage_is_left_to_the_complete_reader_or_read_as_it_reads_it(
    tmp_path: Path,
    made: tuple[Dataset, bytes],
    changes: list[tuple[int, bytes]],
    cut: int | None,
) -> None:
    damaged = bytearray(made[1])
    for at, new in changes:
        damaged[at : at + len(new)] = new
    check(written(tmp_path / "damaged", bytes(damaged[:cut])))


@any_file
@given(
    name=st.sampled_from(
        ["CT_small.dcm", "MR_small.dcm", "reportsi.dcm", "693_J2KI.dcm"]
    ),
    changes=st.lists(
        st.tuples(st.integers(132, 5000), st.binary(min_size=1, max_size=4)), max_size=6
    ),
)
def test_any_damage_to_a_real_file_is_told_by_the_complete_reader(
    tmp_path: Path, name: str, changes: list[tuple[int, bytes]]
) -> None:
    damaged = bytearray(
        Path(get_testdata_file(name, download=False) or "").read_bytes()
    )
    for at, new in changes:
        damaged[at : at + len(new)] = new
    check(written(tmp_path / "damaged", bytes(damaged)))
