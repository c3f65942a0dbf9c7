"""Palettes of every spelling, of all pixels or of some."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from pydicom.dataset import Dataset, FileDataset

from tests.golden import reference
from tests.golden.phantoms import SYNTAXES, grey_image, image_of, saved, shown
from viewer.services.rendering import Wish

Tables = list[list[int]]
INDICES = np.arange(256, dtype=np.uint8).reshape(16, 16)
WIDE = np.arange(0, 65536, 64, dtype=np.uint16).reshape(32, 32)


def tables(count: int, bits: int) -> Tables:
    rng = np.random.default_rng(count + bits)
    return [rng.integers(0, 2**bits, count).tolist() for _ in range(3)]


def add_palette(
    ds: FileDataset, channels: Tables, first: int, bits: int, *, packed: bool = False
) -> None:
    length = len(channels[0])
    count = 0 if length == 1 << 16 else length
    for number, entries in enumerate(channels):
        signed = first < 0
        stated = count - (1 << 16) if signed and count > 0x7FFF else count
        vr = "SS" if signed else "US"
        ds.add_new(0x00281101 + number, vr, [stated, first, bits])
        raw = np.array(entries, "u1" if packed else "<u2").tobytes()
        ds.add_new(0x00281201 + number, "OW", raw + bytes(len(raw) % 2))


def colors_of(
    indices: npt.NDArray[np.integer], channels: Tables, first: int, bits: int
) -> list[list[int]]:
    return [
        list(reference.palette_color(int(i), first, channels, bits))
        for i in indices.ravel()
    ]


@pytest.mark.parametrize(
    ("indices", "count", "first", "bits", "packed"),
    [
        (INDICES, 256, 0, 8, True),
        (INDICES, 256, 0, 8, False),
        (INDICES, 256, 0, 16, False),
        (INDICES, 100, 0, 16, False),
        (INDICES, 100, 50, 16, False),
        (INDICES, 101, 50, 8, True),
        (INDICES, 7, 3, 12, False),
        (INDICES, 1, 0, 16, False),
        (INDICES, 1 << 16, 0, 16, False),
        (WIDE, 1 << 16, 0, 16, False),
        (WIDE, 1 << 16, 0, 8, True),
        (WIDE, 4096, 30000, 16, False),
        (WIDE, 1024, 64000, 10, False),
        (WIDE.view(np.int16), 1 << 16, -32768, 16, False),
        (WIDE.view(np.int16), 300, -100, 16, False),
        (INDICES.view(np.int8), 256, -128, 8, True),
    ],
)
def test_an_index_shows_its_entry(  # noqa: PLR0913, PLR0917 - columns of the table
    indices: npt.NDArray[np.integer],
    count: int,
    first: int,
    bits: int,
    packed: bool,  # noqa: FBT001 - as above
    tmp_path: Path,
) -> None:
    channels = tables(count, bits)
    channels[0][-1] = 2**bits - 1  # so that no table looks narrower than it is
    ds = grey_image(indices, photometric="PALETTE COLOR")
    add_palette(ds, channels, first, bits, packed=packed)
    picture = shown(saved(ds, tmp_path)).reshape(-1, 3)
    assert picture.tolist() == colors_of(indices, channels, first, bits)


SEGMENTS = {
    "discrete": ([0, 4, 10, 20, 30, 40], [10, 20, 30, 40]),
    "linear": ([0, 1, 100, 1, 4, 500], [100, 200, 300, 400, 500]),
    "falling": ([0, 1, 500, 1, 4, 100], [500, 400, 300, 200, 100]),
    "both": ([0, 2, 5, 7, 1, 3, 10, 0, 1, 99], [5, 7, 8, 9, 10, 99]),
    "indirect": (
        [0, 2, 50, 60, 1, 2, 80, 2, 2, 0, 0],
        [50, 60, 70, 80, 50, 60, 70, 80],
    ),
}


@pytest.mark.parametrize("syntax", [0, 2])
@pytest.mark.parametrize("name", SEGMENTS)
def test_segments_are_spread_out(name: str, syntax: int, tmp_path: Path) -> None:
    words, entries = SEGMENTS[name]
    scale = 64  # so that the upper eight bits tell them apart
    order = "<u2" if SYNTAXES[syntax].is_little_endian else ">u2"
    opcodes = _opcode_places(words)
    scaled = [w if place in opcodes else w * scale for place, w in enumerate(words)]
    ds = grey_image(INDICES, photometric="PALETTE COLOR", syntax=SYNTAXES[syntax])
    for number in range(3):
        ds.add_new(0x00281101 + number, "US", [len(entries), 0, 16])
        raw = np.array(scaled, order).tobytes()
        ds.add_new(0x00281221 + number, "OW", raw)
    channels = [[entry * scale for entry in entries]] * 3
    picture = shown(saved(ds, tmp_path)).reshape(-1, 3)
    assert picture.tolist() == colors_of(INDICES, channels, 0, 16)


def _opcode_places(words: list[int]) -> set[int]:
    """Which words are no colours: opcodes, lengths and where to go back to."""
    places, position = set(), 0
    while position < len(words):
        opcode, length = words[position : position + 2]
        places |= {position, position + 1}
        position += 2
        if opcode == 2:
            places |= {position, position + 1}
        position += {0: length, 1: 1, 2: 2}[opcode]
    return places


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize("first", [200, 100, 1, 0, 255])
def test_supplemental_colours_stand_beside_greys(
    first: int, photometric: str, tmp_path: Path
) -> None:
    ds = grey_image(INDICES, photometric=photometric)
    channels = tables(40, 16)
    channels[0][-1] = 0xFFFF
    add_palette(ds, channels, first, 16)
    ds.PixelPresentation = "COLOR"
    ds.WindowCenter, ds.WindowWidth = "60", "120"
    expected = []
    for value in INDICES.ravel().tolist():
        grey = reference.rounded(reference.linear(value, Fraction(60), Fraction(120)))
        if photometric == "MONOCHROME1":
            grey = 255 - grey
        colour = reference.palette_color(value, first, channels, 16)
        expected.append(list(colour if value >= first else (grey, grey, grey)))
    path = saved(ds, tmp_path)
    assert shown(path).reshape(-1, 3).tolist() == expected
    twice = shown(path, Wish(size=(32, 32)))
    assert np.array_equal(twice[::2, ::2], shown(path))
    assert np.array_equal(twice[1::2, 1::2], shown(path))


def test_a_palette_beside_grey_pixels_waits_to_be_asked_for(tmp_path: Path) -> None:
    ds = grey_image(INDICES)
    add_palette(ds, tables(40, 16), 200, 16)
    ds.PixelPresentation = "MONOCHROME"
    path = saved(ds, tmp_path)
    assert shown(path).ndim == 2
    assert image_of(path).palette is None


def test_each_frame_says_whether_it_is_coloured(tmp_path: Path) -> None:
    ds = grey_image(np.stack([INDICES, INDICES]), frames=2)
    add_palette(ds, tables(40, 16), 200, 16)
    ds.PixelPresentation = "MIXED"
    frames = []
    for presentation in ("MONOCHROME", "COLOR"):
        frame, kind = Dataset(), Dataset()
        kind.PixelPresentation = presentation
        frame.CTImageFrameTypeSequence = [kind]
        frames.append(frame)
    ds.PerFrameFunctionalGroupsSequence = frames
    path = saved(ds, tmp_path)
    assert shown(path, number=1).ndim == 2
    assert shown(path, number=2).ndim == 3
