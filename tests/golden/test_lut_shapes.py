"""Tables of every shape, width, start and spelling, as IHE's MESA set has them."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from typing_extensions import override

from tests.golden import reference
from tests.golden.phantoms import SYNTAXES, grey_image, lut_item, saved, sequence, shown

RAMP = np.arange(-300, 724).reshape(32, 32)
SHAPES: dict[str, Callable[[float], float]] = {
    "rising": lambda u: u,
    "falling": lambda u: 1 - u,
    "gamma": lambda u: u**2.2,
    "log": lambda u: math.log1p(9 * u) / math.log(10),
    "sigmoid": lambda u: 1 / (1 + math.exp(-12 * (u - 0.5))),
    "step": lambda u: float(u >= 0.4),
    "hill": lambda u: 1 - abs(2 * u - 1),
    "saw": lambda u: (5 * u) % 1,
}


def entries_of(shape: str, count: int, bits: int) -> list[int]:
    top = 2**bits - 1
    return [round(top * SHAPES[shape](i / (count - 1))) for i in range(count)]


@dataclass(frozen=True)
class Case:
    """One table; `spelling` is how its data is written."""

    shape: str
    bits: int
    count: int
    first: int
    spelling: str
    photometric: str
    syntax: int

    @override
    def __str__(self) -> str:
        return (
            f"{self.shape}-{self.bits}bit-{self.count}-from{self.first}-"
            f"{self.spelling}-{self.photometric[-1]}-{self.syntax}"
        )


def voi_cases() -> list[Case]:
    cases = []
    for number, (shape, bits, photometric) in enumerate(
        product(SHAPES, (8, 10, 12, 14, 16), ("MONOCHROME1", "MONOCHROME2"))
    ):
        spelling = ("words", "US", "packed" if bits == 8 else "words")[number % 3]
        count = (256, 1024, 100, 4096, 65536)[number % 5]
        first = (0, -300, 17, -1, 250)[(number // 2) % 5]
        # In big endian and in US only what pydicom itself swaps.
        syntax = (number // 3) % 3 if spelling == "US" else number % 2
        if spelling == "US" and count == 65536:
            count = 32000
        cases.append(Case(shape, bits, count, first, spelling, photometric, syntax))
    return cases


@pytest.mark.parametrize("case", voi_cases(), ids=str)
def test_a_voi_lut_is_looked_up(case: Case, tmp_path: Path) -> None:
    entries, bits = entries_of(case.shape, case.count, case.bits), case.bits
    ds = grey_image(
        RAMP.astype(np.int16),
        photometric=case.photometric,
        syntax=SYNTAXES[case.syntax],
    )
    vr = "US" if case.spelling == "US" else "OW"
    item = lut_item(entries, case.first, bits, vr=vr, packed=case.spelling == "packed")
    ds.VOILUTSequence = sequence(item)
    pictures = shown(saved(ds, tmp_path))
    inverse = case.photometric == "MONOCHROME1"
    expected = [
        reference.rounded(reference.through_voi_lut(int(x), case.first, entries, bits))
        for x in RAMP.ravel()
    ]
    expected = [255 - grey if inverse else grey for grey in expected]
    assert pictures.ravel().tolist() == expected


@pytest.mark.parametrize("bits", [8, 12, 16])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_modality_lut_comes_before_the_window(
    shape: str, bits: int, tmp_path: Path
) -> None:
    entries = entries_of(shape, 700, bits)
    ds = grey_image(RAMP.astype(np.int16))
    ds.ModalityLUTSequence = sequence(lut_item(entries, -200, bits))
    ds.ModalityLUTSequence[0].ModalityLUTType = "OD"
    center, width = Fraction(2**bits, 2), Fraction(2**bits)
    ds.WindowCenter, ds.WindowWidth = str(int(center)), str(int(width))
    expected = [
        reference.rounded(
            reference.linear(reference.entry_of(int(x), -200, entries), center, width)
        )
        for x in RAMP.ravel()
    ]
    assert shown(saved(ds, tmp_path)).ravel().tolist() == expected


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize("bits", [8, 12, 16])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_presentation_lut_comes_after_the_window(
    shape: str, bits: int, photometric: str, tmp_path: Path
) -> None:
    entries = entries_of(shape, 256 if bits == 8 else 1024, bits)
    ds = grey_image(RAMP.astype(np.int16), photometric=photometric)
    ds.WindowCenter, ds.WindowWidth = "40", "400"
    ds.PresentationLUTSequence = sequence(lut_item(entries, 0, bits))
    expected = []
    for x in RAMP.ravel():
        grey = reference.linear(int(x), Fraction(40), Fraction(400))
        p_value = reference.through_presentation_lut(grey, entries, bits)
        expected.append(reference.rounded(p_value))  # P-values: 0 is black
    assert shown(saved(ds, tmp_path)).ravel().tolist() == expected
