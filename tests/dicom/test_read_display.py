"""What a file says of its greys is understood as the standard means it."""

import struct
from pathlib import Path

import pytest

from tests.dicom.written_files import Value, element, image_file, item
from viewer.core.grayscale import (
    GrayscaleDisplay,
    LookupTable,
    Padding,
    Rescale,
    Window,
    WindowFunction,
)
from viewer.core.records import FileRecord
from viewer.dicom.read import read_file

Extra = list[tuple[int, str, Value]]
CENTER, WIDTH, NAMES, FUNCTION = 0x00281050, 0x00281051, 0x00281055, 0x00281056
SIGNED: tuple[int, str, Value] = (0x00280103, "US", 1)
LINEAR, EXACT = WindowFunction.LINEAR, WindowFunction.LINEAR_EXACT


def display_of(record: FileRecord) -> GrayscaleDisplay:
    assert record.instance.image is not None
    return record.instance.image.display(1)


def display(path: Path, extra: Extra) -> GrayscaleDisplay:
    return display_of(read_file(image_file(path, extra)))


def table(
    descriptor: tuple[int, int, int],
    raw: bytes,
    *,
    vr: str = "US",
    explanation: tuple[int, str] = (0x00283003, "bone"),
) -> bytes:
    """An item of a Modality or VOI LUT Sequence."""
    form = "<HHH" if vr == "US" else "<HhH"
    return item(
        element(0x00283002, vr, struct.pack(form, *descriptor))
        + element(explanation[0], "LO", explanation[1])
        + element(0x00283006, "OW", raw)
    )


def test_a_plain_image_has_nothing_special(tmp_path: Path) -> None:
    assert display(tmp_path, []) == GrayscaleDisplay()


def test_several_windows_keep_their_order_and_names(tmp_path: Path) -> None:
    extra: Extra = [
        (CENTER, "DS", "40\\-600\\300"),
        (WIDTH, "DS", "400\\1500\\1500 "),
        (NAMES, "LO", "soft\\lung\\bone"),
        (FUNCTION, "CS", "SIGMOID"),
    ]
    sigmoid = WindowFunction.SIGMOID
    assert display(tmp_path, extra).windows == (
        Window(40, 400, sigmoid, "soft"),
        Window(-600, 1500, sigmoid, "lung"),
        Window(300, 1500, sigmoid, "bone"),
    )


@pytest.mark.parametrize(
    ("centers", "widths", "names", "windows"),
    [
        ("40", "400", "", [Window(40, 400)]),
        ("40\\50", "400", "a", [Window(40, 400, LINEAR, "a")]),
        ("40\\\\60", "400\\300\\200", "a\\b\\c", [
            Window(40, 400, LINEAR, "a"), Window(60, 200, LINEAR, "c"),
        ]),
        ("40", "0", "", []),
        ("40", "-5", "", []),
        ("x", "400", "", []),
        ("0.5", "0.25", "", [Window(0.5, 0.25, EXACT)]),
        ("40\\40", "400\\400", "", [Window(40, 400)]),
    ],
)  # fmt: skip
def test_windows_that_are_none_are_left_out(
    tmp_path: Path, centers: str, widths: str, names: str, windows: list[Window]
) -> None:
    extra: Extra = [
        (CENTER, "DS", centers),
        (WIDTH, "DS", widths),
        (NAMES, "LO", names),
    ]
    assert display(tmp_path, extra).windows == tuple(windows)


def test_an_unknown_function_is_read_as_linear_and_named(tmp_path: Path) -> None:
    extra: Extra = [
        (CENTER, "DS", "1"),
        (WIDTH, "DS", "9"),
        (FUNCTION, "CS", "CUBIC"),
    ]
    record = read_file(image_file(tmp_path, extra))
    assert display_of(record).windows == (Window(1, 9),)
    assert record.tolerated == ("an unknown VOI LUT function",)


@pytest.mark.parametrize(
    ("extra", "rescale"),
    [
        ([(0x00281052, "DS", "-1024"), (0x00281053, "DS", "2")], Rescale(2, -1024)),
        ([(0x00281052, "DS", "7")], Rescale(1, 7)),
        ([(0x00281053, "DS", "-0.5")], Rescale(-0.5, 0)),
        (
            [(0x00281053, "DS", "2"), (0x00281054, "LO", "OD")],
            Rescale(2, 0, "OD"),
        ),
        ([(0x00541001, "CS", "BQML")], Rescale(1, 0, "BQML")),
        (
            [(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2"), (0x00281053, "DS", "1")],
            Rescale(1, 0, "HU"),
        ),
        (
            [
                (0x00080008, "CS", "ORIGINAL\\PRIMARY\\LOCALIZER"),
                (0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2"),
                (0x00281053, "DS", "1"),
            ],
            Rescale(1, 0, ""),
        ),
    ],
)
def test_rescale_is_read_with_its_unit(
    tmp_path: Path, extra: Extra, rescale: Rescale
) -> None:
    assert display(tmp_path, extra).rescale == rescale


@pytest.mark.parametrize(
    ("photometric", "shape", "inverse"),
    [
        ("MONOCHROME2", "", False),
        ("MONOCHROME2", "IDENTITY", False),
        ("MONOCHROME2", "INVERSE", True),
        ("MONOCHROME1", "", True),
        ("MONOCHROME1", "INVERSE", True),
        ("MONOCHROME1", "IDENTITY", True),
    ],
)
def test_there_is_never_more_than_one_inversion(
    tmp_path: Path, *, photometric: str, shape: str, inverse: bool
) -> None:
    extra: Extra = [(0x00280004, "CS", photometric), (0x20500020, "CS", shape)]
    assert display(tmp_path, extra).inverse is inverse


@pytest.mark.parametrize(
    ("extra", "padding"),
    [
        ([(0x00280120, "US", 63536)], Padding(63536, 63536)),
        ([SIGNED, (0x00280120, "SS", -2000)], Padding(-2000, -2000)),
        ([SIGNED, (0x00280120, "US", 63536)], Padding(-2000, -2000)),
        (
            [SIGNED, (0x00280120, "SS", -1), (0x00280121, "SS", -2000)],
            Padding(-2000, -1),
        ),
    ],
)
def test_padding_has_the_sign_of_the_pixels(
    tmp_path: Path, extra: Extra, padding: Padding
) -> None:
    assert display(tmp_path, extra).padding == padding


@pytest.mark.parametrize(
    ("descriptor", "raw", "entries"),
    [
        ((3, 5, 16), struct.pack("<3H", 1, 2, 65535), (1, 2, 65535)),
        ((3, 5, 12), struct.pack("<3H", 1, 2, 4095), (1, 2, 4095)),
        ((3, 5, 8), b"\1\2\3\0", (1, 2, 3)),  # packed two to a word
        ((4, 5, 8), struct.pack("<4H", 1, 2, 3, 255), (1, 2, 3, 255)),
        ((0, 0, 16), bytes(131072), (0,) * 65536),
    ],
)
def test_a_voi_lut_is_read_in_every_width(
    tmp_path: Path,
    descriptor: tuple[int, int, int],
    raw: bytes,
    entries: tuple[int, ...],
) -> None:
    (lut,) = display(tmp_path, [(0x00283010, "SQ", table(descriptor, raw))]).voi_luts
    assert (lut.first_mapped, lut.bits, lut.explanation) == (*descriptor[1:], "bone")
    assert tuple(lut.values.tolist()) == entries


def test_several_voi_luts_keep_their_order(tmp_path: Path) -> None:
    items = b"".join(
        table((1, 0, 16), b"\1\0", explanation=(0x00283003, name))
        for name in ("a", "b")
    )
    found = display(tmp_path, [(0x00283010, "SQ", items)]).voi_luts
    assert [lut.explanation for lut in found] == ["a", "b"]


@pytest.mark.parametrize(
    ("extra", "first"),
    [
        ([], 0xFC00),
        ([SIGNED], -1024),
        ([(0x00281052, "DS", "-1024")], -1024),
    ],
)
def test_the_first_value_mapped_is_signed_where_the_input_can_be_negative(
    tmp_path: Path, extra: Extra, first: int
) -> None:
    lut = table((2, 0xFC00, 16), b"\1\0\2\0")
    (found,) = display(tmp_path, [*extra, (0x00283010, "SQ", lut)]).voi_luts
    assert found.first_mapped == first


def test_after_a_modality_lut_a_voi_lut_has_no_negative_input(tmp_path: Path) -> None:
    modality = table((2, -3, 16), b"\1\0\2\0", vr="SS", explanation=(0x00283004, "OD"))
    voi = table((2, 0xFC00, 16), b"\1\0\2\0")
    found = display(
        tmp_path, [SIGNED, (0x00283000, "SQ", modality), (0x00283010, "SQ", voi)]
    )
    assert found.modality_lut == LookupTable(-3, 16, b"\1\0\2\0", "OD")
    assert found.voi_luts[0].first_mapped == 0xFC00


@pytest.mark.parametrize(
    ("descriptor", "raw"), [((9, 0, 16), b"\1\0"), ((1, 0, 40), b"\1\0")]
)
def test_a_broken_table_is_left_out_and_named(
    tmp_path: Path, descriptor: tuple[int, int, int], raw: bytes
) -> None:
    extra: Extra = [(0x00283010, "SQ", table(descriptor, raw))]
    record = read_file(image_file(tmp_path, extra))
    assert display_of(record).voi_luts == ()
    assert record.tolerated == ("a lookup table that cannot be read",)
