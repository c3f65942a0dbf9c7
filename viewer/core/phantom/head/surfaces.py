"""The surfaces that divide the head: skin, skull, brain, tentorium.

Each function takes coordinates in mm that broadcast together and answers a distance
in mm, negative inside. The origin lies in the middle of the brain.
"""

from dataclasses import dataclass

import numpy as np

from viewer.core.phantom.grid import Floats
from viewer.core.phantom.shapes import Ellipsoid, Tube

# Level (z) of the floor of the skull at y, in the midline and at the sides.
_FLOOR_Y = (-90, -45, -26, -18, -8, 0, 14, 26, 34, 46, 70, 92)
_FLOOR_MIDDLE = (-10, -17, -19, -27, -27, -22, -44, -66, -74, -74, -58, -30)
_FLOOR_SIDE = (-8, -13, -20, -34, -41, -41, -36, -32, -46, -58, -52, -28)


@dataclass(frozen=True)
class Surfaces:
    """Distances to the great surfaces of the head, all of one shape, in mm.

    Attributes
    ----------
    skin, dome, cavity, cerebrum, cerebellum : ndarray
        `dome` is the vault of the skull alone, without its floor.
    """

    skin: Floats
    dome: Floats
    cavity: Floats
    cerebrum: Floats
    cerebellum: Floats


def surfaces(x: Floats, y: Floats, z: Floats) -> Surfaces:
    """Every surface at once."""
    side = np.abs(x)
    dome = Ellipsoid((0, 6, 8), (67, 86, 74), "").distance(x, y, z)
    hollow = np.maximum(dome, _floor(x, y, z))
    tent = -13 - 0.12 * (y - 20) - 0.0045 * np.square(side)
    behind = y - 12 - 13 * np.clip((side - 12) / 10, 0, 1)  # the pyramids' backs
    roof = np.minimum(tent - z, behind)
    stem = np.hypot(side * 0.8, y - 10) - 15  # no hemisphere around it
    cerebrum = np.maximum(
        np.maximum(hollow + 1.3, roof + 1.0), -np.maximum(z + 13, stem)
    )
    small = Ellipsoid((0, 50, -39), (51, 33, 26), "").distance(x, y, z)
    notch = 7 - np.hypot(x * 0.7, (y - 86) * 0.5)
    cerebellum = np.maximum(np.maximum(small, z - tent + 1.2), hollow + 1.5)
    return Surfaces(
        skin(x, y, z), dome, hollow, cerebrum, np.maximum(cerebellum, notch)
    )


def skin(x: Floats, y: Floats, z: Floats) -> Floats:
    """Skull cap, face, nose, lips, chin and neck, grown together."""
    cap = Ellipsoid((0, 5, 8), (77, 97, 84), "").distance(x, y, z)
    face = Ellipsoid((0, -36, -60), (61, 57, 70), "").distance(x, y, z)
    jaw = Ellipsoid((0, -56, -98), (40, 38, 28), "").distance(x, y, z)
    neck = Tube((0, 30, -60), (0, 40, -240), 56, 62, "").distance(x, y, z)
    head = _melt(_melt(cap, face, 22), _melt(jaw, neck, 18), 18)
    nose = Tube((0, -92, -24), (0, -110, -50), 5, 9.5, "").distance(x, y, z)
    wings = Tube((-11, -100, -53), (11, -100, -53), 6.5, 6.5, "").distance(x, y, z)
    lips = np.minimum(
        Tube((-18, -92, -72), (18, -92, -72), 5.5, 5.5, "").distance(x, y, z),
        Tube((-16, -91, -83), (16, -91, -83), 5.5, 5.5, "").distance(x, y, z),
    )
    chin = Ellipsoid((0, -86, -106), (20, 10, 11), "").distance(x, y, z)
    features = np.minimum(np.minimum(_melt(nose, wings, 6), lips), chin)
    surface: Floats = _melt(head, features, 7)
    return surface


def _floor(x: Floats, y: Floats, z: Floats) -> Floats:
    """Above the base of the skull: three fossae at the sides, the sella between."""
    share = np.clip((np.abs(x) - 9) / 13, 0, 1)
    share = share * share * (3 - 2 * share)
    middle = np.interp(y, _FLOOR_Y, _FLOOR_MIDDLE).astype(np.float32)
    side = np.interp(y, _FLOOR_Y, _FLOOR_SIDE).astype(np.float32)
    floor = middle + share * (side - middle)
    above: Floats = (floor - z) * 0.8
    return above


def _melt(a: Floats, b: Floats, width: float) -> Floats:
    """The nearer of two surfaces, rounded over `width` mm where they meet."""
    share = np.clip(0.5 + 0.5 * (b - a) / width, 0, 1)
    met: Floats = b + (a - b) * share - width * share * (1 - share)
    return met
