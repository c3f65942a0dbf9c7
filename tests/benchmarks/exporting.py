"""Files out of the catalog, anonymous and forced to disk, beside writing them alone."""

import os
import shutil
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from tests.benchmarks.importing import write_small
from tests.benchmarks.peers import Peers
from tests.benchmarks.phantoms import study_uid
from tests.benchmarks.race import Peer, Race
from tests.benchmarks.scale import Scale
from viewer.core.deidentification import PROFILES
from viewer.core.export import Anonymization, ExportWish
from viewer.services.exporting import Exporting
from viewer.services.importing import Importing, ImportRequest
from viewer.services.jobs import Silent
from viewer.services.library import Library
from viewer.services.workers import Workers

_ROUNDS = 5
_STRICTEST = PROFILES[-1]


class Bench:
    """A library of one series, and a place for what leaves it."""

    def __init__(self, folder: Path, library: Library, workers: Workers) -> None:
        self._folder = folder / "out"
        self._exporting = Exporting(library, workers)

    def renew(self) -> None:
        """Remove what was exported."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir()

    def exported(self, count: int, anonymization: Anonymization | None) -> None:
        """Export the series; every file must get out."""
        wish = ExportWish(
            (study_uid(2),), self._folder / "ours", anonymization=anonymization
        )
        report = self._exporting.run(wish, Silent())
        assert report.exported == count, report.reasons

    def copied(self, paths: Sequence[Path]) -> None:
        """Write every file's bytes anew, each safely on the disk."""
        for path in paths:
            with (self._folder / path.name).open("wb") as target:
                target.write(path.read_bytes())
                target.flush()
                os.fsync(target.fileno())


def races(scale: Scale, folder: Path) -> Iterator[Race]:
    """Export as it is, and anonymous."""
    paths = write_small(folder / "in", scale.files, scale.side)
    with (
        Workers() as workers,
        Library(folder / "data", workers) as library,
        Peers() as peers,
    ):
        report = Importing(library, workers).run(
            ImportRequest((paths[0].parent,), reference=True)
        )
        assert report.imported == len(paths), report.failed
        bench = Bench(folder, library, workers)
        strictest = Anonymization("bench", _STRICTEST)
        for name, how, others in (
            ("anonymous", strictest, _anonymizers(peers, folder)),
            ("as it is", None, ()),
        ):
            yield Race(
                f"CT file of 0.5 MB exported {name}, durably",
                partial(bench.exported, len(paths), how),
                partial(bench.copied, paths),
                "the file written safely",
                len(paths),
                bench.renew,
                _ROUNDS,
                others,
            )


def _anonymizers(peers: Peers, folder: Path) -> tuple[Peer, ...]:
    """Who else does it, at their defaults; none of them waits for the disk."""
    places = [str(folder / "in"), str(folder / "out" / "theirs")]
    return (
        peers.python("dicom-anonymizer", "dicomanonymizer", _DICOM_ANONYMIZER, places),
        peers.python("deid", "deid", _DEID, places),
    )


_DICOM_ANONYMIZER = """
import logging, os
logging.disable(logging.CRITICAL)
def work(places):
    from dicomanonymizer.simpledicomanonymizer import anonymize_dicom_file
    os.makedirs(places[1], exist_ok=True)
    for name in os.listdir(places[0]):
        anonymize_dicom_file(
            os.path.join(places[0], name), os.path.join(places[1], name)
        )
"""

_DEID = """
import logging, os, warnings
logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")
def work(places):
    os.environ["MESSAGELEVEL"] = "QUIET"
    from deid.dicom import get_identifiers, replace_identifiers
    os.makedirs(places[1], exist_ok=True)
    files = [os.path.join(places[0], name) for name in os.listdir(places[0])]
    found = get_identifiers(files)
    replace_identifiers(
        dicom_files=files, ids=found, save=True, output_folder=places[1], overwrite=True
    )
"""
