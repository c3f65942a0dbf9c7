"""A volume that is being painted, with what its painters need to know."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from viewer.core.phantom.assembly import Assembly, paint
from viewer.core.phantom.grid import Floats, Grid
from viewer.core.phantom.shapes import blend, inside


@dataclass(frozen=True)
class Canvas:
    """One part of a body in the making.

    Attributes
    ----------
    grid : Grid
    tissues : mapping
        Value of each tissue.
    edge_mm : float
        Over how many mm two tissues melt into each other.
    volume : ndarray
        ``grid.shape``; begins as air.
    """

    grid: Grid
    tissues: Mapping[str, float]
    edge_mm: float

    @cached_property
    def volume(self) -> Floats:
        """What has been painted so far."""
        return np.full(self.grid.shape, self.tissues["air"], np.float32)

    @property
    def x(self) -> Floats:
        """Broadcasts to the volume, mm."""
        return self.grid.x[None, None, :]

    @property
    def y(self) -> Floats:
        """Broadcasts to the volume, mm."""
        return self.grid.y[None, :, None]

    @property
    def z(self) -> Floats:
        """Broadcasts to the volume, mm."""
        return self.grid.z[:, None, None]

    def fill(
        self,
        distance: Floats,
        tissue: str | Floats,
        *,
        edge_mm: float | None = None,
        strength: float = 1.0,
    ) -> None:
        """Fill the inside of a surface with a tissue, or with a value for each voxel.

        `strength` below 1 lets what was there shine through.
        """
        value = self.tissues[tissue] if isinstance(tissue, str) else tissue
        share = inside(distance, edge_mm or self.edge_mm)
        blend(self.volume, share if strength == 1.0 else strength * share, value)

    def lay(self, assembly: Assembly) -> None:
        """Lay shapes over the volume, in their order."""
        paint(self.volume, self.grid, assembly, self.tissues, self.edge_mm)
