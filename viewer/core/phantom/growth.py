"""Trees that grow into a space: vessels and airways."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from viewer.core.phantom.grid import Vector

Points = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Tree:
    """Branches that end where the leaves are.

    Attributes
    ----------
    points : ndarray
        ``(n, 3)`` LPS mm; the first is the root.
    parents : ndarray
        Index of the point each one hangs on, ``(n,)``; the root hangs on itself.
    radii : ndarray
        Of the branch that ends at each point, mm, ``(n,)``.
    """

    points: Points
    parents: npt.NDArray[np.intp]
    radii: Points

    def branches(self) -> list[tuple[Vector, Vector, float, float]]:
        """Start, end and the radii there, of every branch, thickest first."""
        order = np.argsort(-self.radii, kind="stable")
        return [
            (
                _vector(self.points[self.parents[n]]),
                _vector(self.points[n]),
                min(float(self.radii[self.parents[n]]), 1.3 * float(self.radii[n])),
                float(self.radii[n]),
            )
            for n in order
            if n
        ]


def grow(root: Vector, targets: Points, leaf_radius: float, detour: float) -> Tree:
    """Connect `targets` to `root`, nearest first, each to the best place of the tree.

    A branch point is good when it is near, and when the way back to the root is
    short; `detour` (0 to 1) weighs the second. Radii follow Murray's law: the cubes
    of the children's add up to the cube of the parent's.
    """
    start = np.asarray(root, dtype=np.float64)
    order = np.argsort(np.linalg.norm(targets - start, axis=1), kind="stable")
    points = np.vstack([start, targets[order]])
    parents = np.zeros(len(points), np.intp)
    way = np.zeros(len(points))
    for n in range(1, len(points)):
        steps = np.sqrt(np.square(points[:n] - points[n]).sum(axis=1))
        best = int(np.argmin(steps + detour * way[:n]))
        parents[n] = best
        way[n] = way[best] + steps[best]
    cubes = np.full(len(points), leaf_radius**3)
    for n in range(len(points) - 1, 0, -1):
        cubes[parents[n]] += cubes[n]
    return Tree(points, parents, np.cbrt(cubes))


def _vector(point: Points) -> Vector:
    return (float(point[0]), float(point[1]), float(point[2]))
