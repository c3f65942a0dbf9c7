"""What keeps a phantom from looking like plastic: slow variation and scanner noise."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import product

import numpy as np
import numpy.typing as npt

from viewer.core.phantom.grid import Floats, Grid

Whole = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Cloud:
    """A smooth random field without an edge, about -1 to 1.

    Attributes
    ----------
    seed : tuple of int
        Equal seeds give equal fields.
    cell : float
        Size of its lumps, mm.
    """

    seed: tuple[int, ...]
    cell: float
    period: int = 64

    @cached_property
    def _lattice(self) -> Floats:
        rng = np.random.default_rng(self.seed)
        size = self.period
        return rng.uniform(-1, 1, (size, size, size)).astype(np.float32)

    def on(self, grid: Grid) -> Floats:
        """The field at every voxel of a grid, ``grid.shape``.

        Separable cubic B-spline weights: three short sums instead of 64 look-ups,
        brought to one variance everywhere, or sums along an axis show the lattice.
        """
        field = self._lattice
        axes = enumerate((grid.z, grid.y, grid.x))
        for axis, centres in sorted(axes, key=lambda along: along[1].size):
            cells, weights = self._weights(centres)
            shape = [1, 1, 1]
            shape[axis] = centres.size
            field = add_up(
                np.take(field, cells[n], axis) * weights[n].reshape(shape)
                for n in range(4)
            )
        return field

    def at(self, x: Floats, y: Floats, z: Floats) -> Floats:
        """The field at scattered points, linear between lattice points."""
        lattice = self._lattice.ravel()
        size = self.period
        (i, a), (j, b), (k, c) = (self._cell_of(centres) for centres in (z, y, x))
        field: Floats = 1.4 * add_up(
            lattice[((i + up) % size * size + (j + on) % size) * size + (k + by) % size]
            * ((a if up else 1 - a) * (b if on else 1 - b) * (c if by else 1 - c))
            for up, on, by in product((0, 1), repeat=3)
        )
        return field

    def _cell_of(self, centres: Floats) -> tuple[Whole, Floats]:
        """Which lattice cell, and how far into it, eased at both ends."""
        scaled = centres / self.cell
        floor = np.floor(scaled)
        part = scaled - floor
        return floor.astype(np.intp) % self.period, part * part * (3 - 2 * part)

    def _weights(self, centres: Floats) -> tuple[Whole, Floats]:
        scaled = centres / self.cell
        floor = np.floor(scaled)
        t = scaled - floor
        cells = (floor.astype(np.intp)[None, :] + np.arange(-1, 3)[:, None]) % (
            self.period
        )
        weights = np.stack(
            [
                (1 - t) ** 3,
                3 * t**3 - 6 * t**2 + 4,
                -3 * t**3 + 3 * t**2 + 3 * t + 1,
                t**3,
            ]
        )
        weights /= np.sqrt(np.square(weights).sum(axis=0))
        return cells, weights.astype(np.float32)


def add_up(parts: Iterable[Floats]) -> Floats:
    """The sum of arrays of one shape."""
    return reduce(np.add, parts)


def blur(image: Floats, sigma: float) -> Floats:
    """Gaussian blur of the last two axes, `sigma` in pixels; edges are repeated."""
    reach = max(1, round(3 * sigma))
    offsets = np.arange(-reach, reach + 1)
    kernel = np.exp(-0.5 * np.square(offsets / sigma))
    kernel = (kernel / kernel.sum()).astype(np.float32)
    for axis in (-1, -2):
        widths = [(0, 0)] * image.ndim
        widths[axis] = (reach, reach)
        padded = np.pad(image, widths, mode="edge")
        size = image.shape[axis]
        image = add_up(
            np.take(padded, np.arange(n, n + size), axis) * weight
            for n, weight in enumerate(kernel)
        )
    return image


def scanner_noise(seed: tuple[int, ...], size: int) -> Floats:
    """Noise as filtered back projection leaves it, standard deviation 1.

    Its power rises with the spatial frequency (the ramp) up to where the kernel
    cuts it off; ``(size, size)``.
    """
    rng = np.random.default_rng(seed)
    white = rng.standard_normal((size, size), dtype=np.float32)
    down = np.fft.fftfreq(size).astype(np.float32)[:, None]
    across = np.fft.rfftfreq(size).astype(np.float32)[None, :]
    frequency = np.hypot(down, across)
    kernel = np.sqrt(frequency) * np.exp(-np.square(frequency / 0.24))
    noise = np.fft.irfft2(np.fft.rfft2(white) * kernel, (size, size))
    unit: Floats = (noise / noise.std()).astype(np.float32)
    return unit
