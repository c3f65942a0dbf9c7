"""Folded cortex, white matter, cerebellum, ventricles and nuclei."""

from collections.abc import Callable

import numpy as np

from viewer.core.phantom.grid import Floats, Vector
from viewer.core.phantom.head.surfaces import Surfaces
from viewer.core.phantom.shapes import Ellipsoid, Shape, Tube, blend, inside, path
from viewer.core.phantom.texture import Cloud

_CORTEX_MM = 2.9
Fill = Callable[[Floats, str], None]
"""Fills what is inside a distance with a tissue."""

_CALLOSUM: tuple[Vector, ...] = (
    (0, -26, -4), (0, -35, 2), (0, -37, 10), (0, -30, 19), (0, -14, 25),
    (0, 6, 27), (0, 22, 23), (0, 33, 14), (0, 34, 9),
)  # fmt: skip
_CALLOSUM_WIDTHS = (1.6, 2.6, 4.2, 3.8, 2.9, 2.7, 2.7, 4.4, 4.6)


def cerebrum(
    fill: Fill, near: Surfaces, x: Floats, y: Floats, z: Floats, seed: int
) -> None:
    """Both hemispheres with gyri and sulci.

    The sulci are where a random field on the sphere of directions is zero; followed
    inwards they stay radial, as real ones do.
    """
    depth = -near.cerebrum
    px, py, pz = x / np.float32(0.78), y - 4, (z - 6) / np.float32(0.86)
    far = np.maximum(np.sqrt(px * px + py * py + pz * pz), 42)
    out = np.float32(88) / far
    wave = Cloud((seed, 21), 12.0)
    bend = Cloud((seed, 22), 30.0)
    side = np.where(x < 0, np.float32(300), np.float32(0))  # each side its own folds
    warp = 5 * bend.at(x, y, z)
    field = wave.at(px * out + side + warp, py * out + warp, pz * out - warp)
    groove = np.abs(field) * np.float32(8.5) + np.maximum(5 - np.abs(x), 0)
    shallow = 17 + 6 * bend.at(x + 90, y, z)
    ending = np.maximum(depth - shallow, 0)
    core = np.sqrt(np.square(x) + np.square(y - 4) + np.square(z + 3))
    groove = np.hypot(groove, ending) + np.maximum(28 - core, 0)
    inner = wave.at(side + 40 + 0.3 * x, y + 2 * warp, z - 2 * warp)
    medial = np.hypot(np.abs(inner) * np.float32(9), np.maximum(np.abs(x) - 6, 0))
    groove = np.minimum(groove, medial)
    callosal = extruded(_CALLOSUM, _CALLOSUM_WIDTHS, y, z)
    cingulate = np.abs(callosal - 12) + np.maximum(np.abs(x) - 7, 0)
    cingulate = cingulate + np.maximum(-(z + 0.4 * (y + 40)), 0)
    falx = np.hypot(np.abs(x) * 1, np.maximum(2.0 - callosal, 0))
    sylvian = _sylvian(x, y, z, warp)
    groove = np.minimum(np.minimum(groove, cingulate), np.minimum(falx + 0.4, sylvian))
    fill(near.cerebrum, "white matter")
    ribbon = np.minimum(depth, groove) - _CORTEX_MM
    fill(np.maximum(near.cerebrum, ribbon), "grey matter")
    width = 1.25 - 0.03 * depth
    fill(np.maximum(near.cerebrum, groove - np.maximum(width, 0.5)), "fluid")


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
    nothing = np.float32(0) * y
    tubes = path(points, widths, "")
    nearest = tubes[0].distance(nothing, y, z)
    for tube in tubes[1:]:
        nearest = np.minimum(nearest, tube.distance(nothing, y, z))
    return nearest


def callosum(fill: Fill, x: Floats, y: Floats, z: Floats) -> None:
    """The bridge between the hemispheres, and the fornix under it."""
    bridge = extruded(_CALLOSUM, _CALLOSUM_WIDTHS, y, z)
    fill(np.maximum(bridge, np.abs(x) - 15), "white matter")
    arch: tuple[Vector, ...] = ((0, 30, 10), (0, 14, 17), (0, 0, 14), (0, -9, 4))
    fornix = extruded(arch, (1.2, 1.5, 1.7, 1.5), y, z)
    leaf: tuple[Vector, ...] = ((0, -30, 9), (0, -14, 18), (0, 8, 21), (0, 20, 17))
    septum = extruded(leaf, (4, 6, 5, 2), y, z)
    fill(np.maximum(septum, np.abs(x) - 4), "fluid")
    fill(np.maximum(septum, np.abs(x) - 1), "deep grey")
    fill(np.maximum(fornix, np.abs(x) - 3), "white matter")


def cerebellum(
    volume: Floats,
    near: Surfaces,
    x: Floats,
    y: Floats,
    z: Floats,
    values: dict[str, float],
) -> None:
    """White tree, grey leaves."""
    edge = 1.1
    px, py, pz = x, y - 36, z + 36
    angle = np.arctan2(pz, py) + np.float32(0.004) * np.abs(px)
    reach = np.hypot(py, pz)
    rim = -near.cerebellum
    grey, white = values["grey matter"], values["white matter"]
    blend(volume, inside(near.cerebellum, edge), np.float32(grey))
    stem = np.abs(np.sin(4.5 * angle + 0.5 * np.sin(0.09 * np.abs(px)))) * reach * 0.22
    twigs = np.abs(np.sin(11 * angle + 0.35 * reach)) * reach * np.float32(0.09)
    bough = np.maximum(stem - 1.5, 7 - rim)
    twig = np.maximum(np.maximum(twigs - 0.55, 3.5 - rim), 11 - reach)
    centre = np.hypot(np.hypot(py + 1, pz) * 1.0, np.maximum(np.abs(px) - 26, 0)) - 11
    for shape in (twig, bough, centre):
        blend(volume, inside(np.maximum(shape, near.cerebellum + 2.5), edge),
              np.float32(white))  # fmt: skip
    leaf = np.abs(np.sin(1.15 * rim + 14 * angle)) * np.float32(1.6)
    fold = np.maximum(leaf - 0.35, np.maximum(rim - 8, -rim))
    blend(volume, 0.55 * inside(fold, edge), np.float32(values["fluid"]))


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
