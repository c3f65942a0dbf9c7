"""A T1-weighted gradient echo of the invented head."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from viewer.core.phantom.assembly import Assembly
from viewer.core.phantom.canvas import Canvas
from viewer.core.phantom.grid import Floats, Grid
from viewer.core.phantom.head import brain
from viewer.core.phantom.head.face import face_shapes
from viewer.core.phantom.head.surfaces import Surfaces, surfaces
from viewer.core.phantom.texture import Cloud

_EDGE_MM = 1.1
_FACE = Assembly(face_shapes())
_DEEP = Assembly(brain.deep_shapes())
_PETROUS = Assembly(brain.petrous_bone())
_STEM = Assembly(brain.stem_shapes())


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

    @cached_property
    def _clouds(self) -> tuple[Cloud, Cloud, Cloud]:
        """Lumps of fat and muscle, their strands, and the thickness of the skull."""
        seed = self.seed
        return Cloud((seed, 11), 17.0), Cloud((seed, 12), 6.0), Cloud((seed, 13), 15.0)

    @cached_property
    def _folds(self) -> brain.Folds:
        return brain.Folds.of(self.seed)

    def prepare(self) -> None:
        """Throw the dice once, before several threads paint."""
        _ = self._clouds, self._folds

    def volume(self, grid: Grid) -> npt.NDArray[np.uint16]:
        """Magnitudes on `grid`, ``grid.shape``, as the scanner stores them."""
        signal = self.tissue(grid) * _coil(grid)
        rng = np.random.default_rng((self.seed, int(grid.x[0] * 1000) % 2**31))
        real, imaginary = (
            self.noise * rng.standard_normal(grid.shape, dtype=np.float32)
            for _ in range(2)
        )
        magnitude = np.hypot(signal + real, imaginary)
        stored: npt.NDArray[np.uint16]
        stored = np.rint(magnitude).clip(0, 4095).astype(np.uint16)
        return stored

    def tissue(self, grid: Grid) -> Floats:
        """Signal on `grid` with neither coil nor noise."""
        canvas = Canvas(grid, self.signals, _EDGE_MM)
        near = surfaces(canvas.x, canvas.y, canvas.z)
        self._soft_parts(canvas, near)
        self._skull(canvas, near)
        canvas.lay(_FACE)
        brain.cerebrum(canvas, near, self._folds)
        canvas.lay(_DEEP)
        brain.callosum(canvas)
        brain.cerebellum(canvas, near)
        canvas.lay(_PETROUS)
        canvas.lay(_STEM)
        canvas.fill(-near.skin, "air")
        return canvas.volume

    def _soft_parts(self, canvas: Canvas, near: Surfaces) -> None:
        """Skin, fat, and the muscles of face and neck between strands of fat."""
        y, z = canvas.y, canvas.z
        broad, fine = (cloud.on(canvas.grid) for cloud in self._clouds[:2])
        fat, muscle = self.signals["fat"], self.signals["muscle"]
        canvas.fill(near.skin, "skin")
        canvas.fill(near.skin + 2, fat + 40 * fine)
        low = np.clip((-z - 20) / 60, 0, 1)
        front = np.clip((-y - 62) / 14, 0, 1) * low
        thick = 5.6 + low * (6 + 4 * broad) * (1 - front) - 2.4 * front
        canvas.fill(near.skin + thick, muscle + 25 * fine)
        sheets = np.remainder(near.skin + 7 * broad + 2 * fine, 15)
        strand = np.abs(fine + 0.5 * broad) * 5 - 0.3
        streak = np.minimum(
            np.abs(sheets - 8) - 0.6, np.maximum(strand, 5 * (0.3 - broad))
        )
        inner = np.maximum(near.skin + thick + 1, np.maximum(streak, z + 22))
        canvas.fill(inner, 0.8 * fat + 0 * fine, edge_mm=1.8, strength=0.5)

    def _skull(self, canvas: Canvas, near: Surfaces) -> None:
        """Dark outer and inner table, marrow between them, fluid inside."""
        y, z = canvas.y, canvas.z
        thick = 6.2 + 0.8 * self._clouds[2].on(canvas.grid)
        rim = np.interp(y, (-70, -40, 0, 30, 60), (-12, -14, -42, -58, -64))
        low = (rim - z).astype(np.float32)
        vault = np.minimum(np.maximum(near.dome - thick, low), near.cavity - 2.0)
        canvas.fill(vault, "bone")
        marrow = np.maximum(near.dome - thick + 1.6, 1.7 - near.dome)
        canvas.fill(np.maximum(marrow, low + 4), "marrow")
        canvas.fill(near.cavity, "fluid")


def _coil(grid: Grid) -> Floats:
    """Sensitivity of a head coil: stronger near its elements, fading at the neck."""
    x, y, z = grid.mesh
    far = np.square(x / 100) + np.square((y - 5) / 118) + np.square((z - 5) / 105)
    fade = 1 / (1 + np.exp(-(z + 128) / 16))
    sensitivity: Floats = ((0.86 + 0.26 * far) * fade).astype(np.float32)
    return sensitivity
