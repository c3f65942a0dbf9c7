"""An export as NIfTI says where each voxel lies, and what was measured there."""

import gzip
from dataclasses import replace
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import numpy.typing as npt
from nibabel.arrayproxy import ArrayProxy

from tests.services.export_shop import Shop, wish
from tests.services.import_files import write_image
from tests.services.oblique import (
    COLUMN_MM,
    COLUMNS,
    ORIGIN,
    ROW_MM,
    ROWS,
    SLICE_MM,
    SLICES,
    STUDY,
    oblique,
    voxels,
    write_slice,
    write_volume,
)
from viewer.core.export import FAILED, UNFIT, ExportReport
from viewer.core.export_forms import NIFTI

NAME = b"Muster"


def exported(shop: Shop) -> ExportReport:
    """All that lies in the folder `in`, as NIfTI."""
    shop.take_in(shop.folder / "in")
    return shop.run(replace(wish(STUDY, to=shop.out()), form=NIFTI))


def only_file(shop: Shop) -> Path:
    """The one file of an export."""
    (found,) = [path for path in shop.out().rglob("*") if path.is_file()]
    return found


def opened(path: Path) -> nibabel.Nifti1Image:
    """What nibabel reads in it."""
    image = nibabel.load(path)
    assert isinstance(image, nibabel.Nifti1Image)
    return image


def as_written(path: Path) -> tuple[npt.NDArray[Any], tuple[float, float]]:
    """Its voxels before slope and intercept, and these."""
    proxy = opened(path).dataobj
    assert isinstance(proxy, ArrayProxy)
    return proxy.get_unscaled(), (float(proxy.slope), float(proxy.inter))


def refused(report: ExportReport) -> set[str]:
    """Why everything stayed behind; nothing else is there."""
    assert report.exported == 0
    assert report.wanted == len(report.withheld)
    assert {one.reason for one in report.withheld} == {UNFIT}
    return {one.sentence for one in report.withheld}


def test_voxels_of_oblique_slices_lie_where_dicom_says(shop: Shop) -> None:
    write_volume(shop.folder / "in")
    report = exported(shop)
    assert (report.wanted, report.exported, report.files) == (SLICES, SLICES, 1)
    assert only_file(shop).name == "VOL001.nii.gz"
    image = opened(only_file(shop))
    right, down, across = oblique()
    measured = image.get_fdata()
    for number in range(SLICES):
        for row in range(ROWS):
            for column in range(COLUMNS):
                lps = (
                    ORIGIN
                    + number * SLICE_MM * across
                    + row * ROW_MM * down
                    + column * COLUMN_MM * right
                )
                ras = image.affine @ [column, row, number, 1]
                np.testing.assert_allclose(ras[:3], lps * [-1, -1, 1], atol=1e-4)
                stored = int(voxels(number)[row, column])
                assert measured[column, row, number] == 2 * stored - 1024


def test_slices_that_lean_a_little_lie_where_their_positions_say(shop: Shop) -> None:
    lean = 0.02  # mm a slice: less than what is refused
    write_volume(shop.folder / "in", lean)
    exported(shop)
    header = opened(only_file(shop)).header
    _, down, across = oblique()
    last = ORIGIN + (SLICES - 1) * (SLICE_MM * across + lean * down)
    found = header.get_sform() @ [0, 0, SLICES - 1, 1]
    np.testing.assert_allclose(found[:3], last * [-1, -1, 1], atol=1e-4)


def test_turn_and_matrix_of_the_header_say_the_same(shop: Shop) -> None:
    write_volume(shop.folder / "in")
    exported(shop)
    header = opened(only_file(shop)).header
    assert int(header["qform_code"]) == int(header["sform_code"]) == 1
    np.testing.assert_allclose(header.get_qform(), header.get_sform(), atol=1e-3)
    np.testing.assert_allclose(
        header.get_zooms(), (COLUMN_MM, ROW_MM, SLICE_MM), rtol=1e-6
    )
    assert header.get_xyzt_units() == ("mm", "unknown")


def test_slices_of_one_rescale_keep_their_stored_values(shop: Shop) -> None:
    write_volume(shop.folder / "in")
    exported(shop)
    written, scale = as_written(only_file(shop))
    assert written.dtype == np.int16
    assert scale == (2.0, -1024.0)
    stored = np.stack([voxels(number).T for number in range(SLICES)], axis=-1)
    np.testing.assert_array_equal(written, stored)


def test_sixteen_bits_without_sign_do_not_turn_negative(shop: Shop) -> None:
    bright = (voxels(0) + 60_000).astype(np.uint16)
    write_volume(
        shop.folder / "in", BitsStored=16, HighBit=15, PixelData=bright.tobytes()
    )
    exported(shop)
    written, _ = as_written(only_file(shop))
    assert written.dtype == np.uint16
    assert written.min() == bright.min()


def test_slices_of_different_rescales_become_what_was_measured(shop: Shop) -> None:
    write_volume(shop.folder / "in")
    write_slice(shop.folder / "in", 0, RescaleSlope="0.25", RescaleIntercept="0.5")
    exported(shop)
    image = opened(only_file(shop))
    assert image.get_data_dtype() == np.float32
    measured = image.get_fdata()
    np.testing.assert_array_equal(measured[..., 0], voxels(0).T * 0.25 + 0.5)
    np.testing.assert_array_equal(measured[..., 1], voxels(1).T * 2.0 - 1024)


def test_slices_of_a_tilted_gantry_stay_behind_with_the_reason(shop: Shop) -> None:
    write_volume(shop.folder / "in", lean=0.5)
    (sentence,) = refused(exported(shop))
    assert "tilted by 11.3°" in sentence
    assert not shop.out().exists()


def test_a_missing_slice_keeps_the_volume_behind(shop: Shop) -> None:
    write_volume(shop.folder / "in")
    (shop.folder / "in/3.dcm").unlink()
    (sentence,) = refused(exported(shop))
    assert "gap after image 3: 1 image missing" in sentence


def test_images_of_two_orientations_stay_behind(shop: Shop) -> None:
    write_volume(shop.folder / "in")
    for number in range(SLICES):
        write_image(
            shop.folder / f"in/across{number}.dcm",
            20 + number,
            StudyInstanceUID=STUDY,
            SeriesInstanceUID=f"{STUDY}.1",
            SOPInstanceUID=f"{STUDY}.1.{number + 20}",
        )
    (sentence,) = refused(exported(shop))
    assert "images of 2 orientations" in sentence


def test_an_image_that_cannot_be_decoded_takes_its_volume_along(shop: Shop) -> None:
    write_volume(shop.folder / "in")
    shop.take_in(shop.folder / "in")
    (shop.folder / "in/2.dcm").unlink()
    report = exported(shop)
    assert report.exported == 0
    (failed,) = report.failed
    assert (failed.sop_instance_uid, failed.reason) == (f"{STUDY}.1.3", FAILED)
    assert len(report.withheld) == SLICES - 1
    assert not shop.out().exists()


def test_nothing_of_a_patient_is_in_the_file(shop: Shop) -> None:
    write_volume(shop.folder / "in")
    exported(shop)
    header = opened(only_file(shop)).header
    texts = ("descrip", "aux_file", "intent_name", "db_name")
    assert [header[text].tobytes().strip(b"\0") for text in texts] == [b""] * 4
    assert len(header.extensions) == 0
    packed = only_file(shop).read_bytes()
    assert NAME not in gzip.decompress(packed)
    assert packed[3:8] == bytes(5)  # no name, no comment, no time: RFC 1952, 2.3
