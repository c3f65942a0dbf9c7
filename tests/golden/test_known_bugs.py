"""Wrong greys and colours that other viewers have shown, each as a picture of ours."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import FileDataset
from typing_extensions import override

from tests.golden import reference
from tests.golden.phantoms import grey_image, lut_item, saved, sequence, shown

RAMP = np.arange(4096, dtype=np.uint16).reshape(64, 64)
SQUARES = [round(4095 * (i / 4095) ** 2) for i in range(4096)]
Level = Callable[[int], Fraction]


def line(center: str, width: str, slope: str = "1", intercept: str = "0") -> Level:
    def level(stored: int) -> Fraction:
        value = Fraction(slope) * stored + Fraction(intercept)
        return reference.linear(value, Fraction(center), Fraction(width))

    return level


def table(entries: list[int], first: int, bits: int) -> Level:
    return lambda x: reference.through_voi_lut(x, first, entries, bits)


@dataclass(frozen=True)
class Bug:
    """What was reported where, the image that shows it, and what it must look like."""

    reported: str
    build: Callable[[], FileDataset]
    level: Level
    inverse: bool = False

    @override
    def __str__(self) -> str:
        return self.reported


def image(  # noqa: PLR0913 - what a display consists of
    center: str = "",
    width: str = "",
    *,
    photometric: str = "MONOCHROME2",
    slope: str = "",
    intercept: str = "0",
    shape: str = "",
) -> FileDataset:
    ds = grey_image(RAMP, stored=12, photometric=photometric)
    if center:
        ds.WindowCenter, ds.WindowWidth = center, width
    if slope:
        ds.RescaleSlope, ds.RescaleIntercept = slope, intercept
    if shape:
        ds.PresentationLUTShape = shape
    return ds


def with_lut(
    entries: list[int], first: int, bits: int, *, vr: str = "OW"
) -> FileDataset:
    ds = image()
    ds.VOILUTSequence = sequence(lut_item(entries, first, bits, vr=vr))
    return ds


FOURTEEN = [min(4 * n, 16383) for n in range(16384)]
BUGS = [
    Bug(
        "OHIF 818 - a VOI LUT of 4096 entries in US is not applied",
        lambda: with_lut(SQUARES, 0, 16, vr="US"),
        table(SQUARES, 0, 16),
    ),
    Bug(
        "cornerstone3D 938 - a VOI LUT of 16384 entries of 14 bits in OW",
        lambda: with_lut(FOURTEEN, 0, 14),
        table(FOURTEEN, 0, 14),
    ),
    Bug(
        "cornerstone3D 2215 - MONOCHROME1 is inverted before its window",
        lambda: image("3000", "500", photometric="MONOCHROME1"),
        line("3000", "500"),
        inverse=True,
    ),
    Bug(
        "Weasis 372 - MONOCHROME1 and INVERSE are one inversion",
        lambda: image("2048", "4096", photometric="MONOCHROME1", shape="INVERSE"),
        line("2048", "4096"),
        inverse=True,
    ),
    Bug(
        "OHIF 127 - a negative slope loses its sign",
        lambda: image("-15000", "30000", slope="-10", intercept="3000"),
        line("-15000", "30000", "-10", "3000"),
    ),
    Bug(
        "cornerstone3D 1925 - a slope below one becomes zero",
        lambda: image("20", "41", slope="0.01"),
        line("20", "41", "0.01"),
    ),
    Bug(
        "cornerstone3D 2733 - a window of width one, and of centre zero",
        lambda: image("0.5", "1"),
        line("0.5", "1"),
    ),
    Bug(
        "cornerstone3D 2856 - a window with the centre 0 counts as none",
        lambda: image("0", "400", slope="1", intercept="-1024"),
        line("0", "400", "1", "-1024"),
    ),
    Bug(
        "Weasis 373 - a VOI LUT that reaches beyond the data",
        lambda: with_lut(list(range(65536)), 0, 16),
        table(list(range(65536)), 0, 16),
    ),
    Bug(
        "one of ours - a VOI LUT that begins below all data",
        lambda: with_lut([16 * n for n in range(4096)], -1000, 16),
        table([16 * n for n in range(4096)], -1000, 16),
    ),
    Bug(
        "Weasis 52 - the window is given in rescaled values",
        lambda: image("1000", "300", slope="2", intercept="-500"),
        line("1000", "300", "2", "-500"),
    ),
    Bug(
        "dcm4che 1513 - centre 0 and width 1 in MONOCHROME1 is all black",
        lambda: image("0", "1", photometric="MONOCHROME1"),
        line("0", "1"),
        inverse=True,
    ),
]


@pytest.mark.parametrize("bug", BUGS, ids=str)
def test_what_others_showed_wrong_is_right(bug: Bug, tmp_path: Path) -> None:
    greys = [reference.rounded(bug.level(int(stored))) for stored in RAMP.ravel()]
    wanted = [255 - grey if bug.inverse else grey for grey in greys]
    assert shown(saved(bug.build(), tmp_path)).ravel().tolist() == wanted


def test_cornerstone3d_2367_extremes_do_not_bend_the_edge_between_them(
    tmp_path: Path,
) -> None:
    """Interpolated before the window: the edge lies where the values cross it."""
    from viewer.services.rendering import Wish  # noqa: PLC0415 - for this one alone

    values = np.repeat(np.array([[-1000, 1000]], np.int16), 2, axis=0)
    ds = grey_image(values)
    ds.WindowCenter, ds.WindowWidth = "50", "100"
    picture = shown(saved(ds, tmp_path), Wish(size=(200, 200)))
    # Between the centres of two pixels of 100 the value rises by 20 a device pixel.
    between = [-1000 + 20 * (Fraction(2 * x + 1, 2) - 50) for x in range(50, 150)]
    greys = [
        reference.rounded(reference.linear(v, Fraction(50), Fraction(100)))
        for v in between
    ]
    assert np.abs(picture[100, 50:150].astype(int) - greys).max() <= 3
    assert set(picture[100, :95].tolist()) == {0}
    assert set(picture[100, 110:].tolist()) == {255}
