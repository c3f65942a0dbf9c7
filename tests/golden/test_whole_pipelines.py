"""Everything at once: seeded images whose every stage is drawn by lot.

What each pixel must be is worked out one at a time, in fractions, from PS3.3 C.7.5.1.1,
C.7.6.3, C.11.1, C.11.2 and C.11.6.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import FileDataset
from pydicom.sequence import Sequence

from tests.golden import reference
from tests.golden.phantoms import SYNTAXES, grey_image, lut_item, saved, sequence, shown

SEEDS = 120
Stage = Callable[[Fraction], Fraction]
Entries = list[int]


@dataclass
class Drawn:
    """One image by lot, and what becomes of a stored value."""

    chance: random.Random
    ds: FileDataset = field(init=False)
    low: int = 0
    high: int = 0
    padding: tuple[int, int] | None = None
    stages: list[Stage] = field(default_factory=list)
    inverse: bool = False

    def grey(self, stored: int) -> int:
        """What it looks like."""
        if self.padding and self.padding[0] <= stored <= self.padding[1]:
            return 0
        level = Fraction(stored)
        for stage in self.stages:
            level = stage(level)
        grey = reference.rounded(level)
        return 255 - grey if self.inverse else grey


def image(seed: int) -> Drawn:
    made = Drawn(random.Random(seed))  # noqa: S311 - no secret
    _pixels(made)
    ends = _modality(made)
    _interest(made, *ends)
    _presentation(made)
    _padding(made)
    return made


def _pixels(made: Drawn) -> None:
    chance = made.chance
    bits = chance.choice([2, 5, 8, 9, 10, 12, 13, 14, 16, 16])
    signed = chance.random() < 0.4
    allocated = 8 if bits <= 8 and chance.random() < 0.7 else 16
    made.low = -(1 << (bits - 1)) if signed else 0
    made.high = made.low + (1 << bits) - 1
    kind = np.dtype(f"{'i' if signed else 'u'}{allocated // 8}")
    values = [chance.randint(made.low, made.high) for _ in range(12 * 15)]
    values[:2] = made.low, made.high
    made.ds = grey_image(
        np.array(values, kind).reshape(12, 15),
        stored=bits,
        photometric=chance.choice(["MONOCHROME1", "MONOCHROME2", "MONOCHROME2"]),
        syntax=chance.choice(SYNTAXES),
    )
    made.inverse = made.ds.PhotometricInterpretation == "MONOCHROME1"


def _modality(made: Drawn) -> tuple[Fraction, Fraction]:
    """The first stage; returns the ends of its values."""
    chance = made.chance
    kind = chance.choice(["none", "whole", "part", "table"])
    if kind == "table" and made.high - made.low <= 1 << 14:
        first = chance.randint(made.low, made.high)
        entries = [chance.randrange(1 << 12) for _ in range(chance.randint(2, 300))]
        made.ds.ModalityLUTSequence = _table(made, entries, first, 16)
        made.ds.ModalityLUTSequence[0].ModalityLUTType = "US"
        made.stages.append(lambda x: Fraction(reference.entry_of(x, first, entries)))
        return Fraction(0), Fraction(4095)
    if kind == "none":
        return Fraction(made.low), Fraction(made.high)
    slope = chance.choice(["1", "2", "-3"] if kind == "whole" else ["0.5", "-0.125"])
    intercept = chance.choice(["0", "-1024", "100"] if kind == "whole" else ["0.25"])
    made.ds.RescaleSlope, made.ds.RescaleIntercept = slope, intercept
    times, plus = Fraction(slope), Fraction(intercept)
    made.stages.append(lambda x: times * x + plus)
    ends = sorted([times * made.low + plus, times * made.high + plus])
    return ends[0], ends[1]


def _table(made: Drawn, entries: Entries, first: int, bits: int) -> Sequence:
    """A sequence with this table, in numbers or in words of little endian files."""
    little = made.ds.file_meta.TransferSyntaxUID.is_little_endian
    vr = made.chance.choice(["OW", "US"]) if little else "US"
    return sequence(lut_item(entries, first, bits, vr=vr))


def _interest(made: Drawn, low: Fraction, high: Fraction) -> None:
    chance = made.chance
    middle = int(low + (high - low) * Fraction(chance.randint(0, 8), 8))
    width = max(int((high - low) * Fraction(chance.randint(1, 12), 8)), 2)
    kind = chance.choice(["LINEAR", "LINEAR_EXACT", "SIGMOID", "table", ""])
    if kind == "table":
        bits = chance.choice([8, 10, 12, 16])
        first = max(min(middle, 32767), -32768 if low < 0 else 0)
        entries = [chance.randrange(1 << bits) for _ in range(chance.randint(2, 400))]
        made.ds.VOILUTSequence = _table(made, entries, first, bits)
        made.stages.append(lambda x: reference.through_voi_lut(x, first, entries, bits))
        return
    made.ds.WindowCenter, made.ds.WindowWidth = str(middle), str(width)
    if kind:
        made.ds.VOILUTFunction = kind
    made.stages.append(_window(kind, Fraction(middle), Fraction(width)))


def _window(kind: str, center: Fraction, width: Fraction) -> Stage:
    if kind == "SIGMOID":

        def sigmoid(x: Fraction) -> Fraction:
            power = float(-4 * (x - center) / width)
            return Fraction(255 / (1 + math.exp(power)) if power < 700 else 0)

        return sigmoid
    if kind == "LINEAR_EXACT":

        def exact(x: Fraction) -> Fraction:
            level = ((x - center) / width + Fraction(1, 2)) * 255
            return min(max(level, Fraction(0)), Fraction(255))

        return exact
    return lambda x: reference.linear(x, center, width)


def _presentation(made: Drawn) -> None:
    """A presentation LUT gives P-values: nothing is inverted after it."""
    chance = made.chance
    kind = chance.choice(["none", "none", "INVERSE", "IDENTITY", "table"])
    if kind == "table":
        bits = chance.choice([8, 12])
        entries = [chance.randrange(1 << bits) for _ in range(chance.randint(2, 300))]
        made.ds.PresentationLUTSequence = _table(made, entries, 0, bits)
        made.stages.append(
            lambda y: reference.through_presentation_lut(y, entries, bits)
        )
        made.inverse = False
    elif kind == "INVERSE":
        made.ds.PresentationLUTShape = kind
        made.inverse = True
    elif kind == "IDENTITY" and not made.inverse:
        made.ds.PresentationLUTShape = kind


def _padding(made: Drawn) -> None:
    chance = made.chance
    if chance.random() < 0.5:
        return
    vr = "SS" if made.low < 0 else "US"
    first = chance.choice([made.low, made.high, chance.randint(made.low, made.high)])
    last = first
    made.ds.add_new(0x00280120, vr, first)
    if chance.random() < 0.6:
        last = chance.randint(made.low, made.high)
        made.ds.add_new(0x00280121, vr, last)
    made.padding = (min(first, last), max(first, last))


@pytest.mark.parametrize("seed", range(SEEDS))
def test_every_pixel_is_what_the_standard_makes_of_it(
    seed: int, tmp_path: Path
) -> None:
    made = image(seed)
    path = saved(made.ds, tmp_path)
    stored = made.ds.pixel_array.ravel().tolist()
    assert shown(path).ravel().tolist() == [made.grey(value) for value in stored]


def test_the_lot_has_drawn_every_stage() -> None:
    drawn = [image(seed).ds for seed in range(SEEDS)]
    for keyword in (
        "ModalityLUTSequence",
        "RescaleSlope",
        "VOILUTSequence",
        "PresentationLUTSequence",
        "PixelPaddingRangeLimit",
    ):
        assert sum(keyword in ds for ds in drawn) >= 10
    functions = [ds.get("VOILUTFunction", "") for ds in drawn]
    assert {"LINEAR", "LINEAR_EXACT", "SIGMOID", ""} <= set(functions)
    both = [ds for ds in drawn if ds.PhotometricInterpretation == "MONOCHROME1"]
    assert any(ds.get("PresentationLUTShape") == "INVERSE" for ds in both)
