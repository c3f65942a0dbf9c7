"""Canaries within code streams, where no codec looks and no viewer shows them."""

import struct
from functools import cache

import imagecodecs
import numpy as np

from tests.canaries.cage import SIDE, encapsulated, file, image, merged
from tests.canaries.planting import Planting
from tests.canaries.tree import Leaf

JPEG_BASELINE = "1.2.840.10008.1.2.4.50"
JPEG_LOSSLESS = "1.2.840.10008.1.2.4.70"
JPEG_LS = "1.2.840.10008.1.2.4.80"
JPEG_2000 = "1.2.840.10008.1.2.4.90"
HTJ2K = "1.2.840.10008.1.2.4.201"
RLE = "1.2.840.10008.1.2.5"

_EIGHT_BITS = (
    Leaf(0x00280100, "US", 8),
    Leaf(0x00280101, "US", 8),
    Leaf(0x00280102, "US", 7),
    Leaf(0x00282110, "CS", "01"),
)


@cache
def slice_pixels() -> np.ndarray[tuple[int, ...], np.dtype[np.uint16]]:
    """A gradient of 12 bits."""
    side = np.arange(SIDE, dtype=np.uint16)
    return side[:, None] * np.uint16(61) + side * np.uint16(67)


def plant_streams(planting: Planting) -> None:
    """One file a coding, with texts wherever its streams have room for them."""
    pixels = slice_pixels()
    jpeg = imagecodecs.jpeg8_encode(
        pixels, lossless=True, predictor=1, bitspersample=12
    )
    lossy = imagecodecs.jpeg8_encode((pixels >> 4).astype(np.uint8), level=95)
    _jpeg(planting, "JPEG Lossless", JPEG_LOSSLESS, bytes(jpeg))
    _jpeg(planting, "JPEG Baseline", JPEG_BASELINE, bytes(lossy))
    near = imagecodecs.jpegls_encode(pixels)
    _jpeg(planting, "JPEG-LS", JPEG_LS, bytes(near))
    wavelet = imagecodecs.jpeg2k_encode(
        pixels, codecformat="J2K", reversible=True, bitspersample=12
    )
    _j2k(planting, "JPEG 2000", JPEG_2000, bytes(wavelet))
    fast = imagecodecs.htj2k_encode(pixels, reversible=True)
    _j2k(planting, "HTJ2K", HTJ2K, bytes(fast))
    boxed = imagecodecs.jpeg2k_encode(
        pixels, codecformat="JP2", reversible=True, bitspersample=12
    )
    _boxes(planting, bytes(boxed))
    _rle(planting)
    _between(planting, bytes(jpeg))


def _jpeg(planting: Planting, name: str, syntax: str, code: bytes) -> None:
    def text(place: str) -> bytes:
        return planting.text("bit stream", f"{name}: {place}").encode()

    def segment(marker: int, content: bytes) -> bytes:
        return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content

    exif = b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0" + text("EXIF")
    front = (
        segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0" + text("behind JFIF"))
        + segment(0xE1, exif)
        + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + text("XMP"))
        + segment(0xE2, b"ICC_PROFILE\0\1\1" + text("a profile"))
        + segment(0xED, b"Photoshop 3.0\0" + text("IPTC"))
        + segment(0xEF, text("APP15"))
        + segment(0xFE, text("comment"))
    )
    scan = code.rindex(b"\xff\xda")
    late = segment(0xFE, text("comment before the scan"))
    spoiled = code[:2] + front + code[2:scan] + late + code[scan:]
    spoiled += text("after the end of the image")
    more = _EIGHT_BITS if syntax == JPEG_BASELINE else ()
    leaves = syntax != JPEG_BASELINE  # eight bits with loss: somebody must look
    nodes = merged(image(30), more, [encapsulated([spoiled])])
    planting.file(
        f"streams/{name}.dcm".replace(" ", "-"), file(nodes, syntax), leaves=leaves
    )


def _j2k(planting: Planting, name: str, syntax: str, code: bytes) -> None:
    def comment(place: str, kind: int = 1) -> bytes:
        found = planting.text("bit stream", f"{name}: {place}").encode()
        return struct.pack(">HHH", 0xFF64, len(found) + 4, kind) + found

    tile = code.index(b"\xff\x90")
    start = code.index(b"\xff\x93", tile)
    late = comment("comment of the tile")
    (length,) = struct.unpack_from(">L", code, tile + 6)
    head = bytearray(code[tile:start])
    struct.pack_into(">L", head, 6, length + len(late) if length else 0)
    front = comment("comment") + comment("binary comment", kind=0)
    behind = planting.text("bit stream", f"{name}: after the end").encode()
    spoiled = code[:tile] + front + bytes(head) + late + code[start:] + behind
    nodes = merged(image(31), [encapsulated([spoiled])])
    planting.file(f"streams/{name}.dcm".replace(" ", "-"), file(nodes, syntax))


def _boxes(planting: Planting, code: bytes) -> None:
    """JPEG 2000 with the boxes of a file around it, which DICOM does not allow."""

    def box(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">L4s", len(content) + 8, kind) + content

    def text(place: str) -> bytes:
        return planting.text("bit stream", f"JP2: {place}").encode()

    xml = box(b"xml ", b"<patient>" + text("XML box") + b"</patient>")
    unique = box(b"uuid", bytes(range(16)) + text("UUID box"))
    stream = code.index(b"jp2c") - 4
    spoiled = code[:stream] + xml + unique + code[stream:]
    nodes = merged(image(32), [encapsulated([spoiled])])
    planting.file("streams/boxes.dcm", file(nodes, JPEG_2000), leaves=None)


def _rle(planting: Planting) -> None:
    def text(place: str) -> bytes:
        return planting.text("bit stream", f"RLE: {place}").encode()

    plane = bytes(SIDE * SIDE)
    packed = b"".join(b"\x81" + plane[:1] for _ in range(SIDE * SIDE // 128))
    gap = text("between two segments")
    first, second = 64, 64 + len(packed) + len(gap)
    header = struct.pack("<16L", 2, first, second, *([0] * 13))
    frame = header + packed + gap + packed + text("after the last segment")
    nodes = merged(image(33), [encapsulated([frame])])
    planting.file("streams/RLE.dcm", file(nodes, RLE), leaves=None)
    unused = bytearray(frame)
    unused[40:52] = text("in unused offsets")
    nodes = merged(image(35), [encapsulated([bytes(unused)])])
    planting.file("streams/RLE-offsets.dcm", file(nodes, RLE), leaves=None)


def _between(planting: Planting, code: bytes) -> None:
    """Texts in the offset table, and in fragments that no frame needs."""
    table = planting.text("bit stream", "the offset table").encode()
    extra = planting.text("bit stream", "a fragment after the last frame").encode()
    pixels = encapsulated([code, extra], table=table)
    planting.file(
        "streams/between.dcm", file(merged(image(34), [pixels]), JPEG_LOSSLESS)
    )
