"""What is wrong with a file but can be read all the same is read, and named."""

import zlib
from datetime import date, time
from pathlib import Path

import pytest

from tests.dicom.written_files import (
    BIG,
    DEFLATED,
    EXPLICIT,
    IMPLICIT,
    UNDEFINED,
    Value,
    element,
    image_elements,
    image_file,
    item,
    meta,
    sequence_end,
    written,
)
from viewer.core.errors import NotDicomError, UnreadableError
from viewer.core.image import Image
from viewer.core.records import FileRecord
from viewer.dicom.read import read_file

Extra = list[tuple[int, str, Value]]
JPEG = "1.2.840.10008.1.2.4.50"


def image_of(record: FileRecord) -> Image:
    """The image, which must be there."""
    assert record.instance.image is not None
    return record.instance.image


def read(path: Path, content: bytes) -> FileRecord:
    return read_file(written(path / "file.dcm", content))


def test_a_sound_file_is_read_without_a_word(tmp_path: Path) -> None:
    record = read_file(image_file(tmp_path))
    pixels = image_of(record).pixels
    assert record.tolerated == ()
    assert (pixels.rows, pixels.columns, pixels.frames) == (2, 2, 1)
    assert record.study.study_uid == "2.25.1"
    assert record.instance.transfer_syntax_uid == EXPLICIT


@pytest.mark.parametrize(
    ("declared", "implicit", "order", "really"),
    [
        (EXPLICIT, True, "<", IMPLICIT),
        (IMPLICIT, False, "<", EXPLICIT),
        (BIG, False, "<", EXPLICIT),
        (EXPLICIT, False, ">", BIG),
        (BIG, True, "<", IMPLICIT),
    ],
)
def test_a_transfer_syntax_that_lies_is_not_believed(
    tmp_path: Path, *, declared: str, implicit: bool, order: str, really: str
) -> None:
    data_set = image_elements(implicit=implicit, order=order)
    record = read(tmp_path, meta(declared) + data_set)
    assert record.instance.transfer_syntax_uid == really
    assert record.tolerated == ("not encoded as its transfer syntax says",)
    assert image_of(record).pixels.columns == 2


@pytest.mark.parametrize(
    ("implicit", "order"), [(True, "<"), (False, "<"), (False, ">")]
)
def test_a_bare_data_set_is_read(tmp_path: Path, *, implicit: bool, order: str) -> None:
    record = read(tmp_path, image_elements(implicit=implicit, order=order))
    assert image_of(record).pixels.rows == 2
    assert record.tolerated == (
        "no preamble",
        "no file meta information",
        "no transfer syntax",
    )


def test_a_file_without_its_preamble_is_read(tmp_path: Path) -> None:
    record = read(tmp_path, (meta() + image_elements())[128:])
    assert record.tolerated == ("no preamble",)


def test_file_meta_without_a_transfer_syntax_is_read(tmp_path: Path) -> None:
    record = read(tmp_path, meta("") + image_elements(implicit=True))
    assert record.instance.transfer_syntax_uid == IMPLICIT
    assert record.tolerated == ("no transfer syntax",)


def test_a_deflated_data_set_is_read_and_says_why_it_has_no_offsets(
    tmp_path: Path,
) -> None:
    squeeze = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    deflated = squeeze.compress(image_elements()) + squeeze.flush()
    image = image_of(read(tmp_path, meta(DEFLATED) + deflated))
    assert not image.index.fragments
    assert "deflated" in image.index.reason


@pytest.mark.parametrize(
    "extra",
    [
        [(0x00280010, "UL", 2)],
        [(0x00280010, "IS", "2")],
        [(0x00280010, "US", (2, 9))],
        [(0x00280010, "UN", b"\2\0")],
        [(0x00280008, "IS", "1.0")],
        [(0x00280008, "LO", " 1\0")],
        [(0x00280008, "IS", "")],
        [(0x00280103, "US", b"")],
    ],
)
def test_a_number_is_read_whatever_its_representation(
    tmp_path: Path, extra: Extra
) -> None:
    pixels = image_of(read_file(image_file(tmp_path, extra))).pixels
    assert (pixels.rows, pixels.frames, pixels.signed) == (2, 1, False)


@pytest.mark.parametrize(
    ("extra", "tolerated"),
    [
        ([(0x00200013, "IS", "seven")], "a number that cannot be read"),
        ([(0x00200013, "IS", "1_0")], "a number that cannot be read"),
        ([(0x00200013, "DS", "1.5")], "a number that cannot be read"),
        ([(0x00180050, "DS", "nan")], "a number that cannot be read"),
        ([(0x00080020, "DA", "20231131")], "a date or time that cannot be read"),
        ([(0x00080030, "TM", "2561")], "a date or time that cannot be read"),
        ([(0x00081030, "LO", "a\\b")], "several values where one is expected"),
        ([(0x00280008, "IS", "-3")], "an impossible number of frames"),
        ([(0x00280008, "IS", "5")], "fewer frames than stated"),
        ([(0x00280101, "US", 99)], "more bits stored than allocated"),
        ([(0x00280102, "US", 3)], "a high bit that does not fit"),
        ([(0x00280004, "CS", "")], "no photometric interpretation"),
        ([(0x00281053, "DS", "0")], "a rescale slope of zero"),
        ([(0x00280030, "DS", "1\\-1")], "a pixel spacing that cannot be right"),
        ([(0x00280034, "IS", "0\\1")], "a pixel aspect ratio that cannot be right"),
        ([(0x00100010, "UT", "A" * 10_241)], "a text longer than any may be"),
    ],
)
def test_what_was_tolerated_is_named_without_the_value(
    tmp_path: Path, extra: Extra, tolerated: str
) -> None:
    assert read_file(image_file(tmp_path, extra)).tolerated == (tolerated,)


@pytest.mark.parametrize(
    ("raw", "day"),
    [("20040119", date(2004, 1, 19)), ("2004.01.19", date(2004, 1, 19)), ("", None)],
)
def test_dates_are_read_old_and_new(tmp_path: Path, raw: str, day: date | None) -> None:
    assert (
        read_file(image_file(tmp_path, [(0x00080020, "DA", raw)])).study.study_date
        == day
    )


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        ("07", time(7)),
        ("0727", time(7, 27)),
        ("072730.5", time(7, 27, 30, 500000)),
        ("07:27:30", time(7, 27, 30)),
        ("235960", time(23, 59, 59)),
    ],
)
def test_times_are_read_as_far_as_they_go(tmp_path: Path, raw: str, at: time) -> None:
    record = read_file(image_file(tmp_path, [(0x00080030, "TM", raw)]))
    assert record.study.study_time == at


def test_more_pixels_than_needed_do_no_harm(tmp_path: Path) -> None:
    record = read_file(image_file(tmp_path, pixels=bytes(24)))
    assert record.tolerated == ("more pixel data than the image needs",)
    assert image_of(record).pixels.frames == 1


def test_uncompressed_pixels_under_a_compressed_syntax_are_seen_for_what_they_are(
    tmp_path: Path,
) -> None:
    record = read(tmp_path, meta(JPEG) + image_elements())
    assert image_of(record).pixels.transfer_syntax_uid == EXPLICIT
    assert record.tolerated == ("pixels not compressed as the transfer syntax says",)


@pytest.mark.parametrize("tail", [bytes(64), b"\1\2\3", b"\xff" * 40, b"garbage" * 9])
def test_bytes_behind_the_image_are_left_alone(tmp_path: Path, tail: bytes) -> None:
    record = read(tmp_path, meta() + image_elements() + tail)
    assert image_of(record).index.fragments
    assert record.tolerated == ("bytes after the end of the data set",)


def test_an_implicit_attribute_among_explicit_ones_is_read(tmp_path: Path) -> None:
    strange = element(0x00100010, "PN", "Nobody", implicit=True)
    whole = image_elements()
    cut = whole.index(element(0x0020000D, "UI", "2.25.1"))
    record = read(tmp_path, meta() + whole[:cut] + strange + whole[cut:])
    assert record.patient.name == "Nobody"
    assert record.tolerated == ("implicit attributes in an explicit data set",)


@pytest.mark.parametrize("open_item", [True, False])
@pytest.mark.parametrize("implicit", [True, False])
def test_a_sequence_is_followed_however_its_end_is_marked(
    tmp_path: Path, *, open_item: bool, implicit: bool
) -> None:
    meaning = element(0x00080104, "LO", "Report", implicit=implicit)
    content = item(meaning, open_end=open_item) + sequence_end()
    concept = element(0x0040A043, "SQ", content, implicit=implicit, length=UNDEFINED)
    data_set = image_elements(pixels=None, implicit=implicit) + concept
    syntax = IMPLICIT if implicit else EXPLICIT
    record = read(tmp_path, meta(syntax) + data_set)
    assert record.instance.title == "Report"
    assert record.instance.image is None
    assert not record.tolerated


def test_a_sequence_of_unknown_representation_is_implicit_inside(
    tmp_path: Path,
) -> None:
    content = item(element(0x00080104, "LO", "Report", implicit=True))
    concept = element(0x0040A043, "UN", content)
    record = read(tmp_path, meta() + image_elements(pixels=None) + concept)
    assert record.instance.title == "Report"


def test_an_image_without_uids_still_opens(tmp_path: Path) -> None:
    nameless: Extra = [(tag, "UI", "") for tag in (0x00080018, 0x0020000D, 0x0020000E)]
    record = read_file(image_file(tmp_path, nameless))
    assert not record.instance.sop_instance_uid
    assert not record.study.study_uid
    assert image_of(record).pixels.rows == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"Dear colleague, this patient", "This is not a DICOM file."),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "This is a PNG picture, not a DICOM file."),
        (b"PK\3\4" + bytes(200), "This is a ZIP archive, not a DICOM file."),
        (bytes(500), "This is not a DICOM file."),
    ],
)
def test_other_files_are_called_what_they_are(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    with pytest.raises(NotDicomError) as raised:
        read(tmp_path, content)
    assert raised.value.message == sentence


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (bytes(128) + b"DICM", "The file begins as DICOM but holds no attributes."),
        (meta(), "The file ends before its data set."),
        (
            (meta() + image_elements())[:-3],
            "The file ends in the middle of its pixel data.",
        ),
        (
            (meta() + image_elements(pixels=None))[:-1],
            "The file ends in the middle of its data set.",
        ),
        (
            meta() + image_elements(pixels=bytes(6)),
            "The pixel data is too short for an image of the size stated.",
        ),
        (
            meta() + b"\x08\0\x05\0" + b"\xff" * 60,
            "The data set cannot be read in any known encoding.",
        ),
    ],
)
def test_damaged_files_are_refused_with_a_reason(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    with pytest.raises(UnreadableError) as raised:
        read(tmp_path, content)
    assert raised.value.message == sentence


def test_a_file_cut_anywhere_is_never_taken_for_a_whole_one(tmp_path: Path) -> None:
    whole = meta() + image_elements()
    for length in range(len(whole) - 1):
        try:
            record = read(tmp_path, whole[:length])
        except (NotDicomError, UnreadableError):
            continue
        # Between two attributes there is nothing to see but that pixels are missing.
        assert record.instance.image is None


def test_compressed_pixels_cut_in_a_fragment_are_refused(tmp_path: Path) -> None:
    frame = item(b"") + item(b"\xff\xd8\xff" + bytes(61))
    pixels = element(0x7FE00010, "OB", frame, length=UNDEFINED)
    whole = meta(JPEG) + image_elements(pixels=None) + pixels
    assert read(tmp_path, whole).tolerated == ("pixel data without its end",)
    with pytest.raises(UnreadableError, match="in the middle of its pixel data"):
        read(tmp_path, whole[:-4])


def test_a_text_of_megabytes_is_cut_to_what_can_be_sorted_and_shown(
    tmp_path: Path,
) -> None:
    record = read_file(image_file(tmp_path, [(0x00100010, "UT", "A^" * (1 << 20))]))
    assert record.patient.name == "A^" * 5_120


def test_terms_by_the_thousand_are_cut_to_what_can_be_read(tmp_path: Path) -> None:
    terms = "\\".join(["SE", "IR"] * 50_000)
    record = read_file(
        image_file(tmp_path, [(0x00080008, "UT", terms), (0x00180020, "UT", terms)])
    )
    assert len(record.instance.image_type) == 32
    assert len(record.instance.technique.sequence) < 100
