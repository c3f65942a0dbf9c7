"""Folded cortex, white matter, cerebellum, ventricles and nuclei."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from viewer.core.phantom.canvas import Canvas
from viewer.core.phantom.grid import Floats, Vector
from viewer.core.phantom.head.surfaces import Surfaces
from viewer.core.phantom.shapes import Ellipsoid, Shape, Tube, path
from viewer.core.phantom.texture import Cloud

_CORTEX_MM = 2.9

_CALLOSUM: tuple[Vector, ...] = (
    (0, -26, -4), (0, -35, 2), (0, -37, 10), (0, -30, 19), (0, -14, 25),
    (0, 6, 27), (0, 22, 23), (0, 33, 14), (0, 34, 9),
)  # fmt: skip
_CALLOSUM_WIDTHS = (1.6, 2.6, 4.2, 3.8, 2.9, 2.7, 2.7, 4.4, 4.6)


@dataclass(frozen=True)
class Folds:
    """The random fields that fold the cortex.

    Attributes
    ----------
    wave : Cloud
        Zero along the sulci.
    bend : Cloud
        Bends them, and makes some deeper than others.
    """

    wave: Cloud
    bend: Cloud

    @classmethod
    def of(cls, seed: int) -> Self:
        """The folds of one invented brain."""
        return cls(Cloud((seed, 21), 12.0), Cloud((seed, 22), 30.0))


def cerebrum(canvas: Canvas, near: Surfaces, folds: Folds) -> None:
    """Both hemispheres with gyri and sulci.

    The sulci are where a random field on the sphere of directions is zero; followed
    inwards they stay radial, as real ones do.
    """
    x, y, z = np.broadcast_arrays(canvas.x, canvas.y, canvas.z)
    depth = -near.cerebrum
    px, py, pz = x / 0.78, y - 4, (z - 6) / 0.86
    far = np.maximum(np.sqrt(px * px + py * py + pz * pz), 42)
    out = 88 / far
    wave, bend = folds.wave, folds.bend
    side = np.where(x < 0, 300, 0)  # each side its own folds
    warp = 5 * bend.at(x, y, z)
    field = wave.at(px * out + side + warp, py * out + warp, pz * out - warp)
    groove = np.abs(field) * 8.5 + np.maximum(5 - np.abs(x), 0)
    shallow = 17 + 6 * bend.at(x + 90, y, z)
    ending = np.maximum(depth - shallow, 0)
    core = np.sqrt(np.square(x) + np.square(y - 4) + np.square(z + 3))
    groove = np.hypot(groove, ending) + np.maximum(28 - core, 0)
    inner = wave.at(side + 40 + 0.3 * x, y + 2 * warp, z - 2 * warp)
    medial = np.hypot(np.abs(inner) * 9, np.maximum(np.abs(x) - 6, 0))
    groove = np.minimum(groove, medial)
    callosal = extruded(_CALLOSUM, _CALLOSUM_WIDTHS, y, z)
    cingulate = np.abs(callosal - 12) + np.maximum(np.abs(x) - 7, 0)
    cingulate = cingulate + np.maximum(-(z + 0.4 * (y + 40)), 0)
    falx = np.hypot(np.abs(x) * 1, np.maximum(2.0 - callosal, 0))
    sylvian = _sylvian(x, y, z, warp)
    groove = np.minimum(np.minimum(groove, cingulate), np.minimum(falx + 0.4, sylvian))
    canvas.fill(near.cerebrum, "white matter")
    ribbon = np.minimum(depth, groove) - _CORTEX_MM
    canvas.fill(np.maximum(near.cerebrum, ribbon), "grey matter")
    width = 1.25 - 0.03 * depth
    canvas.fill(np.maximum(near.cerebrum, groove - np.maximum(width, 0.5)), "fluid")


def _sylvian(x: Floats, y: Floats, z: Floats, warp: Floats) -> Floats:
    """Distance to the fissure above the temporal lobe."""
    side = np.abs(x)
    level = -14 + 0.3 * (y + 30) + 0.004 * np.square(y) + 1.2 * warp
    along = np.maximum(np.maximum(-34 - y, y - 34), 0)
    cleft = np.hypot(np.abs(z - level), np.maximum(37 - side, 0)) + along
    nearest: Floats = cleft
    return nearest


def extruded(
    points: tuple[Vector, ...], widths: tuple[float, ...], y: Floats, z: Floats
) -> Floats:
    """Distance to a curve of the median plane, whatever x is."""
    nothing = 0 * y
    tubes = path(points, widths, "")
    nearest = tubes[0].distance(nothing, y, z)
    for tube in tubes[1:]:
        nearest = np.minimum(nearest, tube.distance(nothing, y, z))
    return nearest


def callosum(canvas: Canvas) -> None:
    """The bridge between the hemispheres, and the fornix under it."""
    x, y, z = canvas.x, canvas.y, canvas.z
    bridge = extruded(_CALLOSUM, _CALLOSUM_WIDTHS, y, z)
    canvas.fill(np.maximum(bridge, np.abs(x) - 15), "white matter")
    arch: tuple[Vector, ...] = ((0, 30, 10), (0, 14, 17), (0, 0, 14), (0, -9, 4))
    fornix = extruded(arch, (1.2, 1.5, 1.7, 1.5), y, z)
    leaf: tuple[Vector, ...] = ((0, -30, 9), (0, -14, 18), (0, 8, 21), (0, 20, 17))
    septum = extruded(leaf, (4, 6, 5, 2), y, z)
    canvas.fill(np.maximum(septum, np.abs(x) - 4), "fluid")
    canvas.fill(np.maximum(septum, np.abs(x) - 1), "deep grey")
    canvas.fill(np.maximum(fornix, np.abs(x) - 3), "white matter")


def cerebellum(canvas: Canvas, near: Surfaces) -> None:
    """White tree, grey leaves."""
    x, y, z = canvas.x, canvas.y, canvas.z
    side, py, pz = np.abs(x), y - 36, z + 36
    angle = np.arctan2(pz, py) + 0.004 * side
    reach = np.hypot(py, pz)
    rim = -near.cerebellum
    canvas.fill(near.cerebellum, "grey matter")
    stem = np.abs(np.sin(4.5 * angle + 0.5 * np.sin(0.09 * side))) * reach * 0.22
    twigs = np.abs(np.sin(11 * angle + 0.35 * reach)) * reach * 0.09
    bough = np.maximum(stem - 1.5, 7 - rim)
    twig = np.maximum(np.maximum(twigs - 0.55, 3.5 - rim), 11 - reach)
    centre = np.hypot(np.hypot(py + 1, pz), np.maximum(side - 26, 0)) - 11
    for shape in (twig, bough, centre):
        canvas.fill(np.maximum(shape, near.cerebellum + 2.5), "white matter")
    leaf = np.abs(np.sin(1.15 * rim + 14 * angle)) * 1.6
    fold = np.maximum(leaf - 0.35, np.maximum(rim - 8, -rim))
    canvas.fill(fold, "fluid", strength=0.55)


def deep_shapes() -> tuple[Shape, ...]:
    """Ventricles, nuclei and brain stem, in painting order."""
    halves: list[Shape] = []
    for s in (-1.0, 1.0):
        horn: list[Vector] = [
            (s * 9, -30, 6), (s * 10, -16, 15), (s * 11, 4, 20), (s * 15, 20, 17),
            (s * 23, 32, 8), (s * 30, 24, -8), (s * 32, 4, -22), (s * 29, -6, -25),
        ]  # fmt: skip
        back: list[Vector] = [(s * 23, 32, 8), (s * 21, 50, 6), (s * 18, 60, 4)]
        halves += [
            Ellipsoid((s * 24, -8, 2), (8, 20, 11), "deep grey", (0, 0.2, 1)),
            Ellipsoid((s * 18, -4, 0), (5, 10, 8), "pallidum"),
            Ellipsoid((s * 13, -24, 9), (6, 11, 9), "deep grey"),
            *path([(s * 15, -12, 17), (s * 18, 12, 17)], (4.5, 2.5), "deep grey"),
            *path(horn, (4, 4.6, 4, 4.6, 5.6, 4, 2.6, 1.6), "fluid"),
            *path(back, (5, 3.4, 1.5), "fluid"),
            Ellipsoid((s * 11, 7, 4), (9, 15, 9), "thalamus"),
            *path([(s * 27, 2, -24), (s * 25, 26, -6)], (4, 2.5), "grey matter"),
        ]
    return (
        *halves,
        Ellipsoid((0, 4, 0), (2.3, 16, 9), "fluid"),
        Ellipsoid((0, 6, 3), (3, 4, 3.2), "thalamus"),
    )


def petrous_bone() -> tuple[Shape, ...]:
    """The wedge between the temporal lobes and the cerebellum, with the inner ear."""
    return tuple(
        shape
        for s in (-1.0, 1.0)
        for shape in (
            *path([(s * 20, 13, -40), (s * 50, 21, -36)], (6, 11), "bone", tall=1.2),
            *path([(s * 40, 19, -38), (s * 44, 20, -37)], 2.6, "fluid"),
            *path([(s * 24, 16, -38), (s * 33, 20, -37)], 1.8, "fluid"),
        )
    )


def stem_shapes() -> tuple[Shape, ...]:
    """Midbrain, pons, medulla, cord, and the fluid between them and the cerebellum."""
    return (
        *path([(-12, 4, -4), (-7, 12, -15)], 7, "white matter"),
        *path([(12, 4, -4), (7, 12, -15)], 7, "white matter"),
        *path([(0, 14, -9), (0, 13, -20)], (9.5, 10.5), "brain stem"),
        Ellipsoid((0, 8.5, -27), (17, 11.5, 13.5), "brain stem"),
        *path([(-8, 14, -27), (-26, 34, -33)], (9, 6), "white matter"),
        *path([(8, 14, -27), (26, 34, -33)], (9, 6), "white matter"),
        *path([(0, 15, -34), (0, 24, -54), (0, 30, -72)], (9, 7.4, 6), "brain stem"),
        Ellipsoid((0, 23, -11), (8, 4, 5), "brain stem"),
        *path([(0, 18.5, -8), (0, 20.5, -20)], 0.9, "fluid"),
        Ellipsoid((0, 26.5, -32), (7, 4.5, 10), "fluid", (0, 0.3, 1)),
        *path([(0, 27, -32), (0, 33, -34)], (3.5, 0.6), "fluid"),
        Tube((0, -8, -21), (0, -6, -16), 2.2, 1.6, "grey matter"),
    )
