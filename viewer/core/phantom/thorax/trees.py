"""The trees of the lungs and of the liver, grown where there is room for them."""

import numpy as np

from viewer.core.phantom.growth import Points, grow
from viewer.core.phantom.shapes import Shape, Tube
from viewer.core.phantom.thorax.organs import HILA
from viewer.core.phantom.thorax.outline import cage, diaphragm, lung

_LOW, _HIGH = (-140.0, -90.0, -150.0), (140.0, 110.0, 125.0)


def lung_trees(seed: int) -> tuple[Shape, ...]:
    """Arteries, veins and small airways of both lungs."""
    shapes: list[Shape] = []
    for n, (side, (x, y, z)) in enumerate(HILA.items()):
        room = _room_in_lung((seed, n), 5400, side)
        arteries = grow((x, y, z), room[:2600], 0.45, 0.35)
        veins = grow((x * 0.8, y - 8, z - 26), room[2600:5100], 0.43, 0.3)
        bronchi = grow((x * 1.08, y + 4, z + 1), room[5100:5240], 0.75, 0.3)
        shapes += [
            Tube(a, b, r + 0.7, s + 0.7, "soft tissue")
            for a, b, r, s in bronchi.branches()
        ]
        shapes += [Tube(a, b, r, s, "air") for a, b, r, s in bronchi.branches()]
        for tree, blood in ((arteries, "lung artery"), (veins, "lung vein")):
            shapes += [Tube(a, b, r, s, blood) for a, b, r, s in tree.branches()]
    return tuple(shapes)


def liver_tree(seed: int) -> tuple[Shape, ...]:
    """Portal and hepatic veins."""
    rng = np.random.default_rng((seed, 9))
    points = rng.uniform((-125, -70, -190), (25, 70, -72), (900, 3))
    x, y, z = points.astype(np.float32).T
    within = (cage(x, y, z) < -14) & (diaphragm(x, y) - z > 14) & (x < 20 - 0.5 * y)
    room = points[within]
    half = len(room) // 2
    portal = grow((-18.0, 0.0, -150.0), room[:half], 0.9, 0.3)
    hepatic = grow((-20.0, 12.0, -84.0), room[half:], 0.8, 0.3)
    return tuple(
        Tube(a, b, r, s, "liver vein")
        for tree in (portal, hepatic)
        for a, b, r, s in tree.branches()
    )


def _room_in_lung(seed: tuple[int, ...], count: int, side: str) -> Points:
    """Points inside one lung, a few mm off its surface, ``(count, 3)``."""
    rng = np.random.default_rng((*seed, 5))
    points = rng.uniform(_LOW, _HIGH, (count * 7, 3))
    x, y, z = points.astype(np.float32).T
    on_side = x < 0 if side == "right" else x > 0
    room: Points = points[on_side & (lung(x, y, z) < -4)][:count]
    return room
