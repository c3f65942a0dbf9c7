"""Samples of 1 to 32 bits, signed and not, wherever they lie in their cells."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from typing_extensions import override

from tests.golden import reference
from tests.golden.phantoms import SYNTAXES, grey_image, saved, shown

SIDE = 12


@dataclass(frozen=True)
class Case:
    """How one sample lies in its cell."""

    allocated: int
    stored: int
    high_bit: int
    signed: bool
    syntax: int

    @override
    def __str__(self) -> str:
        sign = "s" if self.signed else "u"
        return f"{sign}{self.stored}of{self.allocated}-to{self.high_bit}-{self.syntax}"

    @property
    def lowest(self) -> int:
        """The lowest value such a sample can have."""
        return -(2 ** (self.stored - 1)) if self.signed else 0


def all_cases() -> list[Case]:
    depths = [(8, n) for n in range(2, 9)] + [(16, n) for n in range(1, 17)]
    depths += [(32, n) for n in (17, 20, 24, 31, 32)]
    cases = []
    for number, (allocated, stored) in enumerate(depths):
        for signed in (False, True):
            if signed and stored == 1:
                continue
            top = allocated - 1 if (number + signed) % 2 else stored - 1
            cases.append(Case(allocated, stored, top, signed, number % 3))
    return cases


def values_of(case: Case) -> list[int]:
    rng = np.random.default_rng(case.stored)
    count = 2**case.stored
    places = [0, count - 1, count // 2, *rng.integers(0, count, SIDE * SIDE - 3)]
    return [case.lowest + int(place) for place in places]


def cells_of(case: Case, values: list[int]) -> npt.NDArray[Any]:
    """The samples in place; what is around them is noise, as overlays leave it."""
    rng = np.random.default_rng(7)
    shift = case.high_bit - case.stored + 1
    mask = 2**case.stored - 1
    noise = rng.integers(0, 2**case.allocated, len(values), dtype=np.uint64)
    cells = [
        (int(around) & ~(mask << shift)) | (value & mask) << shift
        for around, value in zip(noise, values, strict=True)
    ]
    unsigned = np.array(cells, dtype=f"u{case.allocated // 8}").reshape(SIDE, SIDE)
    return unsigned.view(f"i{case.allocated // 8}") if case.signed else unsigned


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_a_sample_of_any_width_is_shown(case: Case, tmp_path: Path) -> None:
    values = values_of(case)
    ds = grey_image(
        cells_of(case, values),
        stored=case.stored,
        high_bit=case.high_bit,
        syntax=SYNTAXES[case.syntax],
    )
    center = case.lowest + 2 ** (case.stored - 1)
    width = max(2 ** (case.stored - 1), 2)
    ds.WindowCenter, ds.WindowWidth = str(center), str(width)
    expected = [
        reference.rounded(reference.linear(v, Fraction(center), Fraction(width)))
        for v in values
    ]
    assert shown(saved(ds, tmp_path)).ravel().tolist() == expected


@pytest.mark.parametrize("columns", [8, 13])
def test_a_bit_for_each_pixel_is_black_or_white(columns: int, tmp_path: Path) -> None:
    bits = np.random.default_rng(3).integers(0, 2, (9, columns), dtype=np.uint8)
    ds = grey_image(bits)
    ds.BitsAllocated = ds.BitsStored = 1
    ds.HighBit = 0
    packed = np.packbits(bits.ravel(), bitorder="little").tobytes()
    ds.PixelData = packed + bytes(len(packed) % 2)
    ds.WindowCenter, ds.WindowWidth = "1", "2"
    assert shown(saved(ds, tmp_path)).tolist() == (255 * bits).tolist()


@pytest.mark.parametrize(
    ("kind", "ends"),
    [
        (np.uint16, (5, 5)),
        (np.uint16, (40, 5)),
        (np.uint16, (65000, 65535)),
        (np.uint16, (0, 0)),
        (np.int16, (5, 40)),
        (np.int16, (-30, -2)),
        (np.int16, (7, -400)),
        (np.int16, (-2000, -2000)),
    ],
)
def test_a_range_of_padding_is_background(
    kind: type[np.integer[Any]], ends: tuple[int, int], tmp_path: Path
) -> None:
    limits = np.iinfo(kind)
    near = np.linspace(limits.min, limits.max, 480).astype(int)
    values = np.array([*near, *ends, *range(0, 600, 5)][:600], kind).reshape(-1, 8)
    ds = grey_image(values, photometric="MONOCHROME1")
    vr = "SS" if kind is np.int16 else "US"
    for tag, end in zip((0x00280120, 0x00280121), ends, strict=True):
        ds.add_new(tag, vr, end)
    ds.WindowCenter, ds.WindowWidth = "50", "3000"
    center, width = Fraction(50), Fraction(3000)
    expected = [
        0
        if min(ends) <= value <= max(ends)
        else 255 - reference.rounded(reference.linear(value, center, width))
        for value in values.ravel().tolist()
    ]
    assert shown(saved(ds, tmp_path)).ravel().tolist() == expected
