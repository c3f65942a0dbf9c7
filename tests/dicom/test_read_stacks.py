"""The clean series of real scanners make one stack each, without a false alarm."""

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from viewer.core.errors import ViewerError
from viewer.core.stacking import to_stacks
from viewer.dicom.read import read_file

if TYPE_CHECKING:
    from viewer.core.records import InstanceRecord, SeriesRecord


@pytest.mark.parametrize(
    ("folder", "pattern", "images"),
    [
        ("dcm_qa_ct", "In/Philips/S21570/S2020/I*", 140),
        ("dcm_qa_sag", "**/5001_*/*.dcm", 63),
        ("dcm_qa_sag", "**/5_Product_EPI_Sag_Ascending/*.dcm", 63),
        ("pynemaiqpet", "**/pet_recon_1/*.dcm", 89),
    ],
)
def test_a_clean_series_is_one_stack_without_a_fault(
    real_data: Path, folder: str, pattern: str, images: int
) -> None:
    records = [read_file(path) for path in (real_data / folder).glob(pattern)]
    uid, description = records[0].series.series_uid, records[0].series.description
    mine = [record.instance for record in records if record.series.series_uid == uid]
    (stack,) = to_stacks(uid, mine, description)
    assert len(stack.frames) == images
    assert not stack.faults
    assert not stack.localizer


INCOMPLETE = {
    # Excerpts that the file set was cut down to, by folder; what is told of them.
    "77654033/CT2": {"gap after image 1: 161 images missing"},
    "98892003/MR2": {"images of 3 orientations"},
    "98892003/MR700": {"images of 7 orientations", "7 of 12 images"},
}


def test_nothing_is_told_of_any_other_real_series(real_data: Path) -> None:
    series: dict[tuple[str, ...], dict[str, InstanceRecord]] = {}
    said: dict[tuple[str, ...], tuple[Path, SeriesRecord]] = {}
    for path in sorted(path for path in real_data.rglob("*") if path.is_file()):
        with contextlib.suppress(ViewerError):
            record = read_file(path)
            source = path.relative_to(real_data).parts[0]
            key: tuple[str, ...] = (
                source,
                record.study.study_uid,
                record.series.series_uid,
            )
            said.setdefault(key, (path.parent, record.series))
            instances = series.setdefault(key, {})
            instances.setdefault(record.instance.sop_instance_uid, record.instance)
    told: dict[str, set[str]] = {}
    for key, instances in series.items():
        folder, first = said[key]
        stacks = to_stacks(
            first.series_uid, list(instances.values()), first.description
        )
        faults = {fault.sentence for stack in stacks for fault in stack.faults}
        if faults:
            told.setdefault("/".join(folder.parts[-2:]), set()).update(faults)
    assert len(series) > 150
    assert told == INCOMPLETE
