"""The surfaces that divide the chest: skin, rib cage, mediastinum, diaphragm.

Each function takes coordinates in mm that broadcast together and answers a distance
in mm, negative inside; so one and the same surface serves voxels and single points.
"""

import numpy as np

from viewer.core.phantom.grid import Floats

# Level, half width, half depth, middle (all mm): superellipses from feet to head.
_BODY = (
    (-260, 158, 110, 6),
    (-200, 160, 112, 6),
    (-100, 166, 115, 7),
    (0, 172, 115, 8),
    (60, 182, 108, 9),
    (95, 189, 96, 12),
    (118, 176, 82, 14),
    (138, 120, 72, 18),
    (158, 72, 64, 20),
    (200, 62, 62, 20),
    (260, 62, 62, 20),
)
_CAGE = (
    (-260, 120, 84, 6),
    (-150, 130, 88, 6),
    (-100, 134, 90, 6),
    (-50, 132, 88, 6),
    (0, 125, 83, 7),
    (40, 114, 76, 11),
    (80, 92, 63, 17),
    (110, 66, 50, 24),
    (130, 50, 42, 28),
    (160, 34, 34, 30),
    (260, 34, 34, 30),
)
# Level, half width to the right and to the left of the midline.
_MEDIASTINUM = (
    (-260, 40, 48),
    (-80, 36, 46),
    (-20, 36, 40),
    (20, 36, 38),
    (55, 30, 36),
    (90, 27, 28),
    (120, 24, 24),
    (260, 24, 24),
)
_SPINE = ((-260, 58), (-140, 62), (-40, 68), (40, 68), (100, 56), (150, 42), (260, 34))


def _smooth(table: tuple[tuple[float, ...], ...], column: int, z: Floats) -> Floats:
    """Column of a table at levels `z`, with a soft rather than a bent line between."""
    levels = [row[0] for row in table]
    values = [row[column] for row in table]
    shifted = np.add.outer((-12.0, -4.0, 4.0, 12.0), z)
    mean: Floats = np.interp(shifted, levels, values).mean(axis=0, dtype=np.float32)
    return mean


def cage_half_axes(z: Floats) -> tuple[Floats, Floats, Floats]:
    """Half width, half depth and middle (y) of the rib cage at levels `z`."""
    return _smooth(_CAGE, 1, z), _smooth(_CAGE, 2, z), _smooth(_CAGE, 3, z)


def spine_y(z: Floats) -> Floats:
    """Where the middle of the vertebral bodies lies: the kyphosis."""
    return _smooth(_SPINE, 1, z)


def _superellipse(x: Floats, y: Floats, half: tuple[Floats, Floats, Floats]) -> Floats:
    """Distance along the ray from the middle, exponent 2.5."""
    width, depth, middle = half
    across = np.abs(x)
    along = np.abs(y - middle)
    fx, fy = across / width, along / depth
    f = np.power(fx * fx * np.sqrt(fx) + fy * fy * np.sqrt(fy), 0.4)
    reach = np.hypot(across, along)
    distance: Floats = reach - reach / np.maximum(f, 1e-3)
    return distance


def skin(x: Floats, y: Floats, z: Floats) -> Floats:
    """Distance to the surface of the body."""
    half = (_smooth(_BODY, 1, z), _smooth(_BODY, 2, z), _smooth(_BODY, 3, z))
    return _superellipse(x, y, half)


def cage(x: Floats, y: Floats, z: Floats) -> Floats:
    """Distance to the inner side of the ribs."""
    return _superellipse(x, y, cage_half_axes(z))


def diaphragm(x: Floats, y: Floats) -> Floats:
    """Level (z, mm) of the domes: the right one stands higher."""
    right = -66 - 62 * (np.square((x + 66) / 92) + np.square((y + 12) / 88))
    left = -80 - 62 * (np.square((x - 68) / 86) + np.square((y + 10) / 86))
    level: Floats = np.maximum(right, left)
    return level


def lung(x: Floats, y: Floats, z: Floats, within: Floats | None = None) -> Floats:
    """Distance to the surface of either lung.

    `within` is `cage` at the same places, where it is known already.
    """
    ribs = (cage(x, y, z) if within is None else within) + 3
    right, left = (_smooth(_MEDIASTINUM, n, z) for n in (1, 2))
    waist = 0.35 + 0.65 * np.exp(-np.square((y + 8) / 50))
    behind = np.maximum(0, 1 - np.abs(y - spine_y(z)) / 34)
    middle = np.where(
        x < 0,
        x + np.maximum(right * waist, 25 * np.sqrt(behind)),
        -x + np.maximum(left * waist, 25 * np.sqrt(behind)),
    )
    tip = np.square(np.abs(x) - 36) + 0.6 * np.square(y - 26)
    apex = z - (126 - tip / 95)
    floor = (diaphragm(x, y) - z) * 0.75
    surface: Floats = np.maximum(np.maximum(ribs, middle), np.maximum(apex, floor))
    return surface


def fissure(x: Floats, y: Floats, z: Floats) -> Floats:
    """Distance to the oblique fissures, and on the right to the horizontal one."""
    oblique = np.abs(z - (6 + 0.95 * (y - 10) + 4 * np.sin(x / 17))) * (0.72)
    horizontal = np.abs(z - (8 - 0.06 * np.square(x + 70) / 10 + 0.08 * (y + 40)))
    front = np.where((x < 0) & (y < 8), horizontal, 99)
    nearest: Floats = np.minimum(oblique, front)
    return nearest
