"""`lightbox render` against the standard's formulas, written here anew.

The reference below is scalar and in exact fractions, straight from PS3.3 C.7.6.3,
C.11.1 and C.11.2; nothing of the program is used in it. Grey is floor(y + 1/2), the
inversion comes last.
"""

import math
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import cycle, product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from pydicom import dcmread
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

from viewer.cli.program import run
from viewer.services import rendering
from viewer.services.workers import Workers

SIDE = 16
Values = npt.NDArray[Any]


@dataclass(frozen=True)
class Table:
    """A LUT: first input value, bits of an entry, entries."""

    first: int
    bits: int
    entries: tuple[int, ...]


@dataclass(frozen=True)
class Case:
    """One file."""

    name: str
    allocated: int
    stored: int
    signed: bool
    slope: str = "1"
    intercept: str = "0"
    modality_lut: Table | None = None
    function: str = "LINEAR"
    center: str = "128"
    width: str = "256"
    voi_lut: Table | None = None
    photometric: str = "MONOCHROME2"
    shape: str = ""
    padding: tuple[int, ...] = ()

    @property
    def limits(self) -> tuple[int, int]:
        """Lowest and highest stored value."""
        if self.signed:
            return -(2 ** (self.stored - 1)), 2 ** (self.stored - 1) - 1
        return 0, 2**self.stored - 1


# -- the reference -----------------------------------------------------------------


def grey_of(stored: int | Fraction, case: Case) -> int:
    if case.padding and min(case.padding) <= stored <= max(case.padding):
        return 0
    level = voi_of(modality_of(stored, case), case)
    grey = math.floor(level + Fraction(1, 2))
    inverse = case.photometric == "MONOCHROME1" or case.shape == "INVERSE"
    return 255 - grey if inverse else grey


def modality_of(stored: int | Fraction, case: Case) -> Fraction:
    if case.modality_lut:
        return Fraction(entry_of(int(stored), case.modality_lut))
    return Fraction(case.slope) * stored + Fraction(case.intercept)


def voi_of(x: Fraction, case: Case) -> Fraction:
    if case.voi_lut:
        entry = entry_of(math.floor(x + Fraction(1, 2)), case.voi_lut)
        return Fraction(entry * 255, 2**case.voi_lut.bits - 1)
    c, w = Fraction(case.center), Fraction(case.width)
    if case.function == "SIGMOID":
        exponent = -4 * (x - c) / w
        far_below = exponent > 700  # where a float's exp has no end
        return Fraction(0 if far_below else 255 / (1 + math.exp(exponent)))
    if case.function == "LINEAR_EXACT":
        return exact(x, c, w)
    return linear(x, c, w)


def linear(x: Fraction, c: Fraction, w: Fraction) -> Fraction:
    half = Fraction(1, 2)
    if x <= c - half - (w - 1) / 2:
        return Fraction(0)
    if x > c - half + (w - 1) / 2:
        return Fraction(255)
    return ((x - (c - half)) / (w - 1) + half) * 255


def exact(x: Fraction, c: Fraction, w: Fraction) -> Fraction:
    if x <= c - w / 2:
        return Fraction(0)
    if x > c + w / 2:
        return Fraction(255)
    return ((x - c) / w + Fraction(1, 2)) * 255


def entry_of(value: int, table: Table) -> int:
    return table.entries[min(max(value - table.first, 0), len(table.entries) - 1)]


# -- the cases ---------------------------------------------------------------------

FORMATS = [
    (8, 8, False),
    (8, 8, True),
    (16, 10, False),
    (16, 12, True),
    (16, 16, False),
    (16, 16, True),
    (32, 32, True),
]
RESCALES = [("1", "0"), ("1", "-1024"), ("2.5", "-100"), ("-1", "200"), ("-0.25", "9")]
WINDOWS = [("40", "400"), ("128", "256"), ("50.5", "2"), ("30", "1"), ("-600", "1500")]
EXACT_WINDOWS = [("40", "400"), ("0", "1"), ("0.75", "0.5"), ("-300", "2047")]


def tables(case_number: int) -> Table:
    """VOI LUTs of 8, 10, 12 and 16 bits: rising, falling, short, starting anywhere."""
    bits = (8, 10, 12, 16)[case_number % 4]
    length = (256, 1024, 7, 4096)[case_number % 4]
    top = 2**bits - 1
    rising = tuple(round(top * (i / (length - 1)) ** 0.7) for i in range(length))
    first = (0, 100, 0, 1)[case_number % 4]
    return Table(first, bits, rising if case_number % 3 else rising[::-1])


def all_cases() -> Iterator[Case]:
    windows, exact_windows = cycle(WINDOWS), cycle(EXACT_WINDOWS)
    number = 0
    kinds = ("LINEAR", "LINEAR_EXACT", "SIGMOID", "LUT")
    formats = [(*f, p) for f, p in product(FORMATS, ("MONOCHROME1", "MONOCHROME2"))]
    for (allocated, stored, signed, photometric), rescale, kind in product(
        formats, [*RESCALES, None], kinds
    ):
        if rescale is None and stored == 32:
            continue  # no LUT has an entry for each of them
        number += 1
        center, width = next(windows if kind == "LINEAR" else exact_windows)
        slope, intercept = rescale or ("1", "0")
        first = -100 if signed else 20
        curve = tuple((i * i) // 40 for i in range(500))
        yield Case(
            f"{kind}-{'us'[signed]}{stored}-"
            f"{'lut' if rescale is None else slope + '_' + intercept}-{photometric}",
            allocated,
            stored,
            signed,
            slope,
            intercept,
            Table(first, 16, curve) if rescale is None else None,
            kind,
            center,
            width,
            tables(number) if kind == "LUT" else None,
            photometric,
            ("", "INVERSE" if photometric == "MONOCHROME1" else "IDENTITY")[number % 2],
            ((), (0,), (5, 40))[number % 3],
        )
    yield Case("inverse-shape", 16, 12, signed=False, shape="INVERSE")


def stored_of(case: Case) -> Values:
    """256 values: the ends, every one around zero and the window, the rest spread."""
    low, high = case.limits
    near = [*range(-20, 60), *range(90, 130)]
    values = [low, high, *(v for v in near if low <= v <= high)]
    rest = SIDE * SIDE - len(values)
    values += [round(v) for v in np.linspace(low, high, rest)]
    return np.array(values, dtype=np.int64).reshape(SIDE, SIDE)


# -- the files ---------------------------------------------------------------------


def write(case: Case, path: Path) -> None:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds = FileDataset(path, {}, file_meta=meta, preamble=b"\0" * 128)
    ds.SOPClassUID, ds.SOPInstanceUID = CTImageStorage, meta.MediaStorageSOPInstanceUID
    ds.StudyInstanceUID, ds.SeriesInstanceUID = generate_uid(), generate_uid()
    ds.Modality, ds.PatientID = "CT", "GOLDEN"
    ds.Rows = ds.Columns = SIDE
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, case.photometric
    ds.BitsAllocated, ds.BitsStored = case.allocated, case.stored
    ds.HighBit, ds.PixelRepresentation = case.stored - 1, int(case.signed)
    if case.modality_lut:
        ds.ModalityLUTSequence = Sequence([lut_item(case.modality_lut)])
        ds.ModalityLUTSequence[0].ModalityLUTType = "US"
    else:
        ds.RescaleSlope, ds.RescaleIntercept = case.slope, case.intercept
    if case.voi_lut:
        ds.VOILUTSequence = Sequence([lut_item(case.voi_lut)])
    else:
        ds.WindowCenter, ds.WindowWidth = case.center, case.width
        ds.VOILUTFunction = case.function
    if case.shape:
        ds.PresentationLUTShape = case.shape
    vr = "SS" if case.signed else "US"
    for tag, value in zip((0x00280120, 0x00280121), case.padding, strict=False):
        ds.add_new(tag, vr, value)
    kind = f"<{'i' if case.signed else 'u'}{case.allocated // 8}"
    ds.PixelData = stored_of(case).astype(kind).tobytes()
    ds["PixelData"].VR = "OB" if case.allocated == 8 else "OW"
    ds.save_as(path, enforce_file_format=True)


def write_floats(case: Case, values: Values, path: Path) -> None:
    """The same file with Float or Double Float Pixel Data; PS3.3 C.7.6.24, C.7.6.25."""
    write(case, path)
    data_set = dcmread(path)
    for keyword in ("PixelData", "BitsStored", "HighBit", "PixelRepresentation"):
        delattr(data_set, keyword)
    data_set.BitsAllocated = 8 * values.itemsize
    keyword = "FloatPixelData" if values.itemsize == 4 else "DoubleFloatPixelData"
    setattr(data_set, keyword, values.tobytes())
    data_set.save_as(path)


def lut_item(table: Table) -> Dataset:
    item = Dataset()
    vr = "SS" if table.first < 0 else "US"
    item.add_new(0x00283002, vr, [len(table.entries), table.first, table.bits])
    data = np.array(table.entries, dtype="<u2").tobytes()
    item.add_new(0x00283006, "OW", data)
    return item


# -- the tests ---------------------------------------------------------------------

CASES = list(all_cases())


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    """One pool for all cases: starting one for each would take minutes."""
    with Workers(1) as pool:
        yield pool


@pytest.fixture
def rendered(workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(rendering, "Workers", lambda _count: nullcontext(workers))
    return tmp_path


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 300
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_render_is_the_standards_formula(case: Case, rendered: Path) -> None:
    file, out = rendered / "image.dcm", rendered / "image.png"
    write(case, file)
    status = run(["render", str(file), "--out", str(out)], lambda _: 99)
    assert status == 0
    shown = np.asarray(Image.open(out))
    expected = [[grey_of(int(v), case) for v in row] for row in stored_of(case)]
    assert shown.tolist() == expected


FLOAT_CASES = [
    Case(
        f"{function}-{slope}-{photometric}",
        16,
        16,
        signed=False,
        slope=slope,
        intercept=intercept,
        function=function,
        center=center,
        width=width,
        photometric=photometric,
    )
    for function, (center, width) in (
        ("LINEAR", ("1.25", "3")),
        ("LINEAR_EXACT", ("0.5", "0.75")),
        ("SIGMOID", ("1", "2.5")),
    )
    for slope, intercept in (("1", "0"), ("2", "-1"), ("-0.5", "1.5"))
    for photometric in ("MONOCHROME1", "MONOCHROME2")
]


@pytest.mark.parametrize("kind", ["<f4", "<f8"])
@pytest.mark.parametrize("case", FLOAT_CASES, ids=lambda case: case.name)
def test_floats_are_the_standards_formula(
    case: Case, kind: str, rendered: Path
) -> None:
    values = np.random.default_rng(4).uniform(-2.7, 4.3, (SIDE, SIDE)).astype(kind)
    file, out = rendered / "image.dcm", rendered / "image.png"
    write_floats(case, values, file)
    assert run(["render", str(file), "--out", str(out)], lambda _: 99) == 0
    expected = [[grey_of(Fraction(float(v)), case) for v in row] for row in values]
    assert np.asarray(Image.open(out)).tolist() == expected


@pytest.mark.parametrize(
    ("function", "typed", "shown"),
    [
        ("LINEAR", ("30", "90"), "LINEAR"),
        ("SIGMOID", ("30", "90"), "SIGMOID"),
        ("LINEAR_EXACT", ("30", "0.5"), "LINEAR_EXACT"),
        ("LINEAR", ("30", "0.5"), "LINEAR_EXACT"),  # LINEAR means nothing below 1
    ],
)
def test_a_typed_window_takes_the_function_of_the_file(
    function: str, typed: tuple[str, str], shown: str, rendered: Path
) -> None:
    stated = Case("typed", 16, 12, signed=False, function=function)
    file, out = rendered / "image.dcm", rendered / "image.png"
    write(stated, file)
    words = ["render", str(file), "--window", ",".join(typed), "--out", str(out)]
    assert run(words, lambda _: 99) == 0
    meant = replace(stated, function=shown, center=typed[0], width=typed[1])
    expected = [[grey_of(int(v), meant) for v in row] for row in stored_of(stated)]
    assert np.asarray(Image.open(out)).tolist() == expected
