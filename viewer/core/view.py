"""How an image lies on the screen, and the way between the two.

Image coordinates are ``(column, row)`` with ``(0, 0)`` at the *centre* of the first
pixel, as in `viewer.core.geometry`. Viewport coordinates are device pixels
``(x, y)`` with ``(0, 0)`` at the top left *corner* of the viewport, as a painter has
them: the centre of the first device pixel is ``(0.5, 0.5)``.
"""

import math
from dataclasses import dataclass, replace
from functools import cached_property

from viewer.core.image import Frame

Point = tuple[float, float]
Size = tuple[int, int]
"""Width and height."""

SMALLEST_ZOOM, LARGEST_ZOOM = 0.01, 100.0


@dataclass(frozen=True, slots=True)
class View:
    """What a viewport shows of an image.

    The image is first mirrored, then turned; the eight combinations are all the
    ways to lay a sheet of film on a light box.

    Attributes
    ----------
    zoom : float or None
        Device pixels for one step to the next column; None fits the image.
    center : Point or None
        Image point in the middle of the viewport; None is the image's middle.
    turns : int
        Quarter turns clockwise, 0 to 3.
    mirrored : bool
        Whether left and right of the image are exchanged.
    inverted : bool
        Whether the reader turned black and white round, on top of what the image
        itself asks for.
    field : tuple of float or None
        How many columns and rows find room where the image is fitted; None for its own.
        Images that hang together get the same millimetres in this way.
    shuttered, overlaid, color_managed : bool
        Whether the file's shutter covers the image, its overlay planes lie on it and
        its colour profile is applied.
    """

    zoom: float | None = None
    center: Point | None = None
    turns: int = 0
    mirrored: bool = False
    inverted: bool = False
    field: tuple[float, float] | None = None
    shuttered: bool = True
    overlaid: bool = True
    color_managed: bool = True

    def turned(self, quarters: int = 1) -> "View":
        """Turned clockwise about the middle of the viewport."""
        return replace(self, turns=(self.turns + quarters) % 4)

    def flipped_horizontally(self) -> "View":
        """Left and right of the *screen* exchanged."""
        return replace(self, mirrored=not self.mirrored, turns=-self.turns % 4)

    def flipped_vertically(self) -> "View":
        """Top and bottom of the *screen* exchanged."""
        return replace(self, mirrored=not self.mirrored, turns=(2 - self.turns) % 4)

    def fitted(self) -> "View":
        """The whole image as large as it fits."""
        return replace(self, zoom=None, center=None, field=None)


def proportion(frame: Frame) -> float:
    """How much longer the step to the next row is than to the next column."""
    if frame.spacing is not None:
        return frame.spacing.row_mm / frame.spacing.column_mm
    if frame.plane is not None:
        return frame.plane.row_step / frame.plane.column_step
    height, width = frame.aspect
    return height / width if height > 0 and width > 0 else 1.0


@dataclass(frozen=True)
class ViewTransform:
    """The exact way between an image and the viewport that shows it.

    The image covers whole device pixels: its size on the screen and its place are
    rounded to them, so that painting, mouse and drawings agree exactly, and one
    image pixel per device pixel is a plain copy.

    Attributes
    ----------
    view : View
    image_size : Size
        Columns and rows.
    viewport : Size
        In device pixels.
    row_proportion : float
        Row step over column step; see `proportion`.
    """

    view: View
    image_size: Size
    viewport: Size
    row_proportion: float = 1.0

    @cached_property
    def upright_size(self) -> Size:
        """Device pixels the image covers along its rows and along its columns."""
        columns, rows = self.image_size
        zoom = self._wanted_zoom
        along_rows = max(1, _rounded(columns * zoom))
        return along_rows, max(1, _rounded(rows * zoom * self.row_proportion))

    @cached_property
    def shown_size(self) -> Size:
        """Width and height of the image on the screen, after turning."""
        width, height = self.upright_size
        return (height, width) if self.view.turns % 2 else (width, height)

    @cached_property
    def corner(self) -> Size:
        """Viewport position of the top left corner of the image as turned."""
        columns, rows = self.image_size
        middle = self.view.center or ((columns - 1) / 2, (rows - 1) / 2)
        x, y = self._orient(middle)
        width, height = self.viewport
        return _rounded(width / 2 - x), _rounded(height / 2 - y)

    @cached_property
    def covered(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom of the viewport's part that the image covers."""
        x, y = self.corner
        (width, height), (across, down) = self.shown_size, self.viewport
        return max(0, x), max(0, y), min(across, x + width), min(down, y + height)

    @property
    def zoom(self) -> float:
        """Device pixels for one step to the next column, as drawn."""
        return self.upright_size[0] / self.image_size[0]

    @property
    def row_zoom(self) -> float:
        """Device pixels for one step to the next row, as drawn."""
        return self.upright_size[1] / self.image_size[1]

    def to_viewport(self, point: Point) -> Point:
        """Where an image point lies in the viewport."""
        x, y = self._orient(point)
        return x + self.corner[0], y + self.corner[1]

    def to_image(self, position: Point) -> Point:
        """Which image point lies at a viewport position."""
        x, y = position[0] - self.corner[0], position[1] - self.corner[1]
        width, height = self.upright_size
        u, v = {
            0: (x, y),
            1: (y, height - x),
            2: (width - x, height - y),
            3: (width - y, x),
        }[self.view.turns]
        if self.view.mirrored:
            u = width - u
        return u / self.zoom - 0.5, v / self.row_zoom - 0.5

    def pixel_at(self, position: Point) -> tuple[int, int] | None:
        """The image pixel under a viewport position; None beside the image."""
        column, row = (_rounded(value) for value in self.to_image(position))
        columns, rows = self.image_size
        inside = 0 <= column < columns and 0 <= row < rows
        return (column, row) if inside else None

    def zoomed(self, factor: float, about: Point | None = None) -> View:
        """The view magnified by `factor`, the point `about` staying where it is.

        `about` is a viewport position; None is the middle.
        """
        wanted = min(max(self._wanted_zoom * factor, SMALLEST_ZOOM), LARGEST_ZOOM)
        return self.with_zoom(wanted, about)

    def with_zoom(self, zoom: float, about: Point | None = None) -> View:
        """The view at `zoom`, the point `about` staying where it is."""
        width, height = self.viewport
        held_at = about or (width / 2, height / 2)
        held = self.to_image(held_at)
        view = replace(self.view, zoom=zoom, center=held)
        there = replace(self, view=view)
        dx, dy = held_at[0] - width / 2, held_at[1] - height / 2
        x, y = there.to_viewport(held)
        return replace(view, center=there.to_image((x - dx, y - dy)))

    def panned(self, dx: float, dy: float) -> View:
        """The view with the image moved by device pixels."""
        columns, rows = self.image_size
        middle = self.view.center or ((columns - 1) / 2, (rows - 1) / 2)
        x, y = self.to_viewport(middle)
        center = self.to_image((x - dx, y - dy))
        return replace(self.view, zoom=self._wanted_zoom, center=center)

    @property
    def _wanted_zoom(self) -> float:
        if self.view.zoom is not None:
            return self.view.zoom
        columns, rows = self.image_size
        wide, high = self.view.field or (0.0, 0.0)
        across, down = max(columns, wide), max(rows, high) * self.row_proportion
        if self.view.turns % 2:
            across, down = down, across
        width, height = self.viewport
        return min(width / across, height / down)

    def _orient(self, point: Point) -> Point:
        """From image coordinates to device pixels from the image's own corner."""
        u, v = (point[0] + 0.5) * self.zoom, (point[1] + 0.5) * self.row_zoom
        width, height = self.upright_size
        if self.view.mirrored:
            u = width - u
        return {
            0: (u, v),
            1: (height - v, u),
            2: (width - u, height - v),
            3: (v, width - u),
        }[self.view.turns]


def _rounded(value: float) -> int:
    """The nearest whole number, a half upwards (`round` would go to the even one)."""
    return math.floor(value + 0.5)
