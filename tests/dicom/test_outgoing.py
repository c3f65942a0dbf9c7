"""A data set for a peer says what the file says, however it has to be written."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset

from viewer.core.errors import PixelError
from viewer.core.image import Image
from viewer.dicom.frames import read_frame
from viewer.dicom.outgoing import PLAIN, as_it_lies, rewritten
from viewer.dicom.read import read_file

EXPLICIT, IMPLICIT = PLAIN
PIXELS = {
    "PixelData",
    "ExtendedOffsetTable",
    "ExtendedOffsetTableLengths",
    "PhotometricInterpretation",
    "PlanarConfiguration",
    "HighBit",
    "LossyImageCompression",
}
FILES = (
    "CT_small.dcm",  # explicit
    "MR_small_implicit.dcm",
    "MR_small_bigendian.dcm",
    "ExplVR_BigEnd.dcm",
    "image_dfl.dcm",
    "MR_small_RLE.dcm",
    "SC_rgb_rle_2frame.dcm",
    "JPEG2000.dcm",
    "SC_rgb_jpeg_dcmtk.dcm",
    "JPGExtended.dcm",
    "rtplan.dcm",
    "reportsi.dcm",
)


def found(name: str) -> Path:
    path = get_testdata_file(name, download=False)
    if not path:
        pytest.skip(f"{name} is not bundled with this pydicom")
    return Path(str(path))


def sent(path: Path, syntax: str) -> Dataset:
    record = read_file(path).instance
    image = record.image or Image.__new__(Image)
    raw = b"".join(
        rewritten(
            path,
            record.transfer_syntax_uid,
            record.image,
            syntax,
            lambda number: read_frame(path, image, number),
        )
    )
    return read_dataset(BytesIO(raw), syntax == IMPLICIT, is_little_endian=True)


@pytest.mark.parametrize("name", FILES)
def test_a_data_set_goes_out_byte_for_byte_as_it_lies(name: str) -> None:
    path = found(name)
    raw = b"".join(as_it_lies(path))
    whole = path.read_bytes()
    assert whole.endswith(raw)
    meta = pydicom.dcmread(path, stop_before_pixels=True).file_meta
    head = 132 + 12 + int(meta.get("FileMetaInformationGroupLength", 0))
    if "FileMetaInformationGroupLength" in meta:
        assert len(whole) - len(raw) == head


@pytest.mark.parametrize("syntax", PLAIN)
@pytest.mark.parametrize("name", FILES)
def test_written_anew_every_attribute_and_every_stored_value_is_the_same(
    name: str, syntax: str
) -> None:
    path = found(name)
    before, after = pydicom.dcmread(path), sent(path, syntax)
    for element in before:
        if element.keyword in PIXELS or element.tag.element == 0:
            continue
        if element.tag.is_private and syntax == IMPLICIT:
            assert element.tag in after  # what it is written in is lost in implicit
            continue
        assert after[element.tag].value == element.value, element.tag
    assert {e.tag for e in after} - {e.tag for e in before} <= {0x00280006, 0x00282110}
    if "PixelData" not in before:
        return
    record = read_file(path).instance
    assert record.image is not None
    frames = [
        read_frame(path, record.image, number + 1)
        for number in range(record.image.pixels.frames)
    ]
    after.file_meta = pydicom.dataset.FileMetaDataset()
    after.file_meta.TransferSyntaxUID = pydicom.uid.UID(syntax)
    out = BytesIO()
    after.file_meta.MediaStorageSOPClassUID = after.SOPClassUID
    after.file_meta.MediaStorageSOPInstanceUID = after.SOPInstanceUID
    after.save_as(out, enforce_file_format=True)
    again = pydicom.dcmread(BytesIO(out.getvalue()))
    values = again.pixel_array.reshape(len(frames), *frames[0].shape)
    stored = record.image.pixels
    if stored.bits_allocated > 8:
        assert again.BitsAllocated == stored.bits_allocated
    for number, frame in enumerate(frames):
        assert np.array_equal(values[number], frame), number


def test_overlays_in_unused_bits_are_not_lost_silently(tmp_path: Path) -> None:
    ds = pydicom.dcmread(found("MR_small_RLE.dcm"))
    ds.add_new(0x60000010, "US", ds.Rows)
    ds.add_new(0x60000011, "US", ds.Columns)
    ds.add_new(0x60000100, "US", 16)
    ds.add_new(0x60000102, "US", 15)
    path = tmp_path / "embedded.dcm"
    ds.save_as(path)
    with pytest.raises(PixelError, match="losing"):
        sent(path, EXPLICIT)


def test_what_was_lossy_stays_marked(tmp_path: Path) -> None:
    ds = pydicom.dcmread(found("SC_rgb_jpeg_dcmtk.dcm"))
    if "LossyImageCompression" in ds:
        del ds.LossyImageCompression
    path = tmp_path / "unmarked.dcm"
    ds.save_as(path)
    assert sent(path, EXPLICIT).LossyImageCompression == "01"
