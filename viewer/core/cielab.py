"""Colours that a file gives as PCS values become those of an sRGB screen.

PS3.3 C.10.7.1.1: L*, a* and b* of CIE 1976 under D50, each in 16 bits.
"""

from typing import Final

Color = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""

_WHITE_D50: Final = (0.9642, 1.0, 0.8249)
_FROM_XYZ_D50: Final = (
    (3.1341359, -1.6172206, -0.4906887),
    (-0.9787684, 1.9161415, 0.0334540),
    (0.0719453, -0.2289914, 1.4052427),
)
"""CIE XYZ under D50 to linear sRGB: that of IEC 61966-2-1, adapted by Bradford."""

_NEUTRAL: Final = 0x8080  # 0 of a* and b*


def to_srgb(encoded: tuple[int, int, int]) -> Color:
    """The colour of an encoded triplet, each 0 to 65535; what sRGB lacks is cut."""
    lightness = encoded[0] / 65535 * 100
    a, b = (value / 65535 * 255 - 128 for value in encoded[1:])
    if encoded[1] == encoded[2] == _NEUTRAL:
        a = b = 0.0  # grey, which has no other channels by rounding
    height = (lightness + 16) / 116
    levels = height + a / 500, height, height - b / 200
    xyz = [
        white * _cubed(level) for white, level in zip(_WHITE_D50, levels, strict=True)
    ]
    red, green, blue = (
        _coded(sum(part * value for part, value in zip(row, xyz, strict=True)))
        for row in _FROM_XYZ_D50
    )
    return red, green, blue


def _cubed(level: float) -> float:
    bend = 6 / 29
    return level**3 if level > bend else 3 * bend**2 * (level - 4 / 29)


def _coded(light: float) -> int:
    light = min(max(light, 0.0), 1.0)
    coded = 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055
    return int(255 * coded + 0.5)
