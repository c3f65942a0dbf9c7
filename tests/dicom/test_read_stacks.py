"""The clean series of real scanners make one stack each, without a false alarm."""

from pathlib import Path

import pytest

from viewer.core.stacking import to_stacks
from viewer.dicom.read import read_file


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
