"""ICC profiles of three primaries and a power law, built from their definition."""

import struct
from fractions import Fraction

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]

SRGB: Matrix = np.array(
    [[0.4360, 0.3851, 0.1431], [0.2225, 0.7169, 0.0606], [0.0139, 0.0971, 0.7142]]
)
"""Linear light of sRGB to CIE XYZ under D50, to four digits."""

WIDE: Matrix = np.array(
    [[0.6097, 0.2053, 0.1492], [0.3111, 0.6257, 0.0632], [0.0195, 0.0609, 0.7446]]
)
"""The primaries of Adobe RGB (1998) under D50."""


def profile(primaries: Matrix, gamma: float, name: str = "GOLDEN") -> bytes:
    """An ICC version 2 display profile; ICC.1:2001-04 6.3.1.2."""
    red, green, blue = (_xyz(*primaries[:, n]) for n in range(3))
    curve = b"curv" + bytes(4) + struct.pack(">LH", 1, round(gamma * 256)) + bytes(2)
    parts = {
        b"desc": _description(name),
        b"cprt": b"text" + bytes(4) + b"none\0" + bytes(3),
        b"wtpt": _xyz(0.9642, 1.0, 0.8249),
        b"rXYZ": red,
        b"gXYZ": green,
        b"bXYZ": blue,
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    position = 128 + 4 + 12 * len(parts)
    directory, data = struct.pack(">L", len(parts)), b""
    for signature, part in parts.items():
        directory += signature + struct.pack(">LL", position + len(data), len(part))
        data += part
    size = position + len(data)
    head = struct.pack(
        ">L4sL4s4s4s", size, b"lcms", 0x02400000, b"mntr", b"RGB ", b"XYZ "
    )
    head += struct.pack(">6H", 2026, 11, 20, 0, 0, 0) + b"acsp" + bytes(28)
    head += struct.pack(">3l", *(_fixed(n) for n in (0.9642, 1.0, 0.8249)))
    return head.ljust(128, b"\0") + directory + data


def to_screen(
    rgb: npt.NDArray[np.uint8],
    image: tuple[Matrix, float],
    screen: tuple[Matrix, float],
) -> Matrix:
    """What colours of one `profile` are on a screen of another, unrounded."""
    light = (rgb / 255.0) ** (round(image[1] * 256) / 256)
    linear = np.clip(light @ image[0].T @ np.linalg.inv(screen[0]).T, 0, 1)
    return 255 * linear ** (256 / round(screen[1] * 256))


def to_srgb(rgb: npt.NDArray[np.uint8], primaries: Matrix, gamma: float) -> Matrix:
    """What `profile` means on an sRGB screen, unrounded; IEC 61966-2-1."""
    light = (rgb / 255.0) ** (round(gamma * 256) / 256)
    linear = np.clip(light @ primaries.T @ np.linalg.inv(SRGB).T, 0, 1)
    shown = np.where(
        linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055
    )
    return 255 * shown


def _xyz(x: float, y: float, z: float) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3l", *(_fixed(n) for n in (x, y, z)))


def _fixed(number: float) -> int:
    return round(Fraction(number) * 65536)


def _description(name: str) -> bytes:
    text = name.encode() + b"\0"
    tail = bytes(8 + 3 + 67)
    part = b"desc" + bytes(4) + struct.pack(">L", len(text)) + text + tail
    return part + bytes(-len(part) % 4)
