"""The four chambers seen from the apex: how they move and how they echo.

Coordinates are millimetres in the plane of the picture: x to the right of the
screen, y away from the probe. `phase` runs from 0 to 1 over one beat.
"""

import numpy as np

from viewer.core.phantom.grid import Floats

LEFT_MM, _RIGHT_MM = 15.0, -19.0
"""Middle of the two ventricles, from the axis of the probe."""


def squeeze(phase: float) -> float:
    """How far the ventricles have contracted, 0 to 1."""
    systole = np.exp(-(((phase - 0.30) / 0.14) ** 2))
    kick = -0.12 * np.exp(-(((phase - 0.9) / 0.06) ** 2))
    return float(systole + kick)


def opening(phase: float) -> float:
    """How far the mitral valve stands open, 0 to 1: early filling, then the atrium."""
    early = np.exp(-(((phase - 0.56) / 0.09) ** 2))
    late = 0.6 * np.exp(-(((phase - 0.86) / 0.06) ** 2))
    return float(early + late)


def follow(x: Floats, y: Floats, squeeze: float) -> tuple[Floats, Floats]:
    """Where a piece of tissue that is now at (x, y) was at rest."""
    dx, dy = x - LEFT_MM * 0.4, y - 70
    near = np.exp(-(np.square(dx / 48) + np.square(dy / 62)))
    grow = 1 + (0.2 * squeeze) * near
    return x + dx * (grow - 1), y + dy * (grow - 1)


def _oval(
    x: Floats,
    y: Floats,
    middle: tuple[float, float],
    radii: tuple[float, float],
    tilt: float,
) -> Floats:
    """Distance to an ellipse, mm, negative inside."""
    dx, dy = x - middle[0], y - middle[1]
    u = (dx * np.cos(tilt) + dy * np.sin(tilt)) / radii[0]
    v = (dy * np.cos(tilt) - dx * np.sin(tilt)) / radii[1]
    distance: Floats = ((np.hypot(u, v) - 1) * min(radii)).astype(np.float32)
    return distance


def _wall(distance: Floats, bright: float, width: float = 1.2) -> Floats:
    echo: Floats = bright * np.clip(0.5 - distance / width, 0, 1)
    return echo


def anatomy(x: Floats, y: Floats, squeeze: float, opening: float) -> Floats:
    """Echo strength of the four-chamber view, without speckle."""
    narrow, short = 1 - 0.34 * squeeze, 1 - 0.16 * squeeze
    plane = 98 - 9 * squeeze  # the valves' plane moves towards the apex
    left = _oval(x, y, (LEFT_MM, plane - 37 * short), (17.5 * narrow, 37 * short), 0.09)
    right = _oval(
        x, y, (_RIGHT_MM, plane - 30 * short), (13 * narrow, 30 * short), -0.2
    )
    grow = 1 + 0.16 * squeeze
    left_atrium = _oval(x, y, (LEFT_MM, plane + 21), (20 * grow, 19 * grow), 0)
    right_atrium = _oval(x, y, (_RIGHT_MM - 3, plane + 19), (18 * grow, 17 * grow), 0)
    outer = _oval(x, y, (0, 90), (50 - 2.5 * squeeze, 66), 0.0)
    echo = np.full(x.shape, 0.16, np.float32)
    echo += _wall(outer, 0.3) + 0.9 * np.exp(-np.square(outer / 1.6))
    orifices = np.minimum(
        _oval(x, y, (LEFT_MM, plane), (12, 9), 0),
        _oval(x, y, (_RIGHT_MM, plane), (10, 9), 0),
    )
    cavities = (left, right, left_atrium, right_atrium, orifices)
    chambers = np.minimum.reduce(cavities)
    lining = 0.45 * np.exp(-np.square((chambers - 0.9) / 1.4))
    echo = (echo + lining) * np.clip(0.5 + chambers / 1.2, 0, 1) + 0.004
    whole: Floats = np.maximum(echo, _valves(x, y, plane, opening))
    return whole


def _valves(x: Floats, y: Floats, plane: float, opening: float) -> Floats:
    """Leaflets of mitral and tricuspid valve: from the ring to where they meet."""
    echo = np.zeros(x.shape, np.float32)
    for middle, half in ((LEFT_MM, 13.0), (_RIGHT_MM, 11.0)):
        for side in (-1.0, 1.0):
            ring = (middle + side * half, plane)
            tip = (middle + side * (0.5 + 8.5 * opening), plane - 5 - 9 * opening)
            vx, vy = tip[0] - ring[0], tip[1] - ring[1]
            t = ((x - ring[0]) * vx + (y - ring[1]) * vy) / (vx * vx + vy * vy)
            t = np.clip(t, 0, 1)
            bow = 2.2 * t * (1 - t)
            away = np.hypot(x - ring[0] - t * vx, y + bow - ring[1] - t * vy)
            echo = np.maximum(echo, 0.85 * np.exp(-np.square(away / 1.0)))
    return echo
