"""An export as NIfTI: each stack of parallel, equally spaced slices one file."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from viewer.core.errors import Cancelled, EnvironmentFailure, ViewerError
from viewer.core.export import UNFIT, NotExported
from viewer.core.image import Image
from viewer.core.records import InstanceRecord, StoredInstance
from viewer.services.disk_room import check_room
from viewer.services.exporters import Conversion, LeftOut
from viewer.services.picture_source import PictureSource, not_exported
from viewer.services.side_by_side import side_by_side
from viewer.services.volume_file import ENDING, nifti_file
from viewer.services.volume_plan import Grid, VolumePlan, grid_of, plans

if TYPE_CHECKING:
    from viewer.core.identity import SeriesUID
    from viewer.services.jobs import Progress

_INCOMPLETE = "Another image of its volume could not be read."

Slice = tuple[npt.NDArray[np.generic], Image, int]


class _UnreadSliceError(ViewerError):
    """One of the images of a volume could not be had."""

    def __init__(self, instance: int, cause: ViewerError) -> None:
        super().__init__(cause.message)
        self.instance, self.cause = instance, cause


def export_volumes(conversion: Conversion, progress: "Progress") -> LeftOut:
    """Write a file for each volume; all of an instance, or none.

    Raises
    ------
    Cancelled
    EnvironmentFailure
        If it cannot be written.
    """
    with PictureSource(conversion) as source:
        return _Volumes(conversion, source, progress).export()


class _Volumes:
    """Makes the files of one series after the other."""

    def __init__(
        self, conversion: Conversion, source: PictureSource, progress: "Progress"
    ) -> None:
        self._instances, self._source = conversion.instances, source
        self._content, self._reserve = conversion.content, conversion.reserve
        self._progress = progress
        self._left_out: dict[int, NotExported] = {}
        self._made, self._frames = 0, 0

    def export(self) -> LeftOut:
        """Write all; what stayed behind."""
        series: dict[SeriesUID, list[tuple[int, InstanceRecord]]] = {}
        for number, one in enumerate(self._instances):
            try:
                self._source.image(one)
                series.setdefault(one.series_uid, []).append(
                    (number, self._record(number))
                )
            except ViewerError as error:
                self._left_out[number] = not_exported(one, error)
        together = [plans(uid, images) for uid, images in series.items()]
        self._frames = sum(
            len(plan.frames)
            for groups in together
            for group in groups
            for plan in group
        )
        for groups in together:
            counter = 0
            for group in groups:
                counter += self._export_group(group, counter)
        return self._left_out

    def _export_group(self, group: list[VolumePlan], before: int) -> int:
        """Write volumes that share instances, all or none; how many."""
        numbers = sorted(set().union(*(plan.instances for plan in group)))
        paths: list[Path] = []
        done = self._made
        try:
            grids = [grid_of(plan, self._record) for plan in group]
            for plan, grid in zip(group, grids, strict=True):
                folder = self._instances[numbers[0]].name.rpartition("/")[0]
                counter = before + len(paths) + 1
                paths.append(self._content / f"{folder}/VOL{counter:03}{ENDING}")
                self._write(paths[-1], plan, grid)
        except ViewerError as error:
            for path in paths:
                path.unlink(missing_ok=True)
            self._stay_behind(numbers, error)
            self._made = done + sum(len(plan.frames) for plan in group)
            return 0
        return len(paths)

    def _stay_behind(self, numbers: list[int], error: ViewerError) -> None:
        for number in numbers:
            one = self._instances[number]
            if not isinstance(error, _UnreadSliceError):
                self._left_out[number] = not_exported(one, error)
            elif number == error.instance:
                self._left_out[number] = not_exported(one, error.cause)
            else:
                self._left_out[number] = NotExported(one.uid, UNFIT, _INCOMPLETE)

    def _write(self, path: Path, plan: VolumePlan, grid: Grid) -> None:
        columns, rows, slices = grid.volume.shape
        size = columns * rows * slices * grid.coding.dtype.itemsize
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            check_room(path.parent, size + self._reserve)
            with nifti_file(path, grid.volume, grid.coding) as write:

                def took(brought: Slice) -> None:
                    stored, image, frame = brought
                    write(stored, image.display(frame))
                    self._made += 1
                    self._watch()

                side_by_side(plan.frames, self._bring, took, self._watch)
        except OSError as cause:
            raise EnvironmentFailure(
                "The export cannot be written.",
                hint="Is the disk full, or the folder closed to you? Nothing was left.",
            ) from cause

    def _bring(self, place: tuple[int, int], stop: threading.Event) -> Slice:
        number, frame = place
        one = self._instances[number]
        if stop.is_set():
            raise Cancelled
        try:
            return self._source.values(one, frame), self._source.image(one), frame
        except (Cancelled, EnvironmentFailure):
            raise
        except ViewerError as error:
            raise _UnreadSliceError(number, error) from error

    def _watch(self) -> None:
        self._progress.report(self._made, self._frames)
        self._progress.checkpoint()

    def _record(self, number: int) -> InstanceRecord:
        stored = self._instances[number].stored
        if not isinstance(stored, StoredInstance):
            raise ValueError("only what can be read is planned")  # noqa: TRY004
        return stored.instance
