"""From the double click to the first picture, beside its bytes read and drawn."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pydicom
from pydicom.encaps import encapsulate

from tests.benchmarks.decoding import CODERS
from tests.benchmarks.double_click import DoubleClick
from tests.benchmarks.phantoms import study_uid, write_mammogram, write_series
from tests.benchmarks.race import Race
from tests.benchmarks.scale import Scale
from tests.benchmarks.stage import Blit, stage


def races(scale: Scale, folder: Path) -> Iterator[Race]:
    """Open studies that are in the catalog but not in memory."""
    opened = tuple(_studies(scale, folder))
    with stage(folder / "data") as played:
        for *_, path in opened:
            played.take_in(path.parent)
        first = played.open(study_uid(1))
        blit = Blit((first.width(), first.height()))
        for study, name, path in opened:
            played.open(study_uid(study))  # its codec is loaded from now on
            click = DoubleClick(played, study_uid(study))
            for how, ours, before in (
                ("after a double click", click.second, click.first),
                ("after two clicks at once", click.both, click.approach),
                ("of a study not looked at before", click.command, click.approach),
            ):
                yield Race(
                    f"First picture {how}, {name}",
                    ours,
                    partial(_read_and_drawn, path, blit),
                    "its bytes read, one blit",
                    before=before,
                )
        blit.close()


def _studies(scale: Scale, folder: Path) -> Iterator[tuple[int, str, Path]]:
    """Number, name and first file of each."""
    ct = f"CT of {scale.volume} slices"
    for study, coding in ((1, ""), (2, "HTJ2K"), (3, "JPEG Lossless")):
        at = folder / f"ct {study}"
        paths = write_series(at, scale.volume, scale.side, study=study)
        _compress(paths, coding)
        yield study, f"{ct}, {coding or 'uncompressed'}", paths[0]
    for study, coding in ((4, ""), (5, "HTJ2K"), (6, "JPEG Lossless")):
        path = write_mammogram(folder / f"mg {study}", scale.mammogram, study=study)
        _compress([path], coding)
        yield study, f"mammogram, {coding or 'uncompressed'}", path


def _compress(paths: Sequence[Path], coding: str) -> None:
    """Code the pixels anew; no coding leaves them as they are."""
    for coder in CODERS:
        if coder.name != coding:
            continue
        for path in paths:
            ds = pydicom.dcmread(path)
            without_sign = ds.pixel_array.view("u2") & 0xFFF
            ds.PixelData = encapsulate([bytes(coder.encode(without_sign))])
            ds["PixelData"].VR, ds["PixelData"].is_undefined_length = "OB", True
            ds.BitsStored, ds.HighBit = 12, 11
            ds.file_meta.TransferSyntaxUID = pydicom.uid.UID(coder.uid)
            ds.save_as(path, enforce_file_format=True)


def _read_and_drawn(path: Path, blit: Blit) -> None:
    path.read_bytes()
    blit.repaint()
