"""X-ray pictures of the invented chest, by really adding up what the rays pass."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from viewer.core.phantom.grid import Floats, Grid
from viewer.core.phantom.shapes import Tube, path
from viewer.core.phantom.texture import blur
from viewer.core.phantom.thorax.body import Thorax

WATER_PER_MM = 0.0185
"""Linear attenuation of water at the mean energy of a chest exposure (1/mm)."""
_BONE_GAIN = 1.9  # bone attenuates more than its Hounsfield units say at 120 kV
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
    across = round(400 / step_mm)
    deep = round(300 / step_mm)
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
    mu = np.maximum(hu + 1000 + np.float32(_BONE_GAIN - 1) * bone, 0)
    scale = np.float32(WATER_PER_MM / 1000 * step)
    return mu.sum(axis=1) * scale, mu.sum(axis=2) * scale


def join(parts: Iterable[tuple[Floats, Floats]], grid: Grid) -> Projections:
    """Put the slabs together, head up."""
    parts = list(parts)
    frontal = np.concatenate([p[0] for p in parts])[::-1]
    lateral = np.concatenate([p[1] for p in parts])[::-1]
    step = float(grid.x[1] - grid.x[0])
    edges = (float(grid.z[-1]), float(grid.x[0]), float(grid.y[0]))
    return Projections(frontal, lateral, step, *edges)


def radiograph(
    integrals: Floats,
    step_mm: float,
    shape: tuple[int, int],
    pixel_mm: float,
    seed: int,
    marker: tuple[int, int] | None = None,
) -> npt.NDArray[np.uint16]:
    """What a storage phosphor plate reads, 12 bit, dark where much light fell.

    Parameters
    ----------
    integrals : ndarray
        Line integrals, `step_mm` apart on the plate.
    shape : tuple of int
        Rows and columns of the plate, `pixel_mm` each, centred on the picture.
    marker : tuple of int, optional
        Row and column of a lead letter L; None lays none.

    Notes
    -----
    High stored values are high exposure, so the picture is MONOCHROME1.
    """
    plate = _enlarge(integrals, step_mm, shape, pixel_mm)
    if marker is not None:
        plate = plate + 5 * _letter_l(shape, marker, pixel_mm)
    light = np.exp(-plate) + np.float32(0.035) * blur(np.exp(-plate), 0.8)
    scatter = _veil(np.exp(-plate))
    light = light + np.float32(0.12) * scatter
    rng = np.random.default_rng((seed, 3))
    grain = rng.standard_normal(shape, dtype=np.float32)
    counts = light * np.float32(26000)
    light = (counts + np.sqrt(counts) * grain) / np.float32(26000)
    signal = np.log10(np.maximum(light, 1e-4))
    signal = signal + np.float32(0.6) * (signal - blur(signal, 3.0))  # edge processing
    stored = np.clip(np.rint(3720 + 1330 * signal), 0, 4095)
    return stored.astype(np.uint16)


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
        image = sum(
            (
                np.take(
                    image, np.clip(floor.astype(np.intp) + n - 1, 0, size - 1), axis
                )
                * weight.reshape(along)
                for n, weight in enumerate(weights)
            ),
            start=np.float32(0),
        )
    return np.maximum(image, 0)


def _veil(light: Floats) -> Floats:
    """Scattered light: the picture, very much blurred."""
    small = light[::16, ::16]
    rows, columns = light.shape
    return _enlarge(blur(small, 6.0), 16.0, (rows, columns), 1.0)


def _letter_l(shape: tuple[int, int], corner: tuple[int, int], pixel_mm: float) -> Floats:
    """A lead letter L, 14 mm high, upright as the reader sees it: 1 on lead."""
    rows, columns = shape
    grid = Grid.of((0, 0, 0), (pixel_mm, pixel_mm, 1), (1, rows, columns))
    x, y = corner[1] * pixel_mm, corner[0] * pixel_mm
    strokes: tuple[Tube, ...] = path([(x, y, 0), (x, y + 14, 0), (x + 8, y + 14, 0)], 1.4, "")
    near = np.minimum(*(s.distance(*grid.mesh)[0] for s in strokes))
    lead: Floats = (near < 0).astype(np.float32)
    return lead
