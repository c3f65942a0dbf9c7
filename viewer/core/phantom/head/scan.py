"""A T1-weighted gradient echo of the invented head."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from viewer.core.phantom.grid import Floats, Grid
from viewer.core.phantom.head import brain
from viewer.core.phantom.head.face import face_shapes
from viewer.core.phantom.head.surfaces import Surfaces, surfaces
from viewer.core.phantom.shapes import blend, inside, paint
from viewer.core.phantom.texture import Cloud

_EDGE_MM = 1.1


@dataclass(frozen=True)
class HeadScan:
    """One volume acquisition.

    Attributes
    ----------
    signals : mapping
        Signal of every tissue, noise-free.
    noise : float
        Standard deviation of each of the two channels.
    seed : int
    """

    signals: Mapping[str, float]
    noise: float
    seed: int

    def volume(self, grid: Grid) -> npt.NDArray[np.uint16]:
        """Magnitudes on `grid`, ``grid.shape``, as the scanner stores them."""
        signal = self.tissue(grid) * _coil(grid)
        rng = np.random.default_rng((self.seed, int(grid.x[0] * 1000) % 2**31))
        real, imaginary = (
            np.float32(self.noise) * rng.standard_normal(grid.shape, dtype=np.float32)
            for _ in range(2)
        )
        magnitude = np.hypot(signal + real, imaginary)
        return np.clip(np.rint(magnitude), 0, 4095).astype(np.uint16)

    def tissue(self, grid: Grid) -> Floats:
        """Signal on `grid` with neither coil nor noise."""
        x, y, z = grid.mesh
        near = surfaces(x, y, z)
        volume = np.full(grid.shape, self.signals["air"], np.float32)

        def fill(distance: Floats, tissue: str) -> None:
            blend(volume, inside(distance, _EDGE_MM), np.float32(self.signals[tissue]))

        self._soft_parts(volume, near, grid)
        self._skull(volume, near, grid)
        paint(volume, grid, face_shapes(), self.signals, _EDGE_MM)
        brain.cerebrum(fill, near, *_full(grid), self.seed)
        paint(volume, grid, brain.deep_shapes(), self.signals, _EDGE_MM)
        brain.callosum(fill, x, y, z)
        brain.cerebellum(volume, near, *_full(grid), dict(self.signals))
        paint(volume, grid, brain.petrous_bone(), self.signals, _EDGE_MM)
        paint(volume, grid, brain.stem_shapes(), self.signals, _EDGE_MM)
        fill(-near.skin, "air")
        return volume

    def _soft_parts(self, volume: Floats, near: Surfaces, grid: Grid) -> None:
        """Skin, fat, and the muscles of face and neck between strands of fat."""
        x, y, z = grid.mesh
        broad, fine = (Cloud((self.seed, n), c).on(grid) for n, c in ((11, 17), (12, 6)))
        fat, muscle = self.signals["fat"], self.signals["muscle"]

        def fill(distance: Floats, value: float | Floats) -> None:
            blend(volume, inside(distance, _EDGE_MM), value)

        fill(near.skin, np.float32(self.signals["skin"]))
        fill(near.skin + 2, fat + 40 * fine)
        low = np.clip((-z - 20) / np.float32(60), 0, 1)
        front = np.clip((-y - 62) / np.float32(14), 0, 1) * low
        thick = 5.6 + low * (6 + 4 * broad) * (1 - front) - 2.4 * front
        fill(near.skin + thick, muscle + 25 * fine)
        layer = np.abs(np.remainder(near.skin + 7 * broad + 2 * fine, 15) - 8) - 0.6
        strand = np.abs(fine + 0.5 * broad) * np.float32(5) - 0.3
        streak = np.minimum(layer, np.maximum(strand, 5 * (0.3 - broad)))
        inner = np.maximum(near.skin + thick + 1, np.maximum(streak, z + 22))
        blend(volume, 0.5 * inside(inner, 1.8), np.float32(0.8 * fat))

    def _skull(self, volume: Floats, near: Surfaces, grid: Grid) -> None:
        """Dark outer and inner table, marrow between them, fluid inside."""
        _, y, z = grid.mesh
        broad = Cloud((self.seed, 13), 15.0).on(grid)
        thick = 6.2 + 0.8 * broad
        rim = np.interp(y, (-70, -40, 0, 30, 60), (-12, -14, -42, -58, -64))
        low = (rim - z).astype(np.float32)
        vault = np.minimum(np.maximum(near.dome - thick, low), near.cavity - 2.0)

        def fill(distance: Floats, tissue: str) -> None:
            blend(volume, inside(distance, _EDGE_MM), np.float32(self.signals[tissue]))

        fill(vault, "bone")
        marrow = np.maximum(near.dome - thick + 1.6, 1.7 - near.dome)
        fill(np.maximum(marrow, low + 4), "marrow")
        fill(near.cavity, "fluid")


def _full(grid: Grid) -> tuple[Floats, Floats, Floats]:
    x, y, z = np.broadcast_arrays(*grid.mesh)
    return x, y, z


def _coil(grid: Grid) -> Floats:
    """Sensitivity of a head coil: stronger near its elements, fading at the neck."""
    x, y, z = grid.mesh
    far = np.square(x / 100) + np.square((y - 5) / 118) + np.square((z - 5) / 105)
    fade = 1 / (1 + np.exp(-(z + 128) / np.float32(16)))
    sensitivity: Floats = ((0.86 + 0.26 * far) * fade).astype(np.float32)
    return sensitivity
