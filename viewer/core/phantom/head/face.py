"""Eyes, sinuses, mouth, throat, jaw and neck."""

from typing import TYPE_CHECKING

import numpy as np

from viewer.core.phantom.shapes import Drum, Ellipsoid, Shape, path

if TYPE_CHECKING:
    from viewer.core.phantom.grid import Vector


def face_shapes() -> tuple[Shape, ...]:
    """What lies below and in front of the skull, in painting order."""
    return (*_base(), *_sides(), *_midline(), *_mouth())


def _base() -> tuple[Shape, ...]:
    """Bone under the brain: clivus with bright marrow, hard bone beside it."""
    cells = ((0, 0, 0), (3, 5, 6), (-3, 4, -6), (2, -4, -8), (3, 8, -3), (-2, -3, 6))
    ears: list[Shape] = []
    for s in (-1.0, 1.0):
        ears += path([(s * 24, 12, -46), (s * 54, 26, -52)], (7, 11), "bone")
        ears += [
            Ellipsoid((s * (52 + dx), 32 + dy, -56 + dz), (3.4, 3.8, 4.2), "air")
            for dx, dy, dz in cells
        ]
    return (
        *ears,
        *path([(0, -10, -36), (0, 8, -58), (0, 15, -67)], (9, 6.5, 4), "bone"),
        *path([(0, -9, -38), (0, 7, -58), (0, 13.5, -66)], (7, 4.6, 2.4), "marrow"),
        *path([(0, -45, -22), (0, -84, -14)], 3.2, "bone"),
    )


def _sides() -> tuple[Shape, ...]:
    shapes: list[Shape] = []
    for s in (-1.0, 1.0):
        shapes += [
            Ellipsoid((s * 31, -56, -29), (19, 27, 17), "bone"),
            Ellipsoid((s * 31, -58, -29), (17, 27, 15), "fat"),
            *path([(s * 31, -66, -29), (s * 14, -26, -22)], (2.6, 2.2), "white matter"),
            *path([(s * 31, -74, -18), (s * 22, -36, -22)], 1.8, "muscle"),
            *path([(s * 31, -74, -40), (s * 22, -36, -32)], 1.8, "muscle"),
            *path([(s * 42, -72, -29), (s * 26, -36, -26)], 1.8, "muscle"),
            Ellipsoid((s * 31, -76, -29), (12.6, 12.6, 12.6), "muscle"),
            Ellipsoid((s * 31, -76, -29), (11.4, 11.4, 11.4), "vitreous"),
            Ellipsoid((s * 31, -84, -29), (4.6, 2.2, 4.6), "grey matter"),
            Ellipsoid((s * 29, -58, -60), (15, 18, 15), "bone"),
            Ellipsoid((s * 29, -58, -60), (13.5, 16.5, 13.5), "air"),
            *path([(s * 42, -20, -46), (s * 45, -24, -94)], (12, 9), "muscle"),
            *path([(s * 48, -8, -50), (s * 44, -22, -96), (s * 10, -80, -112)],
                  (5, 7, 7.5), "bone", tall=1.3),
            *path([(s * 47.5, -8, -52), (s * 44, -22, -96), (s * 10, -79, -112)],
                  (3, 4.6, 5.2), "marrow", tall=1.3),
            Ellipsoid((s * 52, 0, -72), (8, 12, 20), "gland"),
            *path([(s * 56, -34, -36), (s * 50, -56, -46)], (4, 3), "bone"),
            *path([(s * 26, 8, -70), (s * 30, 2, -200)], 4, "flow"),
            *path([(s * 34, 14, -66), (s * 36, 8, -200)], 5, "flow"),
        ]  # fmt: skip
    return tuple(shapes)


def _midline() -> tuple[Shape, ...]:
    return (
        Ellipsoid((0, -28, -38), (15, 13, 10), "bone"),
        Ellipsoid((0, -28, -38), (13.5, 11.5, 8.6), "air"),
        Ellipsoid((0, -12.5, -30), (6.5, 5.5, 4.2), "pituitary"),
        *path([(0, -9, -21), (0, -12, -28)], (1.2, 1.0), "pituitary"),
        Ellipsoid((0, -83, 2), (15, 5.5, 11), "air"),
        Ellipsoid((0, -62, -44), (14, 30, 20), "air"),
        *(
            shape
            for s in (-1.0, 0.0, 1.0)
            for level in ((-36, -46, -56) if s else (-45,))
            for shape in (
                Ellipsoid((s * 7, -60, level), (3.4 if s else 1.6, 22, 4 if s else 19),
                          "mucosa"),
            )
        ),
    )  # fmt: skip


def _mouth() -> tuple[Shape, ...]:
    teeth = (
        Ellipsoid((x, -84 + 0.05 * x * x, level), (2.6, 3.0, 6.5), "bone")
        for x in np.linspace(-15, 15, 7)
        for level in (-73.0, -86.0)
    )
    airway: list[Vector] = [
        (0, -36, -52), (0, -12, -58), (0, -4, -76), (0, -6, -100), (0, -12, -122),
        (0, -16, -240),
    ]  # fmt: skip
    return (
        *path([(0, -78, -66), (0, -40, -65)], (2.4, 2.0), "bone"),
        *path([(0, -40, -65), (0, -22, -70), (0, -16, -80)], (3.2, 3.2, 2), "mucosa"),
        Ellipsoid((0, -48, -87), (25, 33, 19), "tongue"),
        Ellipsoid((0, -34, -100), (20, 22, 20), "tongue"),
        *path([(0, -80, -104), (0, -80, -118)], (8, 7), "bone"),
        *path([(0, -79.5, -106), (0, -79.5, -117)], (5.4, 4.6), "marrow"),
        *teeth,
        *path(airway, (5, 6, 6.5, 6, 6, 8), "air"),
        *path([(0, -20, -98), (0, -9, -112)], (1.4, 1.0), "mucosa"),
        Ellipsoid((0, -34, -124), (14, 4, 4), "marrow"),
        *_neck(),
    )


def _neck() -> tuple[Shape, ...]:
    shapes: list[Shape] = [
        *path([(0, 31, -66), (0, 34, -120), (0, 30, -240)], 9.0, "fluid"),
        *path(
            [(0, 31, -66), (0, 34, -120), (0, 30, -240)], (5.8, 5.4, 5.2), "brain stem"
        ),
        *path([(0, 9, -72), (0, 12, -96)], (4.6, 6.6), "bone"),
        *path([(0, 9, -72), (0, 12, -96)], (3.4, 5.2), "marrow"),
        *path([(0, 2, -78), (0, 2.5, -80)], 3.4, "marrow"),
    ]
    for n in range(8):
        z, y = -93 - 17.0 * n, 13 + 1.2 * n - 0.25 * n * n
        shapes += [
            Drum((0, y, z - 8.5), 11, 9, 2.6, "disc"),
            Drum((0, y, z), 12.0, 9.6, 6.8, "bone", 0.08),
            Drum((0, y, z), 10.8, 8.4, 5.7, "marrow", 0.08),
            *path([(0, y + 30, z - 3), (0, y + 46, z - 9)], (4.6, 3.6), "bone"),
            *path([(0, y + 31, z - 3), (0, y + 45, z - 8.5)], (3.4, 2.4), "marrow"),
        ]
    return tuple(shapes)
