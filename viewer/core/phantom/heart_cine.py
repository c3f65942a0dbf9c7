"""A beating heart as an echo machine shows it from the apex, with colour flow.

The four chambers lie in a sector; walls thicken, valves open, and blood crosses the
mitral valve towards the probe (red), a little of it back again (blue).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from viewer.core.phantom.grid import Floats
from viewer.core.phantom.lettering import write
from viewer.core.phantom.texture import blur

Picture = npt.NDArray[np.uint8]

_LEFT, _RIGHT = 15.0, -19.0  # middle of the two ventricles, mm from the axis


@dataclass(frozen=True)
class HeartCine:
    """One clip.

    Attributes
    ----------
    rows, columns : int
        Size of the picture; the tip of the sector is at `tip`.
    mm_per_pixel : float
    depth_mm : float
    half_angle : float
        Of the sector, radians.
    frames, beats : int
        The clip holds whole beats, so that it can be looped.
    seed : int
    """

    rows: int
    columns: int
    mm_per_pixel: float
    depth_mm: float
    half_angle: float
    frames: int
    beats: int
    seed: int

    def prepare(self) -> None:
        """Compute once what every frame needs, before several threads paint."""
        _ = self._places, self._speckle, self._static, self._bar

    @property
    def tip(self) -> tuple[int, int]:
        """Column and row where the beams would meet: the probe."""
        return self.columns // 2 - 20, 36

    @property
    def sector(self) -> tuple[int, int, int, int]:
        """First column, first row, last column, last row of the 2D region."""
        wide = int(np.ceil(self.depth_mm * np.sin(self.half_angle) / self.mm_per_pixel))
        column, row = self.tip
        down = int(np.ceil(self.depth_mm / self.mm_per_pixel))
        return column - wide, row, column + wide, row + down

    @property
    def flow_box(self) -> tuple[int, int, int, int]:
        """First column, first row, last column, last row of the colour region."""
        column, row = self.tip
        low, high, left, right = (v / self.mm_per_pixel for v in (56, 138, -14, 44))
        return (
            round(column + left), round(row + low),
            round(column + right), round(row + high),
        )  # fmt: skip

    def frame(self, number: int) -> Picture:
        """Frame `number`, counted from 0, RGB, ``(rows, columns, 3)``."""
        phase = (number * self.beats / self.frames) % 1.0
        picture = np.zeros((self.rows, self.columns, 3), np.uint8)
        first_column, first_row, last_column, last_row = self.sector
        fan = (slice(first_row, last_row), slice(first_column, last_column))
        picture[fan] = self._echo(phase, number, fan)[..., None]
        self._flow(picture, phase, number)
        picture = np.where(self._static[..., None] > 0, self._static[..., None], picture)
        self._trace(picture, number)
        picture[self._bar[0]] = self._bar[1]
        return picture

    @cached_property
    def _places(self) -> tuple[Floats, Floats, Floats, Floats]:
        """x, depth (mm), range (mm) and angle of every pixel."""
        column, row = self.tip
        x = ((np.arange(self.columns) - column) * self.mm_per_pixel)[None, :]
        y = ((np.arange(self.rows) - row) * self.mm_per_pixel)[:, None]
        x, y = (np.broadcast_to(a, (self.rows, self.columns)) for a in (x, y))
        return (
            x.astype(np.float32),
            y.astype(np.float32),
            np.hypot(x, y).astype(np.float32),
            np.arctan2(x, y).astype(np.float32),
        )

    @cached_property
    def _speckle(self) -> Floats:
        """Rayleigh speckle over range and angle: fine along the beam, wide across."""
        rng = np.random.default_rng((self.seed, 4))
        real, imaginary = rng.standard_normal((2, 640, 288), dtype=np.float32)
        field = np.hypot(*(blur(part, 1.25) for part in (real, imaginary)))
        speckle: Floats = field / field.mean()
        return speckle

    @cached_property
    def _static(self) -> Picture:
        """Scale beside the sector: a tick each centimetre, a number each five."""
        layer = np.zeros((self.rows, self.columns), np.uint8)
        column, row = self.tip
        edge = self.sector[2] + 14
        for centimetre in range(int(self.depth_mm / 10) + 1):
            at = row + round(centimetre * 10 / self.mm_per_pixel)
            long = 8 if centimetre % 5 == 0 else 4
            layer[at, edge - long : edge] = 190
            if centimetre % 5 == 0 and centimetre:
                write(layer, f"{centimetre}", (at - 5, edge + 6), 190)
        write(layer, "cm", (row - 5, edge + 6), 150)
        write(layer, "+64", (34, 18), 170)
        write(layer, "-64", (176, 18), 170)
        write(layer, "cm/s", (194, 18), 150)
        layer[row - 10 : row - 4, column - 3 : column + 3] = 120
        return layer

    @cached_property
    def _bar(self) -> tuple[tuple[slice, slice], Picture]:
        """Where the colour scale stands, and its colours."""
        speed = np.linspace(1, -1, 120, dtype=np.float32)[:, None]
        return (slice(50, 170), slice(22, 36)), np.repeat(_flow_colour(speed), 14, 1)

    def _echo(self, phase: float, number: int, fan: tuple[slice, slice]) -> Picture:
        x, y, reach, angle = (place[fan] for place in self._places)
        squeeze = _squeeze(phase)
        tissue = _anatomy(x, y, squeeze, _opening(phase))
        px, py = _follow(x, y, squeeze)
        along = np.hypot(px, py) * np.float32(3.4)
        across = (np.arctan2(px, py) / self.half_angle + 1) * np.float32(130) + 12
        live = _look_up(self._speckle, along, across)
        other = np.roll(self._speckle, (37 * number, 91 * number), (0, 1))
        grain = 0.86 * live + 0.14 * _look_up(other, along, across)
        gain = 1.06 - 0.25 * np.square((reach - 70) / np.float32(110))
        gain = gain * (0.8 + 0.2 * np.cos(3.1 * angle + 0.4))  # lungs shade the sides
        near = np.exp(-np.square((reach - 7) / np.float32(7)))
        echo = (tissue * gain + 0.5 * near) * grain + 0.003
        level = 192 + 96 * np.log10(np.maximum(echo, 1e-3))  # 53 dB on the screen
        shown = (reach > 4) & (reach < self.depth_mm) & (np.abs(angle) < self.half_angle)
        return np.where(shown, np.clip(level, 0, 255), 0).astype(np.uint8)

    def _flow(self, picture: Picture, phase: float, number: int) -> None:
        """Colour where blood moves, inside the colour box."""
        x, y, _, _ = self._places
        first_column, first_row, last_column, last_row = self.flow_box
        box = (slice(first_row, last_row), slice(first_column, last_column))
        x, y = x[box], y[box]
        rng = np.random.default_rng((self.seed, 6, number))
        ripple = blur(rng.standard_normal(x.shape, dtype=np.float32), 2.5)
        inflow, leak = _inflow(x, y, phase), _leak(x, y, phase)
        speed = inflow - leak + 0.3 * ripple
        moving = np.maximum(inflow, leak)
        blood = _anatomy(x, y, _squeeze(phase), _opening(phase)) < 0.12
        coloured = (moving > 0.16) & blood
        part = picture[box]
        part[coloured] = _flow_colour(speed)[coloured]
        frame = np.zeros(x.shape, bool)
        frame[[0, -1], :] = frame[:, [0, -1]] = True
        part[frame] = 110

    def _trace(self, picture: Picture, number: int) -> None:
        """The ECG below, and where in it this frame lies."""
        base, first, last = self.rows - 24, 60, self.columns - 100
        t = np.linspace(0, self.beats, last - first)
        height = np.rint(base - 22 * _ecg(t % 1.0)).astype(int)
        for column, (a, b) in enumerate(zip(height, np.roll(height, 1), strict=True)):
            low, high = (a, a) if column == 0 else sorted((a, b))
            picture[low : high + 1, first + column] = (60, 200, 120)
        at = first + round((last - first - 1) * number / self.frames)
        picture[base - 24 : base + 8, at] = (230, 230, 120)


def _look_up(table: Floats, row: Floats, column: Floats) -> Floats:
    """Bilinear, indices kept inside."""
    top = np.clip(row, 0, table.shape[0] - 2)
    left = np.clip(column, 0, table.shape[1] - 2)
    r, c = top.astype(np.intp), left.astype(np.intp)
    fr, fc = top - r, left - c
    upper = table[r, c] * (1 - fc) + table[r, c + 1] * fc
    lower = table[r + 1, c] * (1 - fc) + table[r + 1, c + 1] * fc
    found: Floats = upper * (1 - fr) + lower * fr
    return found


def _squeeze(phase: float) -> float:
    """How far the ventricles have contracted, 0 to 1."""
    systole = np.exp(-(((phase - 0.30) / 0.14) ** 2))
    kick = -0.12 * np.exp(-(((phase - 0.9) / 0.06) ** 2))
    return float(systole + kick)


def _opening(phase: float) -> float:
    """How far the mitral valve stands open, 0 to 1: early filling, then the atrium."""
    early = np.exp(-(((phase - 0.56) / 0.09) ** 2))
    late = 0.6 * np.exp(-(((phase - 0.86) / 0.06) ** 2))
    return float(early + late)


def _follow(x: Floats, y: Floats, squeeze: float) -> tuple[Floats, Floats]:
    """Where a piece of tissue that is now at (x, y) was at rest."""
    dx, dy = x - _LEFT * 0.4, y - 70
    near = np.exp(-(np.square(dx / 48) + np.square(dy / 62)))
    grow = 1 + np.float32(0.2 * squeeze) * near
    return x + dx * (grow - 1), y + dy * (grow - 1)


def _oval(
    x: Floats, y: Floats, middle: tuple[float, float], radii: tuple[float, float], tilt: float
) -> Floats:
    """Distance to an ellipse, mm, negative inside."""
    dx, dy = x - middle[0], y - middle[1]
    u = (dx * np.cos(tilt) + dy * np.sin(tilt)) / radii[0]
    v = (dy * np.cos(tilt) - dx * np.sin(tilt)) / radii[1]
    distance: Floats = ((np.hypot(u, v) - 1) * min(radii)).astype(np.float32)
    return distance


def _wall(distance: Floats, bright: float, width: float = 1.2) -> Floats:
    echo: Floats = np.float32(bright) * np.clip(0.5 - distance / np.float32(width), 0, 1)
    return echo


def _anatomy(x: Floats, y: Floats, squeeze: float, opening: float) -> Floats:
    """Echo strength of the four-chamber view, without speckle."""
    narrow, short = 1 - 0.34 * squeeze, 1 - 0.16 * squeeze
    plane = 98 - 9 * squeeze  # the valves' plane moves towards the apex
    left = _oval(x, y, (_LEFT, plane - 37 * short), (17.5 * narrow, 37 * short), 0.09)
    right = _oval(x, y, (_RIGHT, plane - 30 * short), (13 * narrow, 30 * short), -0.2)
    grow = 1 + 0.16 * squeeze
    left_atrium = _oval(x, y, (_LEFT, plane + 21), (20 * grow, 19 * grow), 0)
    right_atrium = _oval(x, y, (_RIGHT - 3, plane + 19), (18 * grow, 17 * grow), 0)
    outer = _oval(x, y, (0, 90), (50 - 2.5 * squeeze, 66), 0.0)
    echo = np.full(x.shape, 0.16, np.float32)
    echo += _wall(outer, 0.3) + 0.9 * np.exp(-np.square(outer / np.float32(1.6)))
    orifices = np.minimum(
        _oval(x, y, (_LEFT, plane), (12, 9), 0),
        _oval(x, y, (_RIGHT, plane), (10, 9), 0),
    )
    cavities = (left, right, left_atrium, right_atrium, orifices)
    chambers = np.minimum.reduce(cavities)
    lining = 0.45 * np.exp(-np.square((chambers - 0.9) / np.float32(1.4)))
    echo = (echo + lining) * np.clip(0.5 + chambers / 1.2, 0, 1) + 0.004
    return np.maximum(echo, _valves(x, y, plane, opening))


def _valves(x: Floats, y: Floats, plane: float, opening: float) -> Floats:
    """Leaflets of mitral and tricuspid valve: lines from the ring to where they meet."""
    echo = np.zeros(x.shape, np.float32)
    for middle, half in ((_LEFT, 13.0), (_RIGHT, 11.0)):
        for side in (-1.0, 1.0):
            ring = (middle + side * half, plane)
            tip = (middle + side * (0.5 + 8.5 * opening), plane - 5 - 9 * opening)
            vx, vy = tip[0] - ring[0], tip[1] - ring[1]
            t = ((x - ring[0]) * vx + (y - ring[1]) * vy) / (vx * vx + vy * vy)
            t = np.clip(t, 0, 1)
            bow = np.float32(2.2) * t * (1 - t)
            away = np.hypot(x - ring[0] - t * vx, y + bow - ring[1] - t * vy)
            echo = np.maximum(echo, 0.85 * np.exp(-np.square(away / np.float32(1.0))))
    return echo


def _inflow(x: Floats, y: Floats, phase: float) -> Floats:
    """Speed towards the probe through the mitral valve, 1 = top of the scale."""
    early = 1.05 * np.exp(-(((phase - 0.56) / 0.08) ** 2))
    late = 0.7 * np.exp(-(((phase - 0.86) / 0.05) ** 2))
    jet = np.exp(-np.square((x - _LEFT) / np.float32(8.5)))
    jet = jet * np.exp(-np.square((y - 82) / np.float32(24)))
    speed: Floats = np.float32(early + late) * jet
    return speed


def _leak(x: Floats, y: Floats, phase: float) -> Floats:
    """Speed away from the probe: a mild regurgitation into the left atrium."""
    strength = 0.95 * np.exp(-(((phase - 0.27) / 0.10) ** 2))
    wide = 2.5 + 0.16 * np.maximum(y - 90, 0)
    jet = np.exp(-np.square((x - _LEFT + 1) / wide)) * np.exp(
        -np.square((y - 104) / np.float32(13))
    )
    speed: Floats = np.float32(strength) * jet
    return speed


def _flow_colour(speed: Floats) -> Picture:
    """Red to yellow towards the probe, blue to cyan away from it."""
    fast = np.clip(np.abs(speed), 0, 1)
    strong, pale = 70 + 185 * np.sqrt(fast), 235 * np.square(fast)
    towards = np.stack([strong, pale, 0 * fast], -1)
    away = np.stack([0 * fast, pale, strong], -1)
    return np.where((speed >= 0)[..., None], towards, away).astype(np.uint8)


def _ecg(phase: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """P, Q, R, S and T as five bumps."""
    bumps = ((0.84, 0.14, 0.025), (0.985, -0.12, 0.008), (0.005, 1.0, 0.010),
             (0.03, -0.22, 0.010), (0.30, 0.26, 0.045))  # fmt: skip
    around = [phase - at for at, _, _ in bumps]
    return sum(
        (
            height * np.exp(-np.square((d - np.rint(d)) / width))
            for d, (_, height, width) in zip(around, bumps, strict=True)
        ),
        start=np.zeros_like(phase),
    )
