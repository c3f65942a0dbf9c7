"""The demo study as its recipe states it, before anything is painted."""

import uuid
from dataclasses import dataclass
from typing import Protocol

from viewer.core.phantom.echo.cine import HeartCine
from viewer.core.phantom.grid import Grid, Vector
from viewer.core.phantom.thorax.body import Nodule, Thorax


@dataclass(frozen=True)
class DemoPatient:
    """An invented person; dates as DICOM writes them."""

    name: str
    id: str
    issuer: str
    birth_date: str
    sex: str
    institution: str


@dataclass(frozen=True)
class DemoStudy:
    """One visit; date, time and age as DICOM writes them."""

    id: str
    accession: str
    date: str
    time: str
    age: str
    description: str


@dataclass(frozen=True)
class Lump:
    """A nodule now, and as it was at the prior study."""

    center_mm: Vector
    diameter_mm: float
    prior_diameter_mm: float
    tissue: str
    spicules: int

    def at(self, *, prior: bool) -> Nodule:
        """The nodule as it was then, or is now."""
        size = self.prior_diameter_mm if prior else self.diameter_mm
        return Nodule(self.center_mm, size, self.tissue, self.spicules)


class SeriesPlan(Protocol):
    """What every series has."""

    @property
    def number(self) -> int:
        """Series Number (0020,0011)."""

    @property
    def description(self) -> str:
        """Series Description (0008,103E)."""


@dataclass(frozen=True)
class LocalizerPlan:
    """Two overviews, frontal and lateral."""

    number: int
    description: str
    pixel_mm: float


@dataclass(frozen=True)
class ChestPlan:
    """An axial CT series; `lowest_mm` is the level of the slice nearest the feet."""

    number: int
    description: str
    slices: int
    size: int
    pixel_mm: float
    spacing_mm: float
    lowest_mm: float
    noise_hu: float
    contrast: bool
    dose_mas: int
    shift_mm: Vector

    @property
    def grid(self) -> Grid:
        """Voxel centres, feet first; the table is in the picture."""
        corner = -(self.size - 1) / 2 * self.pixel_mm
        first = (corner, corner + 12, self.lowest_mm)
        step = (self.pixel_mm, self.pixel_mm, self.spacing_mm)
        return Grid.of(first, step, (self.slices, self.size, self.size))


@dataclass(frozen=True)
class HeadPlan:
    """A sagittal MR series."""

    number: int
    description: str
    slices: int
    size: int
    pixel_mm: float
    spacing_mm: float
    noise: float

    @property
    def grid(self) -> Grid:
        """Voxel centres: x from the right to the left, z from below upwards."""
        half = (self.size - 1) / 2 * self.pixel_mm
        first = (-(self.slices - 1) / 2 * self.spacing_mm, 3 - half, -28 - half)
        step = (self.spacing_mm, self.pixel_mm, self.pixel_mm)
        return Grid.of(first, step, (self.size, self.size, self.slices))


@dataclass(frozen=True)
class PlatePlan:
    """A frontal and a lateral radiograph; `magnification` is that of the plate."""

    number: int
    description: str
    pixel_mm: float
    rows: int
    columns: int
    lateral_columns: int
    magnification: float
    marker: tuple[int, int]


@dataclass(frozen=True)
class CinePlan:
    """An ultrasound clip in colour."""

    number: int
    description: str
    rows: int
    columns: int
    mm_per_pixel: float
    depth_mm: float
    half_angle: float
    frames: int
    beats: int
    frame_time_ms: float
    quality: int

    def cine(self, seed: int) -> HeartCine:
        """The beating heart."""
        return HeartCine(
            rows=self.rows,
            columns=self.columns,
            mm_per_pixel=self.mm_per_pixel,
            depth_mm=self.depth_mm,
            half_angle=self.half_angle,
            frames=self.frames,
            beats=self.beats,
            seed=seed,
        )


@dataclass(frozen=True)
class Recipe:
    """Everything that decides how the demo study looks."""

    version: int
    seed: int
    patient: DemoPatient
    study: DemoStudy
    prior: DemoStudy
    nodules: tuple[Lump, ...]
    localizer: LocalizerPlan
    ct: ChestPlan
    prior_ct: ChestPlan
    mr: HeadPlan
    cr: PlatePlan
    us: CinePlan
    hounsfield: dict[str, float]
    enhanced: dict[str, float]
    signals: dict[str, float]
    digest: str = ""

    def thorax(
        self, *, contrast: bool = False, prior: bool = False, standing: bool = False
    ) -> Thorax:
        """The chest as it was at one examination."""
        tissues = self.hounsfield | (self.enhanced if contrast else {})
        lumps = tuple(lump.at(prior=prior) for lump in self.nodules)
        return Thorax(tissues, lumps, self.seed, standing=standing)

    def uid(self, name: str) -> str:
        """The UID of a thing of this recipe, always the same; root 2.25, PS3.5 B.2."""
        return f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, f'{self.digest}/{name}').int}"
