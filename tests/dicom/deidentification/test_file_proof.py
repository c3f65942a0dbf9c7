"""A file of an export is read again, and whatever is wrong with it is told."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import imagecodecs
import pytest

from tests.canaries.cage import encapsulated
from tests.canaries.streams import JPEG_LOSSLESS, slice_pixels
from tests.canaries.tree import Branch, Leaf
from tests.dicom.deidentification.spoiling import (
    EVERY_WAY,
    KEY,
    anonymous,
    overwrite,
    put_in,
    source,
)
from viewer.core.deidentification import Option
from viewer.core.errors import UnreadableError
from viewer.core.proof import Fault, Finding
from viewer.core.telltale import Kind
from viewer.dicom.deidentification import survivors
from viewer.dicom.deidentification.file_proof import prove, values_of
from viewer.dicom.deidentification.survivors import Sought, sought

_LABEL = 0x00080100


def _findings(source_file: Path, written: Path, *options: Option) -> list[Finding]:
    chosen = frozenset(options)
    told = values_of(source_file, chosen)
    values = sought(told.gone - told.kept, chosen)
    return list(prove(written, values, KEY, chosen).findings)


def _faults(source_file: Path, written: Path) -> set[Fault]:
    return {finding.fault for finding in _findings(source_file, written)}


@pytest.mark.parametrize("syntax", EVERY_WAY)
@pytest.mark.parametrize("options", [(), tuple(Option)[:1], (Option.RETAIN_UIDS,)])
def test_nothing_is_wrong_with_what_the_program_wrote(
    tmp_path: Path, syntax: str, options: tuple[Option, ...]
) -> None:
    path = source(tmp_path, syntax=syntax)

    assert not _findings(path, anonymous(path, *options), *options)


def test_what_an_option_retains_is_not_sought(tmp_path: Path) -> None:
    path = source(tmp_path)
    options = (Option.RETAIN_FULL_DATES, Option.RETAIN_INSTITUTION_IDENTITY)

    written = anonymous(path, *options)

    assert b"Klinikum" in written.read_bytes()
    assert not _findings(path, written, *options)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("seen by MULLER", None),
        ("mueller-luedenscheidt", Kind.NAME),
        ("patient Anna, bed 4", Kind.NAME),
        ("for dr. li wei", Kind.NAME),
        ("born 17.08.1961", Kind.DATE),
        ("born Aug 17, 1961", Kind.DATE),
        ("on 3/4/2019", Kind.DATE),
        ("see acc-4711-99", Kind.NUMBER),
        ("pid 104233", Kind.NUMBER),
        ("call +49 89 123456", Kind.NUMBER),
        ("KLINIKUM AM RANDE", Kind.PLACE),
        ("is 山田", Kind.NAME),
        ("1.2.826.0.1.3680043.10.55.7.3", Kind.UID),
    ],
)
def test_a_value_of_the_source_is_found_in_a_text(
    tmp_path: Path, text: str, kind: Kind | None
) -> None:
    path = source(tmp_path)
    written = anonymous(path)

    put_in(written, Leaf(_LABEL, "SH", text.encode()))

    found = {f.kind for f in _findings(path, written) if f.fault is Fault.SURVIVOR}
    assert found >= ({kind} if kind else {Kind.NAME})


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be", "latin_1"])
def test_a_name_is_found_among_the_pixels(tmp_path: Path, codec: str) -> None:
    path = source(tmp_path)
    written = anonymous(path)

    overwrite(written, -400, "lüdenscheidt".encode(codec))

    found = [f for f in _findings(path, written) if f.fault is Fault.SURVIVOR]
    assert found
    assert all(finding.place.startswith("byte ") for finding in found)


def test_no_finding_holds_a_value_but_equal_ones_are_told(tmp_path: Path) -> None:
    path = source(tmp_path)
    written = anonymous(path)
    put_in(written, Leaf(0x00080104, "LO", "LÜDENSCHEIDT"))
    overwrite(written, -400, "LÜDENSCHEIDT".encode())

    found = [f for f in _findings(path, written) if f.fault is Fault.SURVIVOR]

    told = repr(found).casefold()
    assert not any(part in told for part in ("denscheidt", "müller", "muller"))
    assert len({finding.mark for finding in found}) < len(found)


def _private(path: Path) -> None:
    put_in(path, Leaf(0x00110010, "LO", "SOMEBODY"))


def _unknown(path: Path) -> None:
    put_in(path, Leaf(0x00201999, "LO", "text"))


def _removed(path: Path) -> None:
    put_in(path, Leaf(0x00104000, "LT", "text"))


def _nested(path: Path) -> None:
    code = (Leaf(0x00080090, "PN", "Some^Body"),)
    put_in(path, Branch(0x00089215, ((Branch(0x00080121, (code,)),),)))


def _original_uid(path: Path) -> None:
    put_in(path, Leaf(0x00200052, "UI", "1.2.3.4.5.6.7"))


def _wrong_form(path: Path) -> None:
    put_in(path, Leaf(0x00180060, "DS", "Some^Body"))


def _curve(path: Path) -> None:
    put_in(path, Leaf(0x50003000, "OW", bytes(8)))


def _preamble(path: Path) -> None:
    overwrite(path, 3, b"x")


def _tail(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"tail")


def _padding(path: Path) -> None:
    put_in(path, Leaf(0xFFFCFFFC, "OB", b"tail"))


def _spare_bits(path: Path) -> None:
    overwrite(path, -2, struct.pack("<H", 0x8000))


def _no_marker(path: Path) -> None:
    put_in(path, Leaf(0x00120062, "CS", "NO"))


def _false_code(path: Path) -> None:
    code = (Leaf(0x00080100, "SH", "113110"),)
    put_in(path, Branch(0x00120064, (code,)))


def _false_dates(path: Path) -> None:
    put_in(path, Leaf(0x00280303, "CS", "UNMODIFIED"))


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (_private, Fault.PRIVATE),
        (_unknown, Fault.UNKNOWN),
        (_removed, Fault.RULE),
        (_nested, Fault.RULE),
        (_original_uid, Fault.RULE),
        (_wrong_form, Fault.FORM),
        (_curve, Fault.RULE),
        (_preamble, Fault.WRAPPING),
        (_tail, Fault.WRAPPING),
        (_padding, Fault.RULE),
        (_spare_bits, Fault.SPARE_BITS),
        (_no_marker, Fault.MARKER),
        (_false_code, Fault.MARKER),
        (_false_dates, Fault.MARKER),
    ],
)
def test_what_breaks_a_rule_is_found_without_a_source(
    tmp_path: Path, spoil: Callable[[Path], None], fault: Fault
) -> None:
    written = anonymous(source(tmp_path))
    spoil(written)

    nothing = Sought(frozenset(), frozenset())
    found = prove(written, nothing, KEY, frozenset()).findings

    assert fault in {finding.fault for finding in found}


def test_a_comment_in_a_code_stream_is_found(tmp_path: Path) -> None:
    code = bytes(
        imagecodecs.jpeg8_encode(
            slice_pixels(), lossless=True, predictor=1, bitspersample=12
        )
    )
    path = source(tmp_path, encapsulated([code]), syntax=JPEG_LOSSLESS)
    written = anonymous(path)
    assert not _findings(path, written)
    comment = code[:2] + b"\xff\xfe\0\x08secret" + code[2:]

    content, pixels = written.read_bytes(), encapsulated([comment]).value
    assert isinstance(pixels, bytes)
    start = content.index(b"\xe0\x7f\x10\0OB") + 12
    written.write_bytes(content[:start] + pixels)

    assert Fault.STREAM in _faults(path, written)


def test_a_large_file_is_searched_to_its_last_byte_in_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(survivors, "_PIECE", 64)
    path = source(tmp_path)
    written = anonymous(path)
    size = written.stat().st_size
    name = "lüdenscheidt".encode()

    for place in range(size - 400, size - len(name), 31):
        overwrite(written, place, name)
        found = [f for f in _findings(path, written) if f.fault is Fault.SURVIVOR]
        assert f"byte {place}" in {finding.place for finding in found}
        overwrite(written, place, bytes(len(name)))


def test_an_empty_file_is_not_proven(tmp_path: Path) -> None:
    empty = tmp_path / "empty.dcm"
    empty.touch()

    with pytest.raises(UnreadableError, match="empty"):
        prove(empty, Sought(frozenset(), frozenset()), KEY, None)


def test_a_name_packed_in_a_document_is_found(tmp_path: Path) -> None:
    path = source(tmp_path)
    written = anonymous(path)
    page = zlib.compress("BT (Anna Müller-Lüdenscheidt) Tj ET".encode("latin_1"))
    pdf = b"%PDF-1.7\n4 0 obj << /Filter /FlateDecode >>\nstream\r\n" + page

    put_in(written, Leaf(0x00420011, "OB", pdf + b"\nendstream" + bytes(len(pdf) % 2)))

    found = [f for f in _findings(path, written) if f.fault is Fault.SURVIVOR]
    assert {f.place for f in found} == {"within the document"}
    assert {f.kind for f in found} == {Kind.NAME}
