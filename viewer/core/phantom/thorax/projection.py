"""X-ray pictures of the invented chest, by really adding up what the rays pass."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from viewer.core.phantom.grid import Floats, Grid, Vector
from viewer.core.phantom.shapes import path
from viewer.core.phantom.texture import add_up, blur
from viewer.core.phantom.thorax.body import Thorax

WATER_PER_MM = 0.0185
"""Linear attenuation of water at the mean energy of a chest exposure (1/mm)."""
_BONE_GAIN = 1.9  # bone attenuates more than its Hounsfield units say at 120 kV
_QUANTA = 26_000  # caught by a pixel without anything in the way
_SLAB = 16


@dataclass(frozen=True)
class Projections:
    """Line integrals of the attenuation along two directions.

    Attributes
    ----------
    frontal : ndarray
        From back to front, ``(levels, across)``: rows from the head down, columns
        from the patient's right to the left.
    lateral : ndarray
        From right to left, ``(levels, along)``: rows from the head down, columns
        from the front to the back.
    step_mm : float
        Between neighbouring pixels of both, in the patient.
    top_mm, left_edge_mm, front_edge_mm : float
        Level (z) of the first row; x of the first frontal and y of the first
        lateral column.
    """

    frontal: Floats
    lateral: Floats
    step_mm: float
    top_mm: float
    left_edge_mm: float
    front_edge_mm: float


def projection_slabs(
    body: Thorax, low_mm: float, high_mm: float, step_mm: float
) -> tuple[Grid, list[tuple[int, int]]]:
    """The grid that is summed, and the slabs it is painted in."""
    levels = round((high_mm - low_mm) / step_mm)
    across = round(384 / step_mm)  # as wide and deep as the body
    deep = round(240 / step_mm)
    grid = Grid.of(
        (-(across - 1) / 2 * step_mm, 8 - (deep - 1) / 2 * step_mm, low_mm),
        (step_mm, step_mm, step_mm),
        (levels, deep, across),
    )
    body.prepare()
    return grid, [(n, min(n + _SLAB, levels)) for n in range(0, levels, _SLAB)]


def project_slab(body: Thorax, grid: Grid) -> tuple[Floats, Floats]:
    """Frontal and lateral line integrals of a few levels, feet first."""
    step = float(grid.x[1] - grid.x[0])
    hu = body.paint(grid)
    bone = np.maximum(hu - 150, 0)
    mu = np.maximum(hu + 1000 + (_BONE_GAIN - 1) * bone, 0)
    scale = WATER_PER_MM / 1000 * step
    return mu.sum(axis=1) * scale, mu.sum(axis=2) * scale


def join(parts: Iterable[tuple[Floats, Floats]], grid: Grid) -> Projections:
    """Put the slabs together, head up."""
    parts = list(parts)
    frontal = np.concatenate([p[0] for p in parts])[::-1]
    lateral = np.concatenate([p[1] for p in parts])[::-1]
    step = float(grid.x[1] - grid.x[0])
    edges = (float(grid.z[-1]), float(grid.x[0]), float(grid.y[0]))
    return Projections(frontal, lateral, step, *edges)


@dataclass(frozen=True)
class Plate:
    """What catches the light.

    Attributes
    ----------
    rows, columns : int
    pixel_mm : float
    seed : int
        For its noise.
    marker : tuple of int, optional
        Row and column of a lead letter L; None lays none.
    """

    rows: int
    columns: int
    pixel_mm: float
    seed: int
    marker: tuple[int, int] | None = None

    def expose(self, integrals: Floats, step_mm: float) -> npt.NDArray[np.uint16]:
        """Read what a storage phosphor plate holds, 12 bit, ``(rows, columns)``.

        High values are much light, so the picture is MONOCHROME1.

        Parameters
        ----------
        integrals : ndarray
            Line integrals, `step_mm` apart on the plate; they fall on its middle.
        """
        shape = (self.rows, self.columns)
        passed = _enlarge(integrals, step_mm, shape, self.pixel_mm)
        if self.marker is not None:
            passed = passed + 5 * self._lead_letter(self.marker)
        direct = np.exp(-passed)
        light = direct + 0.035 * blur(direct, 0.8) + 0.12 * _veil(direct)
        rng = np.random.default_rng((self.seed, 3))
        grain = rng.standard_normal(shape, dtype=np.float32)
        light = light + np.sqrt(light / _QUANTA) * grain
        signal = np.log10(np.maximum(light, 1e-4))
        signal = signal + 0.6 * (signal - blur(signal, 3.0))  # edge processing
        stored: npt.NDArray[np.uint16]
        stored = np.rint(3720 + 1330 * signal).clip(0, 4095).astype(np.uint16)
        return stored

    def _lead_letter(self, corner: tuple[int, int]) -> Floats:
        """An L, 14 mm high, upright as the reader sees it: 1 on lead."""
        mm = self.pixel_mm
        grid = Grid.of((0, 0, 0), (mm, mm, 1), (1, self.rows, self.columns))
        x, y = corner[1] * mm, corner[0] * mm
        letter: list[Vector] = [(x, y, 0), (x, y + 14, 0), (x + 8, y + 14, 0)]
        down, along = (s.distance(*grid.mesh)[0] for s in path(letter, 1.4, ""))
        lead: Floats = (np.minimum(down, along) < 0).astype(np.float32)
        return lead


def _enlarge(
    image: Floats, step_mm: float, shape: tuple[int, int], pixel_mm: float
) -> Floats:
    """Cubic interpolation onto the pixels of the plate; outside is air."""
    for axis, count in enumerate(shape):
        size = image.shape[axis]
        centres = (np.arange(count) - (count - 1) / 2) * pixel_mm / step_mm
        centres = centres + (size - 1) / 2
        floor = np.floor(centres)
        t = (centres - floor).astype(np.float32)
        weights = (
            -0.5 * t**3 + t**2 - 0.5 * t,
            1.5 * t**3 - 2.5 * t**2 + 1,
            -1.5 * t**3 + 2 * t**2 + 0.5 * t,
            0.5 * t**3 - 0.5 * t**2,
        )
        along = [1, 1]
        along[axis] = count
        first = floor.astype(np.intp) - 1
        image = add_up(
            np.take(image, np.clip(first + n, 0, size - 1), axis)
            * weight.reshape(along)
            for n, weight in enumerate(weights)
        )
    positive: Floats = np.maximum(image, 0)
    return positive


def _veil(light: Floats) -> Floats:
    """Scattered light: the picture, very much blurred."""
    small = light[::16, ::16]
    rows, columns = light.shape
    return _enlarge(blur(small, 6.0), 16.0, (rows, columns), 1.0)
