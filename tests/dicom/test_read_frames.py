"""Each frame of a multi-frame object is described by itself, equal ones once."""

from pathlib import Path

import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, EnhancedMRImageStorage, ExplicitVRLittleEndian

from tests.dicom.written_files import Value, image_file
from viewer.core.image import Image, SpacingKind
from viewer.dicom.read import read_file

Extra = list[tuple[int, str, Value]]


def image_of(path: Path) -> Image:
    image = read_file(path).instance.image
    assert image is not None
    return image


def one(**attributes: object) -> list[Dataset]:
    """A sequence of one item."""
    item = Dataset()
    for keyword, value in attributes.items():
        setattr(item, keyword, value)
    return [item]


def enhanced(frames: int) -> Dataset:
    """An enhanced MR object with shared orientation, each frame 2 mm higher."""
    data_set = Dataset()
    data_set.preamble = bytes(128)
    data_set.file_meta = FileMetaDataset()
    data_set.file_meta.MediaStorageSOPInstanceUID = UID("2.25.3")
    data_set.file_meta.MediaStorageSOPClassUID = EnhancedMRImageStorage
    data_set.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data_set.SOPClassUID = EnhancedMRImageStorage
    data_set.SOPInstanceUID = "2.25.3"
    data_set.Modality = "MR"
    data_set.Rows = data_set.Columns = 2
    data_set.SamplesPerPixel = 1
    data_set.PhotometricInterpretation = "MONOCHROME2"
    data_set.BitsAllocated = data_set.BitsStored = 16
    data_set.HighBit = 15
    data_set.PixelRepresentation = 0
    data_set.NumberOfFrames = frames
    shared = Dataset()
    shared.PlaneOrientationSequence = one(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])
    shared.PixelMeasuresSequence = one(PixelSpacing=[0.5, 0.25], SliceThickness=2)
    shared.PixelValueTransformationSequence = one(
        RescaleSlope=2, RescaleIntercept=-5, RescaleType="US"
    )
    shared.MREchoSequence = one(EffectiveEchoTime=12.5)
    shared.MRTimingAndRelatedParametersSequence = one(RepetitionTime=500)
    data_set.SharedFunctionalGroupsSequence = [shared]
    items = []
    for frame in range(frames):
        item = Dataset()
        item.PlanePositionSequence = one(ImagePositionPatient=[0, 0, 2 * frame])
        item.FrameVOILUTSequence = one(WindowCenter=40 + frame % 2, WindowWidth=400)
        item.FrameContentSequence = one(
            StackID="7", TemporalPositionIndex=1 + frame // 2, FrameAcquisitionNumber=3
        )
        item.MRDiffusionSequence = one(DiffusionBValue=1000.0 * (frame % 2))
        items.append(item)
    data_set.PerFrameFunctionalGroupsSequence = items
    data_set.PixelData = bytes(8 * frames)
    return data_set


def saved(data_set: Dataset, folder: Path) -> Path:
    path = folder / "enhanced.dcm"
    data_set.save_as(
        path, enforce_file_format=False, little_endian=True, implicit_vr=False
    )
    return path


def test_shared_and_own_groups_describe_each_frame(tmp_path: Path) -> None:
    image = image_of(saved(enhanced(4), tmp_path))
    assert [f.plane.origin for f in image.frames if f.plane] == [
        (0, 0, z) for z in (0, 2, 4, 6)
    ]
    frame = image.frame(4)
    assert frame.spacing is not None
    assert (frame.spacing.row_mm, frame.spacing.kind) == (0.5, SpacingKind.PATIENT)
    assert frame.thickness_mm == 2
    traits = frame.traits
    assert (traits.echo_time_ms, traits.b_value) == (12.5, 1000)
    assert (traits.temporal_position, traits.acquisition, traits.stack_id) == (
        2,
        3,
        "7",
    )
    assert (
        read_file(tmp_path / "enhanced.dcm").instance.technique.repetition_time_ms
        == 500
    )


def test_equal_greys_are_kept_once(tmp_path: Path) -> None:
    image = image_of(saved(enhanced(6), tmp_path))
    assert [d.windows[0].center for d in image.displays] == [40, 41]
    assert [frame.display for frame in image.frames] == [0, 1] * 3
    assert {d.rescale.intercept for d in image.displays} == {-5}


def test_frames_that_all_agree_are_described_once(tmp_path: Path) -> None:
    data_set = enhanced(5)
    del data_set.PerFrameFunctionalGroupsSequence
    image = image_of(saved(data_set, tmp_path))
    assert len(image.frames) == 1
    assert image.frame(5).spacing is not None


def test_missing_descriptions_are_filled_from_the_shared_ones(tmp_path: Path) -> None:
    data_set = enhanced(3)
    data_set.PerFrameFunctionalGroupsSequence = list(
        data_set.PerFrameFunctionalGroupsSequence
    )[:1]
    path = saved(data_set, tmp_path)
    image = image_of(path)
    assert image.frame(1).plane is not None
    assert image.frame(3).plane is None
    assert read_file(path).tolerated == ("fewer descriptions of frames than frames",)


def volume(extra: Extra, frames: int) -> Extra:
    return [
        (0x00080060, "CS", "RTDOSE"),
        (0x00200032, "DS", "0\\0\\10"),
        (0x00200037, "DS", "1\\0\\0\\0\\1\\0"),
        (0x00280008, "IS", str(frames)),
        (0x00280030, "DS", "1\\1"),
        *extra,
    ]


@pytest.mark.parametrize("offsets", ["0\\3\\7", "10\\13\\17"])
def test_a_dose_grid_places_its_frames(tmp_path: Path, offsets: str) -> None:
    extra = volume([(0x3004000C, "DS", offsets)], 3)
    frames = image_of(image_file(tmp_path, extra, bytes(24))).frames
    assert [f.plane.origin[2] for f in frames if f.plane] == [10, 13, 17]


def test_frames_with_one_place_between_them_share_one_description(
    tmp_path: Path,
) -> None:
    image = image_of(image_file(tmp_path, volume([], 3), bytes(24)))
    assert len(image.frames) == 1


@pytest.mark.parametrize(
    ("extra", "milliseconds"),
    [
        ([(0x00181063, "DS", "40")], 40),
        ([(0x00181065, "DS", "0\\33\\33")], 33),
        ([(0x00180040, "IS", "25")], 40),
        ([(0x00082144, "IS", "50"), (0x00180040, "IS", "25")], 20),
        ([(0x00181063, "DS", "0")], None),
        ([], None),
    ],
)
def test_a_cine_says_how_fast_it_runs(
    tmp_path: Path, extra: Extra, milliseconds: float | None
) -> None:
    film: Extra = [(0x00280008, "IS", "3"), *extra]
    image = image_of(image_file(tmp_path, film, bytes(24)))
    assert image.frame_time_ms == milliseconds


@pytest.mark.parametrize(
    ("extra", "mark"),
    [
        ([], ""),
        ([(0x00282110, "CS", "00")], ""),
        ([(0x00282110, "CS", "01")], "lossy"),
        (
            [
                (0x00282110, "CS", "01"),
                (0x00282112, "DS", "10.24"),
                (0x00282114, "CS", "ISO_10918_1"),
            ],
            "lossy 10.2:1 JPEG",
        ),
    ],
)
def test_lossy_images_are_marked(tmp_path: Path, extra: Extra, mark: str) -> None:
    assert image_of(image_file(tmp_path, extra)).lossy == mark


@pytest.mark.parametrize(
    ("creator", "tag", "value", "b_value"),
    [
        ("SIEMENS MR HEADER", 0x0019100C, b"800 ", 800),
        ("GEMS_PARM_01", 0x00431039, b"1000000700\\8\\0\\0 ", 700),
        ("SOMEBODY ELSE", 0x0019100C, b"800 ", None),
    ],
)
def test_b_values_from_before_they_were_standard_are_found(
    tmp_path: Path, creator: str, tag: int, value: bytes, b_value: float | None
) -> None:
    extra: Extra = [(tag & 0xFFFF0000 | 0x10, "LO", creator), (tag, "UN", value)]
    assert image_of(image_file(tmp_path, extra)).frame(1).traits.b_value == b_value
