"""A beating heart as an echo machine shows it from the apex, with colour flow.

The four chambers lie in a sector; walls thicken, valves open, and blood crosses the
mitral valve towards the probe (red), a little of it back again (blue).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from viewer.core.phantom.echo.anatomy import anatomy, follow, opening, squeeze
from viewer.core.phantom.echo.flow import flow_colour, inflow, leak
from viewer.core.phantom.echo.lettering import write
from viewer.core.phantom.grid import Floats
from viewer.core.phantom.texture import add_up, blur

Picture = npt.NDArray[np.uint8]


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
        picture = np.where(
            self._static[..., None] > 0, self._static[..., None], picture
        )
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
        return (slice(50, 170), slice(22, 36)), np.repeat(flow_colour(speed), 14, 1)

    def _echo(self, phase: float, number: int, fan: tuple[slice, slice]) -> Picture:
        x, y, reach, angle = (place[fan] for place in self._places)
        shrink = squeeze(phase)
        tissue = anatomy(x, y, shrink, opening(phase))
        px, py = follow(x, y, shrink)
        along = np.hypot(px, py) * 3.4
        across = (np.arctan2(px, py) / self.half_angle + 1) * 130 + 12
        live = _look_up(self._speckle, along, across)
        other = np.roll(self._speckle, (37 * number, 91 * number), (0, 1))
        grain = 0.86 * live + 0.14 * _look_up(other, along, across)
        gain = 1.06 - 0.25 * np.square((reach - 70) / 110)
        gain = gain * (0.8 + 0.2 * np.cos(3.1 * angle + 0.4))  # lungs shade the sides
        near = np.exp(-np.square((reach - 7) / 7))
        echo = (tissue * gain + 0.5 * near) * grain + 0.003
        level = 192 + 96 * np.log10(np.maximum(echo, 1e-3))  # 53 dB on the screen
        shown = (
            (reach > 4) & (reach < self.depth_mm) & (np.abs(angle) < self.half_angle)
        )
        return np.where(shown, np.clip(level, 0, 255), 0).astype(np.uint8)

    def _flow(self, picture: Picture, phase: float, number: int) -> None:
        """Colour where blood moves, inside the colour box."""
        x, y, _, _ = self._places
        first_column, first_row, last_column, last_row = self.flow_box
        box = (slice(first_row, last_row), slice(first_column, last_column))
        x, y = x[box], y[box]
        rng = np.random.default_rng((self.seed, 6, number))
        ripple = blur(rng.standard_normal(x.shape, dtype=np.float32), 2.5)
        up, down = inflow(x, y, phase), leak(x, y, phase)
        speed = up - down + 0.3 * ripple
        moving = np.maximum(up, down)
        blood = anatomy(x, y, squeeze(phase), opening(phase)) < 0.12
        coloured = (moving > 0.16) & blood
        part = picture[box]
        part[coloured] = flow_colour(speed)[coloured]
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


def _ecg(phase: Floats) -> Floats:
    """P, Q, R, S and T as five bumps."""
    bumps = ((0.84, 0.14, 0.025), (0.985, -0.12, 0.008), (0.005, 1.0, 0.010),
             (0.03, -0.22, 0.010), (0.30, 0.26, 0.045))  # fmt: skip
    around = (phase - at for at, _, _ in bumps)
    return add_up(
        height * np.exp(-np.square((d - np.rint(d)) / width))
        for d, (_, height, width) in zip(around, bumps, strict=True)
    )
