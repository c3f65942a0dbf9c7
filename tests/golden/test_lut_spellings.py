"""Tables whose attributes are not what the standard's dictionary says."""

import struct
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset

from tests.golden import reference
from tests.golden.phantoms import grey_image, image_of, saved, sequence, shown

RAMP = np.arange(1024, dtype=np.uint16).reshape(32, 32)
ENTRIES = [(7 * n) % 4096 for n in range(1000)]
WORDS = np.array(ENTRIES, "<u2").tobytes()
DESCRIPTOR = struct.pack("<3H", 1000, 10, 12)


def greys(
    entries: list[int], first: int, bits: int, values: np.ndarray = RAMP
) -> list[int]:
    return [
        reference.rounded(reference.through_voi_lut(int(x), first, entries, bits))
        for x in values.ravel()
    ]


def lut(descriptor_vr: str, descriptor: object, vr: str, data: object) -> Dataset:
    item = Dataset()
    item.add_new(0x00283002, descriptor_vr, descriptor)
    item.add_new(0x00283006, vr, data)
    return item


@pytest.mark.parametrize("vr", ["OW", "OB", "UN"])
@pytest.mark.parametrize(
    ("descriptor_vr", "descriptor"),
    [
        ("US", [1000, 10, 12]),
        ("SS", [1000, 10, 12]),
        ("UN", DESCRIPTOR),
        ("OW", DESCRIPTOR),
        ("OB", DESCRIPTOR),
    ],
)
def test_a_table_is_read_whatever_it_calls_itself(
    descriptor_vr: str, descriptor: object, vr: str, tmp_path: Path
) -> None:
    ds = grey_image(RAMP)
    ds.VOILUTSequence = sequence(lut(descriptor_vr, descriptor, vr, WORDS))
    assert shown(saved(ds, tmp_path)).ravel().tolist() == greys(ENTRIES, 10, 12)


@pytest.mark.parametrize("vr", ["US", "SS"])
def test_entries_are_never_negative(vr: str, tmp_path: Path) -> None:
    entries = [(65 * n) % 65536 for n in range(1000)]
    written = [e - 65536 if vr == "SS" and e > 32767 else e for e in entries]
    ds = grey_image(RAMP)
    ds.VOILUTSequence = sequence(lut("US", [1000, 0, 16], vr, written))
    assert shown(saved(ds, tmp_path)).ravel().tolist() == greys(entries, 0, 16)


@pytest.mark.parametrize("vr", ["US", "SS"])
def test_the_first_value_has_the_sign_of_what_goes_in(vr: str, tmp_path: Path) -> None:
    values = RAMP.astype(np.int16) - 500
    first = -300 if vr == "SS" else 65536 - 300
    ds = grey_image(values)
    ds.VOILUTSequence = sequence(lut(vr, [1000, first, 12], "OW", WORDS))
    expected = greys(ENTRIES, -300, 12, values)
    assert shown(saved(ds, tmp_path)).ravel().tolist() == expected


@pytest.mark.parametrize("slope", ["1", "2"])
def test_a_negative_intercept_makes_the_first_value_signed(
    slope: str, tmp_path: Path
) -> None:
    ds = grey_image(RAMP, stored=10)
    ds.RescaleSlope, ds.RescaleIntercept = slope, "-1000"
    ds.VOILUTSequence = sequence(lut("US", [1000, 65536 - 900, 12], "OW", WORDS))
    modality = RAMP.astype(int) * int(slope) - 1000
    expected = greys(ENTRIES, -900, 12, modality)
    assert shown(saved(ds, tmp_path)).ravel().tolist() == expected


def test_a_first_value_beyond_the_half_stays_positive(tmp_path: Path) -> None:
    values = RAMP + np.uint16(40000)
    ds = grey_image(values)
    ds.VOILUTSequence = sequence(lut("SS", [1000, 40100 - 65536, 12], "OW", WORDS))
    expected = greys(ENTRIES, 40100, 12, values)
    assert shown(saved(ds, tmp_path)).ravel().tolist() == expected


@pytest.mark.parametrize("vr", ["OB", "OW", "UN"])
@pytest.mark.parametrize("count", [256, 255])
def test_entries_of_eight_bits_may_share_words(
    vr: str, count: int, tmp_path: Path
) -> None:
    entries = [(n * 37) % 256 for n in range(count)]
    raw = bytes(entries) + bytes(count % 2)
    ds = grey_image(RAMP)
    ds.VOILUTSequence = sequence(lut("US", [count, 100, 8], vr, raw))
    assert shown(saved(ds, tmp_path)).ravel().tolist() == greys(entries, 100, 8)


def test_more_bits_than_stated_are_believed(tmp_path: Path) -> None:
    ds = grey_image(RAMP)
    ds.VOILUTSequence = sequence(lut("US", [1000, 10, 8], "OW", WORDS))
    assert shown(saved(ds, tmp_path)).ravel().tolist() == greys(ENTRIES, 10, 12)


@pytest.mark.parametrize(
    "item",
    [
        lut("US", [1000, 0, 12], "OW", WORDS[:600]),
        lut("US", [1000, 0], "OW", WORDS),
        lut("US", [1000, 0, 0], "OW", WORDS),
        lut("US", [1000, 0, 17], "OW", WORDS),
        lut("US", [1000, 0, 12], "OW", b""),
    ],
    ids=["short", "two numbers", "no bits", "17 bits", "empty"],
)
def test_a_table_that_lies_gives_way_to_the_window(
    item: Dataset, tmp_path: Path
) -> None:
    ds = grey_image(RAMP)
    ds.VOILUTSequence = sequence(item)
    ds.WindowCenter, ds.WindowWidth = "512", "1024"
    path = saved(ds, tmp_path)
    assert image_of(path).displays[0].voi_luts == ()
    assert shown(path)[0, 0] == 0
    assert shown(path)[-1, -1] == 255


def test_windows_and_tables_are_offered_under_their_own_names(tmp_path: Path) -> None:
    ds = grey_image(RAMP)
    ds.WindowCenter, ds.WindowWidth = ["40", "-600", "300"], ["400", "1500", "1500"]
    ds.WindowCenterWidthExplanation = ["SOFT", "LUNG", "BONE"]
    tables = [lut("US", [1000, 10, 12], "OW", WORDS) for _ in range(2)]
    for table, name in zip(tables, ("NORMAL", "HARDER"), strict=True):
        table.LUTExplanation = name
    ds.VOILUTSequence = sequence(*tables)
    display = image_of(saved(ds, tmp_path)).displays[0]
    names = [window.explanation for window in display.windows]
    assert names == ["SOFT", "LUNG", "BONE"]
    assert [table.explanation for table in display.voi_luts] == ["NORMAL", "HARDER"]
    assert [(w.center, w.width) for w in display.windows] == [
        (40, 400),
        (-600, 1500),
        (300, 1500),
    ]
