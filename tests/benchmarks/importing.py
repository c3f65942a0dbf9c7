"""Files into the catalog, beside the bytes read or safely written alone."""

import os
import shutil
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from tests.benchmarks.phantoms import write_series
from tests.benchmarks.race import Race
from tests.benchmarks.scale import Scale
from viewer.services.importing import Importing, ImportRequest
from viewer.services.library import Library
from viewer.services.workers import Workers

_ROUNDS = 5
_SMALL_SIDE = 64  # 8 kB: nearly all header


class Bench:
    """A library that is new for every run."""

    def __init__(self, folder: Path, workers: Workers) -> None:
        self._folder = folder
        self._workers = workers
        self._library: Library | None = None
        self.renew()

    def renew(self) -> None:
        """Forget what was imported."""
        self.close()
        self._library = Library(self._folder / "data", self._workers)
        (self._folder / "copies").mkdir(parents=True)

    def close(self) -> None:
        """Remove everything."""
        if self._library is not None:
            self._library.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def imported(self, folder: Path, count: int, *, reference: bool) -> None:
        """Import the folder; every file must arrive."""
        assert self._library is not None
        request = ImportRequest((folder,), reference=reference)
        report = Importing(self._library, self._workers).run(request)
        assert report.imported == count, report.failed

    def copied(self, paths: Sequence[Path]) -> None:
        """Write every file's bytes anew, each safely on the disk."""
        for path in paths:
            with (self._folder / "copies" / path.name).open("wb") as target:
                target.write(path.read_bytes())
                target.flush()
                os.fsync(target.fileno())


def races(scale: Scale, folder: Path) -> Iterator[Race]:
    """Import by copying, and in place."""
    big = write_series(folder / "big", scale.files, scale.side)
    small = write_series(folder / "small", scale.files * 4, _SMALL_SIDE, study=2)
    with Workers() as workers:
        bench = Bench(folder / "bench", workers)
        for name, paths in (("0.5 MB", big), ("8 kB", small)):
            source, count = paths[0].parent, len(paths)
            yield Race(
                f"File of {name} imported by copying",
                partial(bench.imported, source, count, reference=False),
                partial(bench.copied, paths),
                "copy and fsync",
                count,
                bench.renew,
                _ROUNDS,
            )
            yield Race(
                f"File of {name} imported in place",
                partial(bench.imported, source, count, reference=True),
                partial(_read, paths),
                "the file read",
                count,
                bench.renew,
                _ROUNDS,
            )
        bench.close()


def _read(paths: Sequence[Path]) -> None:
    for path in paths:
        path.read_bytes()
