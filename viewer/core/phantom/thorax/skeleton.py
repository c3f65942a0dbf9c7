"""Ribs, spine, breastbone, collar bones and shoulder blades."""

import numpy as np

from viewer.core.phantom.grid import Vector
from viewer.core.phantom.shapes import Drum, Shape, Tube, path
from viewer.core.phantom.thorax.outline import cage_half_axes, spine_y

LEVEL_MM = 24.0
"""From one vertebra to the next."""
_FIRST_RIB_Z = 122.0
# How far each rib falls from back to front (mm), and how far round it goes (degrees
# from the back). Ribs 11 and 12 float.
_RIBS = (
    (26, 146), (40, 150), (54, 152), (64, 154), (70, 154), (74, 153),
    (78, 150), (78, 142), (72, 132), (64, 122), (46, 88), (34, 62),
)  # fmt: skip
_CARTILAGE_TO = 7  # ribs that reach the breastbone


def skeleton() -> tuple[Shape, ...]:
    """Every bone, from the back to the front."""
    return (*_spine(), *_ribs(), *_breastbone(), *_shoulder_girdle())


def _at(table_z: float) -> tuple[float, float, float]:
    width, depth, middle = cage_half_axes(np.asarray(table_z))
    return float(width), float(depth), float(middle)


def _spine_y(z: float) -> float:
    return float(spine_y(np.asarray(z)))


def _both_sides(shapes: tuple[Tube, ...]) -> tuple[Tube, ...]:
    mirrored = tuple(
        Tube(
            (-s.start[0], *s.start[1:]),
            (-s.end[0], *s.end[1:]),
            s.radius,
            s.end_radius,
            s.tissue,
            s.tall,
        )
        for s in shapes
    )
    return shapes + mirrored


def _bone(
    points: list[Vector], radius: float, shell: float, tall: float = 1.0
) -> tuple[Tube, ...]:
    """A hard shell with marrow inside, both along the same points."""
    return (
        *path(points, radius, "cortical bone", tall=tall),
        *path(points, max(radius - shell, 0.4), "marrow", tall=tall),
    )


def _ribs() -> tuple[Shape, ...]:
    shapes: list[Shape] = []
    for n, (fall, end) in enumerate(_RIBS):
        back = _FIRST_RIB_Z - LEVEL_MM * n
        neck: Vector = (19.0, _spine_y(back) + 10, back)
        points = [neck]
        for degrees in np.linspace(20, end, 22):
            share = (degrees - 20) / 135
            z = back - fall * share**1.25
            points.append(_on_cage(degrees, z, 5.0))
        shapes += _both_sides(_bone(points, 4.6 if n else 4.0, 1.5, tall=1.5))
        if n < _CARTILAGE_TO:
            level = max(72 - 19.0 * n, -52)
            width = _at(level)
            front: Vector = (17.0, width[2] - width[1] - 4, level)
            last = points[-1]
            halfway: Vector = (
                (last[0] + front[0]) / 2,
                min(last[1], front[1]) - 1,
                (last[2] + level) / 2 - (2 if n < 4 else 8),
            )
            shapes += _both_sides(path([last, halfway, front], 4.6, "cartilage"))
    return tuple(shapes)


def _on_cage(degrees: float, z: float, outside: float) -> Vector:
    """A point outside the cage, `degrees` round from the back towards the front."""
    width, depth, middle = _at(z)
    angle = np.radians(degrees)
    sine, cosine = np.sin(angle), np.cos(angle)
    return (
        float((width + outside) * sine**0.8),
        float(middle + (depth + outside) * np.sign(cosine) * abs(cosine) ** 0.8),
        float(z),
    )


def _spine() -> tuple[Shape, ...]:
    shapes: list[Shape] = []
    for n in range(-4, 16):
        z = _FIRST_RIB_Z - 4 - LEVEL_MM * n
        y, size = _spine_y(z), 0.72 + 0.022 * min(max(n + 4, 0), 15)
        shapes += _vertebra(z, y, size)
    return tuple(shapes)


def _vertebra(z: float, y: float, size: float) -> tuple[Shape, ...]:
    wide, deep, high = 17.5 * size, 14.0 * size, 19.0
    canal = y + deep + 9
    disc = Drum((0, y, z - LEVEL_MM / 2), wide, deep, 3.2, "disc")
    whole = (
        Drum((0, y, z), wide + 1, deep + 1, high / 2, "cortical bone", 0.11),
        Drum(
            (0, y, z), wide - 0.6, deep - 0.6, high / 2 - 1.3, "cancellous bone", 0.11
        ),
    )
    pedicle = path([(10.5 * size, y + deep * 0.6, z + 4), (11, canal - 1, z + 3)], 3.6,
                   "cortical bone")  # fmt: skip
    lamina = path([(11, canal, z + 2), (0.5, canal + 11, z - 4)], 2.8, "cortical bone",
                  tall=2.2)  # fmt: skip
    across = path(
        [(11, canal, z + 2), (30 * size, canal + 7, z + 3)],
        (4.4, 3.4),
        "cortical bone",
    )
    facet = path([(12, canal + 3, z - 8), (12, canal + 3, z + 9)], 3.8, "cortical bone")
    spinous = path(
        [(0, canal + 9, z - 4), (0, canal + 20 * size, z - 17)],
        (3.2, 2.6),
        "cortical bone",
    )
    cores = (
        *path([(11, canal, z + 2), (28 * size, canal + 6.5, z + 3)], 2.2, "marrow"),
        *path(
            [(0, canal + 10, z - 5), (0, canal + 18.5 * size, z - 15.5)], 1.2, "marrow"
        ),
    )
    canal_tube = (
        *path([(0, canal, z - 13), (0, canal, z + 13)], 7.2, "canal"),
        *path([(0, canal, z - 13), (0, canal, z + 13)], 4.2, "cord"),
    )
    return (
        disc,
        *whole,
        *_both_sides((*pedicle, *lamina, *across, *facet)),
        *spinous,
        *_both_sides(cores[:1]),
        *cores[1:],
        *canal_tube,
    )


def _breastbone() -> tuple[Shape, ...]:
    def front(z: float, depth: float = 5.0) -> float:
        width = _at(z)
        return width[2] - width[1] - depth

    levels = np.arange(-58.0, 78.0, 2.0)
    plates = [
        Drum((0, front(float(z)), float(z)), wide - rim, 6.5 - rim, 2.6, tissue)
        for tissue, rim in (("cortical bone", 0.0), ("marrow", 1.7))
        for z in levels
        for wide in (17.0 + 10.0 * float(np.clip((z - 30) / 25, 0, 1)),)
        if rim == 0.0 or -56 < z < 74
    ]
    xiphoid = path([(0, front(-62), -62), (0, front(-84), -86)], (5, 2), "cartilage")
    return (*plates, *xiphoid)


def _shoulder_girdle() -> tuple[Shape, ...]:
    width = _at(82.0)
    notch = width[2] - width[1]
    collar = _bone(
        [
            (17, notch - 3, 82), (45, notch - 8, 90), (80, notch + 8, 99),
            (112, notch + 30, 104), (140, notch + 40, 108),
        ],
        5.4,
        1.7,
    )  # fmt: skip
    angle: Vector = (132.0, 46.0, 92.0)
    blade: list[Tube] = []
    for share in np.linspace(0, 1, 12):
        edge: Vector = (
            float(78 + 26 * share**1.5),
            float(84 + 12 * share - 6 * share**2),
            float(88 - 112 * share),
        )
        blade += path([angle, edge], (4.2, 2.2), "cortical bone", tall=1.6)
    ridge = _bone([(86, 92, 72), (112, 90, 90), (146, 52, 112)], 4.2, 1.4)
    humerus = (
        *path([(160, 24, 96), (160.5, 24, 97)], 21.0, "cortical bone"),
        *path([(160, 24, 96), (160.5, 24, 97)], 19.6, "marrow"),
    )
    return _both_sides((*collar, *blade, *ridge, *humerus))
