"""A CT scanner around the invented chest: table, dose, and the noise that follows."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from viewer.core.phantom.grid import Floats, Grid
from viewer.core.phantom.shapes import blend, inside
from viewer.core.phantom.texture import blur, scanner_noise
from viewer.core.phantom.thorax.body import Thorax

_WATER_PER_MM = 0.0193  # linear attenuation at the mean energy of 120 kV


@dataclass(frozen=True)
class ChestScan:
    """One helical acquisition.

    Attributes
    ----------
    body : Thorax
    grid : Grid
        The voxels to reconstruct; rows and columns are equal in number.
    noise_hu : float
        Standard deviation in the middle of the heart.
    seed : int
    shift_mm : tuple of float
        Where the body lies compared with the grid, x, y, z: nobody lies the same
        way twice.
    """

    body: Thorax
    grid: Grid
    noise_hu: float
    seed: int
    shift_mm: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def slices(self, first: int, stop: int) -> npt.NDArray[np.int16]:
        """Hounsfield units of some slices, ``(stop - first, rows, columns)``."""
        x, y, z = self.grid.x, self.grid.y, self.grid.z[first:stop]
        dx, dy, dz = (np.float32(shift) for shift in self.shift_mm)
        volume = self.body.paint(Grid(x - dx, y - dy, z - dz))
        _lay_table(volume, Grid(x, y, z))
        volume += np.stack([self._noise(v, first + n) for n, v in enumerate(volume)])
        stored: npt.NDArray[np.int16] = np.rint(volume).clip(-1024, 3071).astype("i2")
        return stored

    def _noise(self, image: Floats, number: int) -> Floats:
        """Noise of one slice: more where more tissue lay in the way of the rays."""
        size = image.shape[0]
        step = float(self.grid.x[1] - self.grid.x[0])
        water = np.maximum(image + 1000, 0) * np.float32(_WATER_PER_MM / 1000)
        across, down = water.sum(1) * step, water.sum(0) * step
        rays = 0.25 * (across[:, None] + down[None, :])
        level = np.clip(np.exp(rays - 2.2), 0.28, 2.6)
        grain = scanner_noise((self.seed, number), size)
        rng = np.random.default_rng((self.seed, number, 1))
        streak = blur(rng.standard_normal((1, size), dtype=np.float32).T, 0.8)
        starved = np.clip(across - 5.6, 0, 3)[:, None]
        noise: Floats = np.float32(self.noise_hu) * (
            level * grain + 0.5 * starved * streak
        )
        return noise


def _lay_table(volume: Floats, grid: Grid) -> None:
    """The carbon shell of the table and the mattress on it, below the back."""
    x, y, _ = grid.mesh
    top = 131 - np.square(x) / 1100
    depth = y - top
    width = np.abs(x) - 186
    mattress = np.maximum(np.abs(depth + 3.5) - 3.5, width + 12)
    shell = np.maximum(np.abs(np.abs(depth - 14) - 13) - 1.1, width)
    core = np.maximum(np.abs(depth - 14) - 12, width)
    outside = inside(-500 - volume, 200)  # never over the body
    for part, value in ((mattress, -880.0), (core, -945.0), (shell, -180.0)):
        blend(volume, inside(part, 1.0) * (1 - outside), value)
