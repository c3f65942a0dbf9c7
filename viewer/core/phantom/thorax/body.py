"""The whole chest, painted onto any grid."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from viewer.core.phantom.grid import Floats, Grid, Vector
from viewer.core.phantom.shapes import Ellipsoid, Shape, blend, inside, paint, path
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
    def _inner(self) -> tuple[Shape, ...]:
        """What lies over the soft tissues, in painting order."""
        lumps = (s for n in self.nodules for s in n.shapes(self.seed))
        return (
            *organs.neck_and_abdomen(),
            *liver_tree(self.seed),
            *lung_trees(self.seed),
            *lumps,
            *organs.heart(),
            *skeleton(),
            *organs.great_vessels(),
            *organs.airways(),
        )

    def prepare(self) -> None:
        """Grow everything once, before several threads paint."""
        _ = self._inner

    def paint(self, grid: Grid) -> Floats:
        """Hounsfield units on `grid`, ``grid.shape``, without noise."""
        x, y, z = grid.mesh
        broad, fine = (cloud.on(grid) for cloud in self._clouds)
        volume = np.full(grid.shape, self.tissues["air"], np.float32)
        ribs = cage(x, y, z)
        self._wall(volume, skin(x, y, z), ribs, (broad, fine), y, z)
        self._belly(volume, ribs, (broad, fine), x, y, z)
        self._lungs(volume, ribs, (broad, fine), x, y, z)
        paint(volume, grid, self._inner, self.tissues, self.edge_mm)
        self._stomach_air(volume, x, y, z)
        return volume

    def _fill(self, volume: Floats, distance: Floats, value: float | Floats) -> None:
        blend(volume, inside(distance, self.edge_mm), value)

    def _wall(
        self,
        volume: Floats,
        surface: Floats,
        ribs: Floats,
        clouds: tuple[Floats, Floats],
        y: Floats,
        z: Floats,
    ) -> None:
        """Skin, fat, and muscle streaked with fat."""
        broad, fine = clouds
        fat, muscle = self.tissues["fat"], self.tissues["muscle"]
        self._fill(volume, surface, self.tissues["skin"])
        self._fill(volume, surface + 1.8, fat + 5 * fine)
        back = np.exp(-np.square((y - 92) / np.float32(26)))
        shoulders = np.clip((z - 5) / np.float32(80), 0, 1)
        thick = 15 + 14 * back + 75 * shoulders + 3 * broad
        skin_fat = 9 + 5 * np.clip(-(z + 20) / np.float32(90), 0, 1) + 2 * broad
        meat = np.maximum(ribs - thick, surface + skin_fat)
        self._fill(volume, meat, muscle + 5 * broad + 5 * fine)
        layer = np.abs(np.remainder(ribs + 5 * broad + 2 * fine, 17) - 13) - 0.3
        strands = 6 * (np.abs(fine + 0.6 * broad) - 0.035)
        streaks = np.minimum(layer, np.maximum(strands, 3 * (0.1 - broad)))
        if not self.standing:
            share = inside(np.maximum(meat + 1, streaks), 1.6)
            blend(volume, 0.4 * share, fat + 20)
        self._fill(volume, np.abs(ribs - 5) - 4.5, muscle + 6 * fine)

    def _belly(
        self,
        volume: Floats,
        ribs: Floats,
        clouds: tuple[Floats, Floats],
        x: Floats,
        y: Floats,
        z: Floats,
    ) -> None:
        """Fat of mediastinum and belly, diaphragm, liver, muscles beside the spine."""
        broad, fine = clouds
        self._fill(volume, ribs, self.tissues["fat"] + 8 * fine)
        dome = (z - diaphragm(x, y)) * np.float32(0.75)
        self._fill(volume, np.maximum(ribs + 1, np.abs(dome) - 1.4),
                   self.tissues["muscle"])  # fmt: skip
        lobe = (x - 34 + 0.35 * (y + 10) + 0.3 * (z + 100)) * np.float32(0.85)
        bottom = (-225 + 0.55 * (x + 40) - z) * np.float32(0.8)
        liver = np.maximum(np.maximum(ribs + 4, dome + 3), np.maximum(lobe, bottom))
        hollow = np.hypot(x + 4, y - 64) - 46 + 4 * broad
        self._fill(volume, np.maximum(liver, -hollow),
                   self.tissues["liver"] + 3 * fine + 2 * broad)  # fmt: skip
        psoas = np.hypot(np.abs(x) - 26, y - spine_y(z)) - 15
        self._fill(volume, np.maximum(psoas, dome + 6), self.tissues["muscle"])

    def _lungs(
        self,
        volume: Floats,
        ribs: Floats,
        clouds: tuple[Floats, Floats],
        x: Floats,
        y: Floats,
        z: Floats,
    ) -> None:
        """Air with its fine texture, denser at the back, and the fissures."""
        broad, fine = clouds
        surface = lung(x, y, z, ribs)
        air = self.tissues["lung"] + 0.35 * (y - 10) + 14 * broad + 16 * fine
        self._fill(volume, surface, air)
        sheet = np.maximum(surface + 1, fissure(x, y, z) - 0.35)
        blend(volume, 0.45 * inside(sheet, 1.2), np.float32(-450))

    def _stomach_air(self, volume: Floats, x: Floats, y: Floats, z: Floats) -> None:
        """The bubble above the level of the fluid."""
        bubble = Ellipsoid((52, -26, -130), (39, 31, 35), "air", (0.5, 0.2, 1))
        level = -116 - z if self.standing else y + 38
        near = np.maximum(bubble.distance(x, y, z), level)
        self._fill(volume, near, self.tissues["air"])
