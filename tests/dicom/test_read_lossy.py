"""Whether an image is marked as lossy, how much and by which method."""

from pathlib import Path

import pytest

from tests.dicom.written_files import Value, image_file
from viewer.dicom.read import read_file

LOSSY, RATIO, METHOD = 0x00282110, 0x00282112, 0x00282114


@pytest.mark.parametrize(
    ("stated", "mark"),
    [
        ([], ""),
        ([(LOSSY, "CS", "00")], ""),
        ([(LOSSY, "CS", "01")], "lossy"),
        ([(LOSSY, "CS", "01"), (RATIO, "DS", "10.24")], "lossy 10.2:1"),
        ([(LOSSY, "CS", "01"), (METHOD, "CS", "ISO_10918_1")], "lossy JPEG"),
        (
            [(LOSSY, "CS", "01"), (RATIO, "DS", "8"), (METHOD, "CS", "ISO_15444_1")],
            "lossy 8:1 JPEG 2000",
        ),
        (
            [
                (LOSSY, "CS", "01"),
                (RATIO, "DS", "5\\3"),
                (METHOD, "CS", "ISO_10918_1\\ISO_14495_1"),
            ],
            "lossy 5:1, 3:1 JPEG, JPEG-LS",
        ),
        ([(LOSSY, "CS", "01"), (METHOD, "CS", "OF_ITS_OWN")], "lossy OF_ITS_OWN"),
        ([(LOSSY, "CS", "01"), (RATIO, "DS", "much")], "lossy"),
        # What a file that calls itself lossless once went through does not matter.
        ([(LOSSY, "CS", "00"), (RATIO, "DS", "10"), (METHOD, "CS", "ISO_10918_1")], ""),
    ],
    ids=range(10),
)
def test_lossy_is_marked_with_ratio_and_method(
    stated: list[tuple[int, str, Value]], mark: str, tmp_path: Path
) -> None:
    image = read_file(image_file(tmp_path, stated)).instance.image
    assert image is not None
    assert image.lossy == mark
