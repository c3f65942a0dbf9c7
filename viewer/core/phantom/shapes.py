"""The building blocks of a body: ellipsoids and tubes with soft edges.

A later shape lies over an earlier one. Edges are blended over about a voxel, as the
point spread of a scanner does, so that slices in every direction look smooth.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from viewer.core.phantom.grid import Floats, Vector


def unit(direction: Vector) -> Vector:
    """The direction with length 1."""
    length = math.hypot(*direction)
    return (direction[0] / length, direction[1] / length, direction[2] / length)


@dataclass(frozen=True)
class Ellipsoid:
    """A solid ellipsoid.

    Attributes
    ----------
    center, radii : tuple of float
        LPS mm; `radii` along x, y, z before turning.
    tissue : str
        What fills it.
    long_axis : tuple of float or None
        Where the third radius points; None leaves it on z.
    """

    center: Vector
    radii: Vector
    tissue: str
    long_axis: Vector | None = None

    @cached_property
    def _axes(self) -> tuple[Vector, Vector, Vector]:
        """Unit vectors along the three radii."""
        if self.long_axis is None:
            return (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
        x, y, z = third = unit(self.long_axis)
        u, v, w = first = unit((z, 0.0, -x))  # y × third
        return first, (y * w - z * v, z * u - x * w, x * v - y * u), third

    def bounds(self) -> tuple[Vector, Vector]:
        """Lowest and highest corner of the box around it."""
        x, y, z = self.center
        a, b, c = (
            math.hypot(
                *(axis[n] * r for axis, r in zip(self._axes, self.radii, strict=True))
            )
            for n in range(3)
        )
        return (x - a, y - b, z - c), (x + a, y + b, z + c)

    def distance(self, x: Floats, y: Floats, z: Floats) -> Floats:
        """Distance to the surface in mm, negative inside, exact near it."""
        px, py, pz = x - self.center[0], y - self.center[1], z - self.center[2]
        scaled = [
            (px * u + py * v + pz * w) / radius
            for (u, v, w), radius in zip(self._axes, self.radii, strict=True)
        ]
        a, b, c = (np.square(part) for part in scaled)
        root = np.sqrt(a + b + c)
        ra, rb, rc = (1 / radius**2 for radius in self.radii)
        steep = a * ra + b * rb + c * rc
        # f / |grad f|, the first term of the true distance
        nearness = (root - 1) * root / np.sqrt(steep + 1e-12)
        found: Floats = np.where(root > 1e-3, nearness, -min(self.radii))
        return found


@dataclass(frozen=True)
class Tube:
    """A straight piece of tube with round ends.

    Attributes
    ----------
    start, end : tuple of float
        LPS mm.
    radius, end_radius : float
        At the two ends, mm.
    tissue : str
    tall : float
        How many times higher (along z) than wide it is: ribs are flat.
    """

    start: Vector
    end: Vector
    radius: float
    end_radius: float
    tissue: str
    tall: float = 1.0

    def bounds(self) -> tuple[Vector, Vector]:
        """Lowest and highest corner of the box around it."""
        reach = max(self.radius, self.end_radius)
        a, b, up = self.start, self.end, reach * self.tall
        return (
            (min(a[0], b[0]) - reach, min(a[1], b[1]) - reach, min(a[2], b[2]) - up),
            (max(a[0], b[0]) + reach, max(a[1], b[1]) + reach, max(a[2], b[2]) + up),
        )

    def distance(self, x: Floats, y: Floats, z: Floats) -> Floats:
        """Distance to the surface in mm, negative inside."""
        squash = 1 / self.tall
        px, py = x - self.start[0], y - self.start[1]
        pz = (z - self.start[2]) * squash
        vx, vy = self.end[0] - self.start[0], self.end[1] - self.start[1]
        vz = (self.end[2] - self.start[2]) * squash
        length2 = max(vx * vx + vy * vy + vz * vz, 1e-9)
        along = px * vx + py * vy + pz * vz
        t = np.clip(along / length2, 0, 1)
        away2 = px * px + py * py + pz * pz
        away2 = away2 - t * (2 * along - t * length2)
        radius = self.radius + t * (self.end_radius - self.radius)
        nearness: Floats = np.sqrt(np.maximum(away2, 0)) - radius
        return nearness


@dataclass(frozen=True)
class Drum:
    """A short upright column with a waist: a vertebral body, a disc.

    Attributes
    ----------
    center : tuple of float
        LPS mm.
    half_width, half_depth, half_height : float
        Along x, y, z, mm, at its ends.
    tissue : str
    waist : float
        How much narrower its middle is, as a share.
    """

    center: Vector
    half_width: float
    half_depth: float
    half_height: float
    tissue: str
    waist: float = 0.0

    def bounds(self) -> tuple[Vector, Vector]:
        """Lowest and highest corner of the box around it."""
        x, y, z = self.center
        wide, deep, high = self.half_width, self.half_depth, self.half_height
        return (x - wide, y - deep, z - high), (x + wide, y + deep, z + high)

    def distance(self, x: Floats, y: Floats, z: Floats) -> Floats:
        """Distance to the surface in mm, negative inside."""
        px, py, pz = x - self.center[0], y - self.center[1], z - self.center[2]
        level = np.minimum(np.abs(pz) / self.half_height, 1)
        narrow = 1 - self.waist * (1 - level * level)
        fx, fy = px / (self.half_width * narrow), py / (self.half_depth * narrow)
        f = np.sqrt(fx * fx + fy * fy)
        reach = np.hypot(px, py)
        side = reach - reach / np.maximum(f, 1e-3)
        side = np.where(f > 1e-3, side, -self.half_depth)
        nearest: Floats = np.maximum(side, np.abs(pz) - self.half_height)
        return nearest


Shape = Ellipsoid | Tube | Drum


def path(
    points: Iterable[Vector],
    radii: float | Iterable[float],
    tissue: str,
    *,
    tall: float = 1.0,
) -> tuple[Tube, ...]:
    """Join `points` by tubes; one radius for all, or one for each point."""
    corners = list(points)
    widths = (
        [float(radii)] * len(corners)
        if isinstance(radii, int | float)
        else [float(r) for r in radii]
    )
    return tuple(
        Tube(a, b, ra, rb, tissue, tall)
        for a, b, ra, rb in zip(corners, corners[1:], widths, widths[1:], strict=False)
    )


def inside(distance: Floats, edge: float) -> Floats:
    """Share of a voxel (0 to 1) inside a surface at `distance` mm; `edge` mm wide."""
    share: Floats = np.clip(0.5 - distance * 1 / edge, 0, 1)
    return share


def blend(volume: Floats, share: Floats, value: float | Floats) -> None:
    """Fill `share` of each voxel of `volume` with `value`, in place."""
    volume += share * (value - volume)
