"""The whole chest, painted onto any grid."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from viewer.core.phantom.assembly import Assembly
from viewer.core.phantom.canvas import Canvas
from viewer.core.phantom.grid import Floats, Grid, Vector
from viewer.core.phantom.shapes import Ellipsoid, Shape, path
from viewer.core.phantom.texture import Cloud
from viewer.core.phantom.thorax import organs
from viewer.core.phantom.thorax.outline import (
    cage,
    diaphragm,
    fissure,
    lung,
    skin,
    spine_y,
)
from viewer.core.phantom.thorax.skeleton import skeleton
from viewer.core.phantom.thorax.trees import liver_tree, lung_trees


@dataclass(frozen=True)
class Nodule:
    """A lump in the lung.

    Attributes
    ----------
    center_mm : tuple of float
        LPS.
    diameter_mm : float
    tissue : str
    spicules : int
        Fine strands that leave it.
    """

    center_mm: Vector
    diameter_mm: float
    tissue: str = "nodule"
    spicules: int = 0

    def shapes(self, seed: int) -> tuple[Shape, ...]:
        """The lump, slightly lobed, with its strands."""
        r = self.diameter_mm / 2
        x, y, z = self.center_mm
        rng = np.random.default_rng((seed, 77))
        found: list[Shape] = [Ellipsoid(self.center_mm, (r, r, r), self.tissue)]
        for towards in rng.normal(size=(self.spicules, 3)):
            dx, dy, dz = towards / np.linalg.norm(towards)
            far = r * rng.uniform(1.5, 2.1)
            found += path(
                [self.center_mm, (x + far * dx, y + far * dy, z + far * dz)],
                (0.9, 0.25),
                self.tissue,
            )
        return tuple(found)


@dataclass(frozen=True)
class Thorax:
    """One invented chest.

    Attributes
    ----------
    tissues : mapping
        Hounsfield units of every tissue.
    nodules : tuple of Nodule
    seed : int
        Grows the trees and the texture.
    standing : bool
        For radiographs: the air in the stomach rises to the head instead of the
        front, and the muscles have no streaks of fat, whose sum along a ray shows
        the lattice of their texture.
    """

    tissues: Mapping[str, float]
    nodules: tuple[Nodule, ...] = ()
    seed: int = 1
    standing: bool = False
    edge_mm: float = 1.3
    _clouds: tuple[Cloud, Cloud] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        clouds = (Cloud((self.seed, 1), 22.0), Cloud((self.seed, 2), 5.5))
        object.__setattr__(self, "_clouds", clouds)

    @cached_property
    def _inner(self) -> Assembly:
        """What lies over the soft tissues, in painting order."""
        lumps = (s for n in self.nodules for s in n.shapes(self.seed))
        shapes = (
            *organs.neck_and_abdomen(),
            *liver_tree(self.seed),
            *lung_trees(self.seed),
            *lumps,
            *organs.heart(),
            *skeleton(),
            *organs.great_vessels(),
            *organs.airways(),
        )
        return Assembly(shapes)

    def prepare(self) -> None:
        """Grow everything once, before several threads paint."""
        _ = self._inner

    def paint(self, grid: Grid) -> Floats:
        """Hounsfield units on `grid`, ``grid.shape``, without noise."""
        canvas = Canvas(grid, self.tissues, self.edge_mm)
        broad, fine = (cloud.on(grid) for cloud in self._clouds)
        ribs = cage(canvas.x, canvas.y, canvas.z)
        around = _Around(ribs, skin(canvas.x, canvas.y, canvas.z), broad, fine)
        self._wall(canvas, around)
        _belly(canvas, around)
        _lungs(canvas, around)
        canvas.lay(self._inner)
        self._stomach_air(canvas)
        return canvas.volume

    def _wall(self, canvas: Canvas, around: "_Around") -> None:
        """Skin, fat, and muscle streaked with fat."""
        y, z = canvas.y, canvas.z
        broad, fine = around.broad, around.fine
        fat, muscle = self.tissues["fat"], self.tissues["muscle"]
        canvas.fill(around.skin, "skin")
        canvas.fill(around.skin + 1.8, fat + 5 * fine)
        back = np.exp(-np.square((y - 92) / 26))
        shoulders = np.clip((z - 5) / 80, 0, 1)
        thick = 15 + 14 * back + 75 * shoulders + 3 * broad
        skin_fat = 9 + 5 * np.clip(-(z + 20) / 90, 0, 1) + 2 * broad
        meat = np.maximum(around.ribs - thick, around.skin + skin_fat)
        canvas.fill(meat, muscle + 5 * broad + 5 * fine)
        if not self.standing:
            sheets = np.remainder(around.ribs + 5 * broad + 2 * fine, 17)
            strands = 6 * (np.abs(fine + 0.6 * broad) - 0.035)
            streaks = np.minimum(
                np.abs(sheets - 13) - 0.3, np.maximum(strands, 3 * (0.1 - broad))
            )
            streaks = np.maximum(meat + 1, streaks)
            canvas.fill(streaks, fat + 20 + 0 * fine, edge_mm=1.6, strength=0.4)
        canvas.fill(np.abs(around.ribs - 5) - 4.5, muscle + 6 * fine)

    def _stomach_air(self, canvas: Canvas) -> None:
        """The bubble above the level of the fluid."""
        bubble = Ellipsoid((52, -26, -130), (39, 31, 35), "air", (0.5, 0.2, 1))
        level = -116 - canvas.z if self.standing else canvas.y + 38
        near = bubble.distance(canvas.x, canvas.y, canvas.z)
        canvas.fill(np.maximum(near, level), "air")


@dataclass(frozen=True)
class _Around:
    """Distances to the rib cage and the skin, and the two textures, on one grid."""

    ribs: Floats
    skin: Floats
    broad: Floats
    fine: Floats


def _belly(canvas: Canvas, around: _Around) -> None:
    """Fat of mediastinum and belly, diaphragm, liver, muscles beside the spine."""
    x, y, z = canvas.x, canvas.y, canvas.z
    ribs, broad, fine = around.ribs, around.broad, around.fine
    canvas.fill(ribs, canvas.tissues["fat"] + 8 * fine)
    dome = (z - diaphragm(x, y)) * 0.75
    canvas.fill(np.maximum(ribs + 1, np.abs(dome) - 1.4), "muscle")
    lobe = (x - 34 + 0.35 * (y + 10) + 0.3 * (z + 100)) * 0.85
    bottom = (-225 + 0.55 * (x + 40) - z) * 0.8
    liver = np.maximum(np.maximum(ribs + 4, dome + 3), np.maximum(lobe, bottom))
    hollow = np.hypot(x + 4, y - 64) - 46 + 4 * broad
    pulp = canvas.tissues["liver"] + 3 * fine + 2 * broad
    canvas.fill(np.maximum(liver, -hollow), pulp)
    psoas = np.hypot(np.abs(x) - 26, y - spine_y(z)) - 15
    canvas.fill(np.maximum(psoas, dome + 6), "muscle")


def _lungs(canvas: Canvas, around: _Around) -> None:
    """Air with its fine texture, denser at the back, and the fissures."""
    x, y, z = canvas.x, canvas.y, canvas.z
    surface = lung(x, y, z, around.ribs)
    air = canvas.tissues["lung"] + 0.35 * (y - 10)
    canvas.fill(surface, air + 14 * around.broad + 16 * around.fine)
    sheet = np.maximum(surface + 1, fissure(x, y, z) - 0.35)
    canvas.fill(sheet, "fissure", edge_mm=1.2, strength=0.45)
