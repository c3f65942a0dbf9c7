"""How the blood moves across the mitral valve, and the colours of its speed."""

import numpy as np
import numpy.typing as npt

from viewer.core.phantom.echo.anatomy import LEFT_MM
from viewer.core.phantom.grid import Floats


def inflow(x: Floats, y: Floats, phase: float) -> Floats:
    """Speed towards the probe through the mitral valve, 1 = top of the scale."""
    early = 1.05 * np.exp(-(((phase - 0.56) / 0.08) ** 2))
    late = 0.7 * np.exp(-(((phase - 0.86) / 0.05) ** 2))
    jet = np.exp(-np.square((x - LEFT_MM) / 8.5))
    jet = jet * np.exp(-np.square((y - 82) / 24))
    speed: Floats = (early + late) * jet
    return speed


def leak(x: Floats, y: Floats, phase: float) -> Floats:
    """Speed away from the probe: a mild regurgitation into the left atrium."""
    strength = 0.95 * np.exp(-(((phase - 0.27) / 0.10) ** 2))
    wide = 2.5 + 0.16 * np.maximum(y - 90, 0)
    jet = np.exp(-np.square((x - LEFT_MM + 1) / wide)) * np.exp(
        -np.square((y - 104) / 13)
    )
    speed: Floats = strength * jet
    return speed


def flow_colour(speed: Floats) -> npt.NDArray[np.uint8]:
    """Red to yellow towards the probe, blue to cyan away from it."""
    fast = np.clip(np.abs(speed), 0, 1)
    strong, pale = 70 + 185 * np.sqrt(fast), 235 * np.square(fast)
    towards = np.stack([strong, pale, 0 * fast], -1)
    away = np.stack([0 * fast, pale, strong], -1)
    return np.where((speed >= 0)[..., None], towards, away).astype(np.uint8)
