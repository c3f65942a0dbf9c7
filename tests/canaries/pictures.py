"""Canaries in what lies on pictures: overlays, curves, icons, profiles, spare bits."""

import numpy as np

from tests.canaries.cage import SIDE, file, image, merged
from tests.canaries.planting import Fate, Planting
from tests.canaries.tree import Branch, Leaf, Node
from tests.dicom.written_files import BIG, EXPLICIT, IMPLICIT
from viewer.core.deidentification import Option

_DRAWN = Fate(
    maybe_by=frozenset({Option.CLEAN_GRAPHICS}),
    reason="bits of a plane cannot be told from what was drawn",
)


def plant_pictures(planting: Planting) -> None:
    """Each once in every plain encoding."""
    for number, syntax in enumerate((EXPLICIT, IMPLICIT, BIG)):
        nodes = merged(
            image(40 + number),
            _overlays(planting),
            _curves(planting),
            [_icon(planting), _profile(planting)],
        )
        planting.file(f"pictures/{number}.dcm", file(nodes, syntax))
    _spare_bits(planting)
    _long_pixels(planting)


def _overlays(planting: Planting) -> list[Node]:
    nodes: list[Node] = []
    for group in (0x6000, 0x6002, 0x601E, 0x60FE):

        def text(place: str, group: int = group) -> str:
            return planting.text("overlay", f"{group:04X}: {place}")

        plane = planting.value("OW", "overlay", f"{group:04X}: plane", _DRAWN)
        if isinstance(plane, str):
            raise TypeError("a plane is bytes")
        base = group << 16
        nodes += [
            Leaf(base | 0x0010, "US", SIDE),
            Leaf(base | 0x0011, "US", SIDE),
            Leaf(base | 0x0022, "LO", text("description")),
            Leaf(base | 0x0040, "CS", "G"),
            Leaf(base | 0x0050, "SS", (1, 1)),
            Leaf(base | 0x0100, "US", 1),
            Leaf(base | 0x0102, "US", 0),
            Leaf(base | 0x1500, "LO", text("label")),
            Leaf(base | 0x3000, "OW", plane.ljust(SIDE * SIDE // 8, b"\0")),
            Leaf(base | 0x4000, "LT", text("comments")),
        ]
    return nodes


def _curves(planting: Planting) -> list[Node]:
    nodes: list[Node] = []
    for group in (0x5000, 0x5002, 0x501E):

        def text(place: str, group: int = group) -> str:
            return planting.text("curve", f"{group:04X}: {place}")

        base = group << 16
        nodes += [
            Leaf(base | 0x0005, "US", 2),
            Leaf(base | 0x0020, "CS", "POLY"),
            Leaf(base | 0x0022, "LO", text("description")),
            Leaf(base | 0x0030, "SH", text("axis units")),
            Leaf(base | 0x0040, "SH", text("axis labels")),
            Leaf(base | 0x2500, "LO", text("label")),
            Leaf(base | 0x3000, "OW", text("data").encode()),
        ]
    return nodes


def _icon(planting: Planting) -> Node:
    pixels = planting.value("OB", "icon", "its pixels")
    comment = planting.text("icon", "a comment beside its pixels")
    owner = planting.text("icon", "a private attribute of it")
    if isinstance(pixels, str):
        raise TypeError("pixels are bytes")
    inside: tuple[Node, ...] = (
        Leaf(0x00090010, "LO", owner),
        Leaf(0x00204000, "LT", comment),
        Leaf(0x00280002, "US", 1),
        Leaf(0x00280004, "CS", "MONOCHROME2"),
        Leaf(0x00280010, "US", 8),
        Leaf(0x00280011, "US", 8),
        Leaf(0x00280100, "US", 8),
        Leaf(0x00280101, "US", 8),
        Leaf(0x00280102, "US", 7),
        Leaf(0x00280103, "US", 0),
        Leaf(0x7FE00010, "OB", pixels.ljust(64, b"\0")),
    )
    return Branch(0x00880200, (inside,))


def _profile(planting: Planting) -> Node:
    """An ICC profile's head, with a description, a copyright and a device."""
    texts = [
        planting.text("profile", place).encode()
        for place in ("description", "copyright", "device", "after its end")
    ]
    wide = planting.text("profile", "description in UTF-16").encode("utf-16-be")
    body = b"desc\0\0\0\0" + b"\0".join(texts) + wide
    head = (128 + len(body)).to_bytes(4, "big") + b"lcms\2\0\0\0mntrRGB XYZ "
    return Leaf(
        0x00282000, "OB", head.ljust(128, b"\0") + body + b"\0" * (len(body) % 2)
    )


def _spare_bits(planting: Planting) -> None:
    """A text in the bits above BitsStored, one bit a pixel, as overlays were once."""
    letters = np.frombuffer(planting.letters(12).encode(), np.uint8)
    cells = np.zeros(SIDE * SIDE, "<u2")
    bits = np.unpackbits(letters, bitorder="little").astype("<u2") << 15
    cells[: bits.size] = bits
    planting.note("spare bits", "bit 15, a bit a pixel", [bits.tobytes()])
    halves = (letters & 0xF0).astype("<u2") << 8 | 1
    cells[-halves.size :] = halves
    planting.note("spare bits", "halves of letters", [halves.tobytes()])
    overlay = (
        Leaf(0x60000010, "US", SIDE),
        Leaf(0x60000011, "US", SIDE),
        Leaf(0x60000100, "US", 16),
        Leaf(0x60000102, "US", 15),
    )
    pixels = Leaf(0x7FE00010, "OW", cells.tobytes())
    planting.file("pictures/spare.dcm", file(merged(image(45), overlay, [pixels])))


def _long_pixels(planting: Planting) -> None:
    """Pixel data longer than the image needs."""
    text = planting.text("pixel padding", "behind the last pixel").encode()
    pixels = Leaf(0x7FE00010, "OW", bytes(2 * SIDE * SIDE) + text)
    planting.file("pictures/long.dcm", file(merged(image(46), [pixels])))
