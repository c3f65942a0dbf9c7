"""Heart, great vessels, airways and gullet, and what lies under the diaphragm."""

import numpy as np

from viewer.core.phantom.grid import Vector
from viewer.core.phantom.shapes import Ellipsoid, Shape, path

_LEFT_VENTRICLE: Vector = (0.66, -0.54, -0.52)
CARINA: Vector = (2.0, 6.0, 26.0)
HILA: dict[str, Vector] = {"right": (-36.0, 2.0, 10.0), "left": (38.0, 6.0, 14.0)}


def heart() -> tuple[Shape, ...]:
    """Fat, walls and chambers."""
    return (
        Ellipsoid((14, -30, -44), (62, 46, 54), "fat", _LEFT_VENTRICLE),
        Ellipsoid((16, -32, -44), (55, 41, 50), "myocardium", _LEFT_VENTRICLE),
        Ellipsoid((14, -52, -48), (38, 17, 34), "venous blood"),
        Ellipsoid((-26, -30, -36), (23, 24, 31), "venous blood"),
        Ellipsoid((6, 4, -18), (30, 19, 22), "arterial blood"),
        Ellipsoid((36, -28, -52), (33, 33, 45), "myocardium", _LEFT_VENTRICLE),
        Ellipsoid((35, -27, -51), (21, 21, 34), "arterial blood", _LEFT_VENTRICLE),
        *path([(20, -20, -36), (14, -16, -22)], 12, "arterial blood"),
    )


def great_vessels() -> tuple[Shape, ...]:
    """Aorta with its arch, caval veins, pulmonary trunk and the neck's vessels."""
    arch = [
        (6 - 18 + 36 * s, -28 + 62 * s, 44 + 18 * np.sin(np.pi * s))
        for s in np.linspace(0, 1, 12)
    ]
    points: list[Vector] = [(4, -18, -24), (-8, -26, 0), (-13, -30, 24)]
    points += [(float(x), float(y), float(z)) for x, y, z in arch]
    points += [
        (24, 44, 20),
        (24, 47, -40),
        (18, 44, -100),
        (6, 36, -150),
        (4, 30, -260),
    ]
    widths = [16, 17, 16.5, *np.linspace(16, 13, 12), 12.5, 12, 11.5, 10.5, 9.5]
    branches: list[list[Vector]] = [
        [(-4, -18, 58), (-14, -8, 84), (-26, 4, 112), (-30, 8, 160)],
        [(4, -4, 62), (14, 0, 84), (26, 10, 112), (29, 12, 160)],
        [(12, 14, 60), (22, 20, 84), (38, 22, 110), (70, 4, 118), (150, -6, 96)],
        [(-18, -4, 92), (-38, 16, 112), (-70, 2, 119), (-150, -6, 96)],
    ]
    cava: list[Vector] = [(-24, -20, -18), (-24, -18, 30), (-23, -16, 72)]
    veins: list[list[Vector]] = [
        [(-23, -16, 72), (-32, -8, 96), (-36, -4, 160)],
        [(-23, -16, 72), (0, -34, 80), (30, -20, 96), (36, -8, 160)],
        [(-26, -24, -52), (-24, 0, -78), (-20, 16, -120), (-16, 18, -260)],
    ]
    trunk: list[Vector] = [(16, -52, -22), (18, -46, 2), (20, -28, 16)]
    right: list[Vector] = [(20, -26, 16), (2, -8, 14), (-18, -4, 12), HILA["right"]]
    left: list[Vector] = [(20, -28, 16), (30, -8, 20), HILA["left"]]
    return (
        *(s for line in veins for s in path(line, 7.5, "venous blood")),
        *path(cava, 9.5, "venous blood"),
        *path(right, (12, 11, 10, 8), "venous blood"),
        *path(left, (12, 11, 8), "venous blood"),
        *path(trunk, 14, "venous blood"),
        *path(points, widths, "arterial blood"),
        *(
            s
            for line in branches
            for s in path(line, (6.5, 5, 4, 3.6, 3.4), "arterial blood")
        ),
        *_plaque(),
    )


def _plaque() -> tuple[Shape, ...]:
    """A little lime in the wall of the arch."""
    return tuple(path([(22, 30, 50), (27, 34, 46)], 1.4, "calcification"))


def airways() -> tuple[Shape, ...]:
    """Windpipe, main bronchi, and the gullet behind them."""
    main: list[tuple[list[Vector], list[float]]] = [
        ([(0, 18, 260), (0, 16, 130), (1, 6, 70), CARINA], [8.6, 8.6, 8.8, 9]),
        ([CARINA, (-14, 7, 14), (-30, 8, 6)], [7.8, 7, 6]),
        ([CARINA, (18, 9, 12), (36, 12, 2)], [7, 6.2, 5.4]),
        ([(-22, 7, 10), (-38, 8, 22), (-46, 8, 36)], [4.6, 4, 3.2]),
        ([(-30, 8, 6), (-36, 10, -16), (-42, 16, -40)], [5.4, 4.8, 3.6]),
        ([(36, 12, 2), (44, 4, 12), (50, -4, 26)], [4.4, 3.8, 3.0]),
        ([(36, 12, 2), (42, 16, -18), (48, 22, -44)], [5, 4.2, 3.2]),
    ]
    walls = (
        s
        for line, widths in main
        for s in path(line, [w + 1.5 for w in widths], "soft tissue")
    )
    lumens = (s for line, widths in main for s in path(line, widths, "air"))
    gullet: list[Vector] = [
        (4, 34, 260), (5, 32, 130), (6, 26, 60), (8, 30, 0), (8, 26, -60),
        (20, 16, -96),
    ]  # fmt: skip
    return (
        *path(gullet, 7.5, "soft tissue"),
        *path([(6, 26, 62), (7, 27, 40)], 2.4, "air"),
        *walls,
        *lumens,
    )


def neck_and_abdomen() -> tuple[Shape, ...]:
    """Thyroid gland above, stomach, spleen, kidneys and adrenals below."""
    return (
        Ellipsoid((-18, 6, 142), (9, 11, 22), "thyroid"),
        Ellipsoid((18, 6, 142), (9, 11, 22), "thyroid"),
        Ellipsoid((84, 34, -160), (27, 40, 44), "spleen", (-0.3, -0.3, 1)),
        Ellipsoid((52, -26, -130), (44, 36, 40), "soft tissue", (0.5, 0.2, 1)),
        Ellipsoid((52, -26, -130), (40, 32, 36), "gastric fluid", (0.5, 0.2, 1)),
        Ellipsoid((-58, 56, -196), (27, 24, 50), "kidney", (0.25, 0.15, 1)),
        Ellipsoid((58, 56, -184), (27, 24, 50), "kidney", (-0.25, 0.15, 1)),
        *path([(-26, 38, -146), (-34, 46, -150)], (3, 2), "soft tissue"),
        *path([(28, 36, -146), (38, 44, -152)], (3, 2), "soft tissue"),
    )
