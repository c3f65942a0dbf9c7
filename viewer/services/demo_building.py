"""Paint the phantoms and write them: the long part of the demo study."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TypeVar

from viewer.core.phantom.grid import Floats, Grid
from viewer.core.phantom.head.scan import HeadScan
from viewer.core.phantom.recipe import ChestPlan, DemoStudy, Recipe
from viewer.core.phantom.thorax.projection import (
    Plate,
    Projections,
    join,
    project_slab,
    projection_slabs,
)
from viewer.core.phantom.thorax.scan import ChestScan
from viewer.dicom.demo import ct, mr, radiographs, ultrasound
from viewer.dicom.demo.objects import SeriesPlace
from viewer.services.jobs import Progress

_THREADS = 2  # numpy lets them run side by side; more would only cost memory
_SLAB = 8
_LOWEST_MM, _HIGHEST_MM = -215.0, 205.0  # what the overviews and radiographs show

A = TypeVar("A")
B = TypeVar("B")


@dataclass
class _Build:
    """One run: the recipe, the folder, and how far it is."""

    recipe: Recipe
    folder: Path
    progress: Progress
    pool: ThreadPoolExecutor
    done: int = 0
    slabs: list[tuple[int, int]] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Pictures to paint; overviews and radiographs count by their slabs."""
        r = self.recipe
        series = r.ct.slices + r.prior_ct.slices + r.mr.slices + r.us.frames
        return series + len(self.slabs) * 2

    def each(self, work: Callable[[A], B], items: Iterable[A]) -> Iterator[B]:
        """Answers of `work` in order, a few ahead, so that memory stays bounded."""
        waiting = iter(items)
        ahead = [self.pool.submit(work, item) for item in islice(waiting, 2 * _THREADS)]
        while ahead:
            self.progress.checkpoint()
            answer = ahead.pop(0).result()
            ahead += [self.pool.submit(work, item) for item in islice(waiting, 1)]
            yield answer

    def step(self, count: int, text: str) -> None:
        """Note `count` more pictures."""
        self.done += count
        self.progress.report(self.done, self.total, text)


def build(recipe: Recipe, folder: Path, progress: Progress) -> None:
    """Write every series of both studies into `folder`, which exists."""
    with ThreadPoolExecutor(_THREADS, "demo") as pool:
        run = _Build(recipe, folder, progress, pool)
        try:
            _overviews(run)
            _chest(run, recipe.ct, recipe.study, "ct", prior=False)
            _chest(run, recipe.prior_ct, recipe.prior, "prior-ct", prior=True)
            _head(run)
            _cine(run)
        finally:
            pool.shutdown(cancel_futures=True)


def _overviews(run: _Build) -> None:
    """Add up the body once; localizer and radiographs are made from the sums."""
    body = run.recipe.thorax(standing=True)
    plan = run.recipe.localizer
    grid, run.slabs = projection_slabs(body, _LOWEST_MM, _HIGHEST_MM, plan.pixel_mm)

    def add_up(slab: tuple[int, int]) -> tuple[Floats, Floats]:
        return project_slab(body, grid.slab(*slab))

    sums = []
    for part in run.each(add_up, run.slabs):
        sums.append(part)
        run.step(2, "Radiographs")
    shadows = join(sums, grid)
    place = SeriesPlace(run.recipe, run.recipe.study, "localizer", "CT", plan)
    ct.write_localizers(run.folder, place, shadows)
    _plates(run, shadows)


def _plates(run: _Build, shadows: Projections) -> None:
    plan, seed = run.recipe.cr, run.recipe.seed
    place = SeriesPlace(run.recipe, run.recipe.study, "cr", "CR", plan, 20)
    on_plate = shadows.step_mm * plan.magnification
    plate = Plate(plan.rows, plan.columns, plan.pixel_mm, seed, plan.marker)
    frontal = plate.expose(shadows.frontal, on_plate)
    radiographs.write_frontal(run.folder, place, plan, frontal)
    run.progress.checkpoint()
    plate = Plate(plan.rows, plan.lateral_columns, plan.pixel_mm, seed + 1)
    lateral = plate.expose(shadows.lateral, on_plate)
    radiographs.write_lateral(run.folder, place, plan, lateral)


def _chest(
    run: _Build, plan: ChestPlan, study: DemoStudy, key: str, *, prior: bool
) -> None:
    body = run.recipe.thorax(contrast=plan.contrast, prior=prior)
    body.prepare()
    seed = run.recipe.seed + plan.slices
    scan = ChestScan(body, plan.grid, plan.noise_hu, seed, plan.shift_mm)
    place = SeriesPlace(run.recipe, study, key, "CT", plan, 2)

    def scan_slab(first: int) -> int:
        stop = min(first + _SLAB, plan.slices)
        for n, image in enumerate(scan.slices(first, stop), first):
            ct.write_slice(run.folder, place, plan, n, image)
        return stop - first

    for count in run.each(scan_slab, range(0, plan.slices, _SLAB)):
        run.step(count, plan.description)


def _head(run: _Build) -> None:
    plan, recipe = run.recipe.mr, run.recipe
    scan = HeadScan(recipe.signals, plan.noise, recipe.seed)
    scan.prepare()
    grid = plan.grid
    place = SeriesPlace(recipe, recipe.study, "mr", "MR", plan, 60)

    def image_at(n: int) -> None:
        thin = Grid(grid.x[n : n + 1], grid.y, grid.z)
        head_up = scan.volume(thin)[::-1, :, 0]
        mr.write_sagittal(run.folder, place, plan, n, head_up.copy())

    for _ in run.each(image_at, range(plan.slices)):
        run.step(1, plan.description)


def _cine(run: _Build) -> None:
    plan, recipe = run.recipe.us, run.recipe
    cine = plan.cine(recipe.seed)
    cine.prepare()
    place = SeriesPlace(recipe, recipe.study, "us", "US", plan, 40)
    codes = []
    for code in run.each(
        lambda n: ultrasound.to_jpeg(plan, cine.frame(n)), range(plan.frames)
    ):
        codes.append(code)
        run.step(1, plan.description)
    ultrasound.write_cine(run.folder, place, plan, cine, codes)
