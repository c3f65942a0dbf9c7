"""DICOM files written byte by byte, as wrong as a test wants them."""

import struct
from collections.abc import Iterable
from pathlib import Path

EXPLICIT, IMPLICIT = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2"
BIG, DEFLATED = "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99"
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
UNDEFINED = 0xFFFFFFFF
_LONG = {"OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"}
_FORMATS = {"US": "H", "SS": "h", "UL": "L", "SL": "l", "FL": "f", "FD": "d"}

Value = str | bytes | float | tuple[float, ...]


def element(  # noqa: PLR0913 - what an attribute consists of
    tag: int,
    vr: str,
    value: Value = b"",
    *,
    implicit: bool = False,
    order: str = "<",
    length: int | None = None,
) -> bytes:
    """One attribute; `length` is what it claims, whatever it has."""
    raw = _bytes(vr, value, order)
    stated = len(raw) if length is None else length
    head = struct.pack(order + "HH", tag >> 16, tag & 0xFFFF)
    if implicit:
        return head + struct.pack(order + "L", stated) + raw
    if vr in _LONG:
        return head + vr.encode() + b"\0\0" + struct.pack(order + "L", stated) + raw
    return head + vr.encode() + struct.pack(order + "H", stated) + raw


def item(content: bytes, *, order: str = "<", open_end: bool = False) -> bytes:
    """One item of a sequence."""
    length = UNDEFINED if open_end else len(content)
    head = struct.pack(order + "HHL", 0xFFFE, 0xE000, length)
    end = struct.pack(order + "HHL", 0xFFFE, 0xE00D, 0) if open_end else b""
    return head + content + end


def sequence_end(order: str = "<") -> bytes:
    """The delimiter of a sequence or of encapsulated pixels."""
    return struct.pack(order + "HHL", 0xFFFE, 0xE0DD, 0)


def meta(transfer_syntax: str = EXPLICIT, sop_class: str = SECONDARY_CAPTURE) -> bytes:
    """Preamble and file meta information."""
    elements = element(0x00020002, "UI", sop_class) + element(
        0x00020003, "UI", "2.25.3"
    )
    if transfer_syntax:
        elements += element(0x00020010, "UI", transfer_syntax)
    return bytes(128) + b"DICM" + elements


def image_elements(
    extra: Iterable[tuple[int, str, Value]] = (),
    pixels: bytes | None = bytes(8),
    *,
    implicit: bool = False,
    order: str = "<",
) -> bytes:
    """The attributes of a 2 × 2 image of 16 bits; `extra` replaces or adds some."""
    stated: dict[int, tuple[str, Value]] = {
        0x00080016: ("UI", SECONDARY_CAPTURE),
        0x00080018: ("UI", "2.25.3"),
        0x00080060: ("CS", "OT"),
        0x0020000D: ("UI", "2.25.1"),
        0x0020000E: ("UI", "2.25.2"),
        0x00280002: ("US", 1),
        0x00280004: ("CS", "MONOCHROME2"),
        0x00280010: ("US", 2),
        0x00280011: ("US", 2),
        0x00280100: ("US", 16),
        0x00280101: ("US", 16),
        0x00280102: ("US", 15),
        0x00280103: ("US", 0),
    }
    stated.update({tag: (vr, value) for tag, vr, value in extra})
    if pixels is not None:
        stated[0x7FE00010] = ("OW", pixels)
    return b"".join(
        element(tag, vr, value, implicit=implicit, order=order)
        for tag, (vr, value) in sorted(stated.items())
    )


def image_file(
    path: Path,
    extra: Iterable[tuple[int, str, Value]] = (),
    pixels: bytes | None = bytes(8),
) -> Path:
    """A whole file of such an image."""
    return written(path / "image.dcm", meta() + image_elements(extra, pixels))


def written(path: Path, content: bytes) -> Path:
    """`content` in a file."""
    path.write_bytes(content)
    return path


def _bytes(vr: str, value: Value, order: str) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        raw = value.encode()
        pad = b"\0" if vr == "UI" else b" "
        return raw + pad * (len(raw) % 2)
    values = value if isinstance(value, tuple) else (value,)
    form = _FORMATS[vr]
    kept = [v if form in "fd" else int(v) for v in values]
    return struct.pack(f"{order}{len(kept)}{form}", *kept)
