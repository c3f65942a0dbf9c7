"""Overlay planes: white where their bit is set, wherever it is kept."""

import struct
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from pydicom.dataset import FileDataset
from pydicom.encaps import encapsulate
from pydicom.uid import RLELossless

from tests.golden import reference
from tests.golden.phantoms import (
    SYNTAXES,
    colour_image,
    grey_image,
    image_of,
    saved,
    shown,
)
from viewer.services.rendering import Wish

SIDE = 16
VALUES = np.arange(SIDE * SIDE, dtype=np.uint16).reshape(SIDE, SIDE)
Bits = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Plane:
    """One plane with bits of its own; origin as the file has it, from 1."""

    rows: int = SIDE
    columns: int = SIDE
    origin: tuple[int, int] = (1, 1)
    group: int = 0x6000
    frames: int = 1
    seed: int = 0

    @property
    def bits(self) -> Bits:
        """``(frames, rows, columns)``."""
        rng = np.random.default_rng(self.seed)
        return rng.integers(0, 2, (self.frames, self.rows, self.columns), np.uint8)


def add_plane(
    ds: FileDataset, plane: Plane, *, syntax: int = 0, vr: str = "OW"
) -> None:
    base = plane.group << 16
    ds.add_new(base | 0x0010, "US", plane.rows)
    ds.add_new(base | 0x0011, "US", plane.columns)
    ds.add_new(base | 0x0040, "CS", "G")
    ds.add_new(base | 0x0050, "SS", list(plane.origin))
    ds.add_new(base | 0x0100, "US", 1)
    ds.add_new(base | 0x0102, "US", 0)
    raw = np.packbits(plane.bits.ravel(), bitorder="little")
    raw = np.append(raw, np.zeros(len(raw) % 2, np.uint8))
    if vr == "OW" and not SYNTAXES[syntax].is_little_endian:
        raw = raw.view(np.uint16).byteswap().view(np.uint8)
    ds.add_new(base | 0x3000, vr, raw.tobytes())


def greys() -> list[int]:
    center, width = Fraction(128), Fraction(256)
    return [
        reference.rounded(reference.linear(int(v), center, width))
        for v in VALUES.ravel()
    ]


def windowed(ds: FileDataset) -> FileDataset:
    ds.WindowCenter, ds.WindowWidth = "128", "256"
    return ds


def marked(planes: list[Plane], frame: int = 0) -> set[tuple[int, int]]:
    """Pixels, ``(row, column)`` from 0, on which a bit of some plane lies."""
    found = set()
    for plane in planes:
        for row, column in np.argwhere(plane.bits[frame]).tolist():
            place = row + plane.origin[0] - 1, column + plane.origin[1] - 1
            if 0 <= place[0] < SIDE and 0 <= place[1] < SIDE:
                found.add(place)
    return found


def expected(planes: list[Plane], frame: int = 0) -> list[int]:
    white = marked(planes, frame)
    return [
        255 if divmod(place, SIDE) in white else grey
        for place, grey in enumerate(greys())
    ]


PLANES = [
    [Plane()],
    [Plane(7, 9, (1, 1))],
    [Plane(7, 9, (3, 5))],
    [Plane(7, 9, (12, 11))],
    [Plane(30, 40, (1, 1))],
    [Plane(30, 40, (-5, -7))],
    [Plane(5, 5, (0, 0))],
    [Plane(5, 5, (40, 40))],
    [Plane(5, 5, (-40, 1))],
    [Plane(1, 1, (16, 16), seed=3)],
    [Plane(seed=1), Plane(5, 6, (2, 2), 0x6002, seed=2)],
    [Plane(3, 3, (n + 1, n + 1), 0x6000 + 2 * n, seed=n) for n in range(16)],
]


@pytest.mark.parametrize("vr", ["OW", "OB"])
@pytest.mark.parametrize("planes", PLANES, ids=range(len(PLANES)))
def test_a_plane_lies_at_its_origin(
    planes: list[Plane], vr: str, tmp_path: Path
) -> None:
    for syntax in range(3) if vr == "OW" else (0,):
        ds = windowed(grey_image(VALUES, syntax=SYNTAXES[syntax]))
        for plane in planes:
            add_plane(ds, plane, syntax=syntax, vr=vr)
        path = saved(ds, tmp_path)
        assert shown(path).ravel().tolist() == expected(planes)
        assert shown(path, Wish(overlays=False)).ravel().tolist() == greys()


@pytest.mark.parametrize("bit", [8, 9, 12, 15])
@pytest.mark.parametrize("compressed", [False, True])
def test_a_plane_may_hide_in_the_pixels(
    bit: int, *, compressed: bool, tmp_path: Path
) -> None:
    plane = Plane(seed=bit)
    noise = np.random.default_rng(1).integers(0, 256, VALUES.shape, np.uint16) << 8
    around = (VALUES | noise) & ~np.uint16(1 << bit)
    drawn = plane.bits[0].astype(np.uint16) << bit
    cells = (around | drawn).astype(np.uint16)
    ds = windowed(grey_image(cells, stored=8))
    for tag, vr, value in (
        (0x10, "US", SIDE),
        (0x11, "US", SIDE),
        (0x50, "SS", [1, 1]),
    ):
        ds.add_new(0x60000000 | tag, vr, value)
    ds.add_new(0x60000100, "US", 16)
    ds.add_new(0x60000102, "US", bit)
    if compressed:
        ds.PixelData = encapsulate([run_lengths(cells)])
        ds["PixelData"].is_undefined_length = True
        ds.file_meta.TransferSyntaxUID = RLELossless
    path = saved(ds, tmp_path)
    assert shown(path).ravel().tolist() == expected([plane])


def run_lengths(cells: npt.NDArray[np.uint16]) -> bytes:
    """PS3.5 Annex G by hand: pydicom drops the bits above the samples first."""
    segments = []
    for plane in (cells >> 8, cells & 0xFF):
        rows = (row.tobytes() for row in plane.astype(np.uint8))
        # A literal run for each row: its length less one, and the bytes.
        segment = b"".join(bytes([SIDE - 1]) + row for row in rows)
        segments.append(segment + bytes(len(segment) % 2))
    offsets = [2, 64, 64 + len(segments[0]), *[0] * 13]
    return struct.pack("<16L", *offsets) + b"".join(segments)


def test_a_description_without_bits_draws_nothing(tmp_path: Path) -> None:
    ds = windowed(grey_image(VALUES))
    for tag, vr, value in ((0x10, "US", SIDE), (0x11, "US", SIDE), (0x102, "US", 3)):
        ds.add_new(0x60000000 | tag, vr, value)
    path = saved(ds, tmp_path)
    assert image_of(path).overlays == ()
    assert shown(path).ravel().tolist() == greys()


@pytest.mark.parametrize(
    ("frames", "origin", "drawn"),
    [
        (None, None, {1: 0, 2: 0, 3: 0}),  # one plane for all frames
        (3, None, {1: 0, 2: 1, 3: 2}),
        (2, 2, {2: 0, 3: 1}),
        (1, 3, {3: 0}),
        (2, 1, {1: 0, 2: 1}),
    ],
)
def test_frames_of_a_plane_lie_on_theirs(
    frames: int | None, origin: int | None, drawn: dict[int, int], tmp_path: Path
) -> None:
    plane = Plane(5, 7, (2, 3), frames=frames or 1, seed=9)
    ds = windowed(grey_image(np.stack([VALUES] * 3), frames=3))
    add_plane(ds, plane)
    if frames is not None:
        ds.add_new(0x60000015, "IS", frames)
    if origin is not None:
        ds.add_new(0x60000051, "US", origin)
    path = saved(ds, tmp_path)
    for number in (1, 2, 3):
        frame = drawn.get(number)
        wanted = greys() if frame is None else expected([plane], frame)
        assert shown(path, number=number).ravel().tolist() == wanted


def test_a_plane_is_white_on_colours_too(tmp_path: Path) -> None:
    rgb = np.random.default_rng(2).integers(0, 255, (SIDE, SIDE, 3), np.uint8)
    plane = Plane(seed=4)
    ds = colour_image(rgb.tobytes(), (SIDE, SIDE), "RGB")
    add_plane(ds, plane)
    wanted = np.where(plane.bits[0][..., None] == 1, 255, rgb)
    assert np.array_equal(shown(saved(ds, tmp_path)), wanted)


def test_a_plane_stays_white_on_an_inverted_picture(tmp_path: Path) -> None:
    plane = Plane(seed=5)
    ds = windowed(grey_image(VALUES, photometric="MONOCHROME1"))
    add_plane(ds, plane)
    white = marked([plane])
    wanted = [
        255 if divmod(place, SIDE) in white else 255 - grey
        for place, grey in enumerate(greys())
    ]
    assert shown(saved(ds, tmp_path)).ravel().tolist() == wanted


@pytest.mark.parametrize("size", [(32, 32), (48, 48), (37, 37), (80, 80)])
def test_a_larger_plane_keeps_to_the_pixels_under_it(
    size: tuple[int, int], tmp_path: Path
) -> None:
    plane = Plane(seed=6)
    ds = windowed(grey_image(np.zeros_like(VALUES)))
    add_plane(ds, plane)
    picture = shown(saved(ds, tmp_path), Wish(size=size))
    side = size[0]
    for y in range(side):
        for x in range(side):
            row, column = (int(Fraction(2 * n + 1, 2) * SIDE / side) for n in (y, x))
            assert (picture[y, x] == 255) == bool(plane.bits[0, row, column])


def test_a_thin_line_is_not_lost_where_the_picture_shrinks(tmp_path: Path) -> None:
    ds = windowed(grey_image(np.zeros((64, 64), np.uint16)))
    line = np.zeros((64, 64), np.uint8)
    line[13] = 1
    ds.add_new(0x60000010, "US", 64)
    ds.add_new(0x60000011, "US", 64)
    ds.add_new(0x60003000, "OW", np.packbits(line, bitorder="little").tobytes())
    picture = shown(saved(ds, tmp_path), Wish(size=(16, 16)))
    assert (picture[3] == 64).all()  # a quarter of four rows, 255 / 4
    assert not np.delete(picture, 3, axis=0).any()


def test_a_plane_that_holds_too_little_is_refused_and_said(tmp_path: Path) -> None:
    ds = windowed(grey_image(VALUES))
    add_plane(ds, Plane())
    ds[0x60003000].value = bytes(10)
    path = saved(ds, tmp_path)
    assert image_of(path).overlays[0].reason
    assert shown(path).ravel().tolist() == greys()
