"""Drawings on real files become reports in which others read the same numbers."""

import random
import shutil
import subprocess
from pathlib import Path

from tests.dicom.measured_images import drawing, report_on, written
from tests.dicom.test_measurement_report import assert_says
from viewer.core.annotation import POINTS, Shape
from viewer.core.errors import ViewerError
from viewer.core.records import FileRecord
from viewer.dicom.read import read_file

_KINDS = 10
_SINGLE_FRAME = "1.2.840.10008.5.1.4.1.1.7"  # secondary capture
_LARGEST = 4 << 20  # pixels


def one_of_each_kind(folder: Path) -> dict[tuple[str, bool], tuple[Path, FileRecord]]:
    """Real images by modality, with one frame and with several."""
    found: dict[tuple[str, bool], tuple[Path, FileRecord]] = {}
    for path in sorted(one for one in folder.rglob("*.dcm") if one.is_file()):
        try:
            record = read_file(path)
        except ViewerError:
            continue
        image, uid = record.instance.image, record.study.study_uid
        if image is None or not uid.startswith(("1.", "2.")):
            continue
        if image.pixels.frames > 1 and record.instance.sop_class_uid == _SINGLE_FRAME:
            continue  # not what its class may be; the judge says so of each reference
        if image.pixels.frame_pixels < _LARGEST and not image.index.reason:
            key = (record.series.modality, image.pixels.frames > 1)
            found.setdefault(key, (path, record))
        if len(found) == _KINDS and any(several for _, several in found):
            break
    return found


def test_real_files_are_reported_truly(real_data: Path, tmp_path: Path) -> None:
    judge, out = shutil.which("dciodvfy", path="/usr/bin"), tmp_path / "report.dcm"
    found = one_of_each_kind(real_data)
    assert len(found) >= _KINDS
    assert any(several for _, several in found)
    chance = random.Random(20261120)  # noqa: S311 - places to draw at
    for path, record in found.values():
        image = record.instance.image
        assert image is not None
        columns, rows = image.pixels.columns, image.pixels.rows
        points = [
            (chance.uniform(-0.5, columns - 0.5), chance.uniform(-0.5, rows - 0.5))
            for _ in range(3)
        ]
        number = image.pixels.frames
        drawn = [drawing(shape, points[: POINTS[shape]], number) for shape in Shape]
        try:
            report = report_on(path, drawn)
        except ViewerError:  # its pixels are damaged
            continue
        content = written(path, report)
        assert_says(content, report)
        if judge is not None:
            out.write_bytes(content)
            said = subprocess.run(
                [judge, "-new", str(out)], capture_output=True, check=False
            )
            assert b"Error" not in said.stdout + said.stderr, record.series.modality
