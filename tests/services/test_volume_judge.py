"""dcm2niix makes of the same files the same values at the same places."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import numpy.typing as npt
import pytest

from tests.services.export_shop import Shop, wish
from tests.services.oblique import write_volume
from viewer.core.export_forms import NIFTI
from viewer.core.listing import StudyQuery

_APART_MM = 0.01
REAL = (
    "dcm_qa_sag/In/2_gre_field_mapping",
    "dcm_qa_sag/In/XA30/classic",
    "dicom-test-files/data/dcmqi/segmentations/ct-3slice",
    "pynemaiqpet/data/pet_recon_1",
)


def _opened(path: Path) -> nibabel.Nifti1Image:
    image = nibabel.load(path)
    assert isinstance(image, nibabel.Nifti1Image)
    assert image.affine is not None
    return image


def _judged(source: Path, folder: Path) -> list[nibabel.Nifti1Image]:
    """What dcm2niix makes of a folder; slices of a series merged, nothing else done."""
    if shutil.which("dcm2niix") is None:
        pytest.skip("dcm2niix is not installed")
    folder.mkdir()
    options = ["-z", "n", "-b", "n", "-m", "y", "-x", "n", "-f", "%s_%d"]
    subprocess.run(
        ["dcm2niix", *options, "-o", folder, source], check=True, capture_output=True
    )
    return [_opened(path) for path in sorted(folder.glob("*.nii"))]


def _agree(ours: nibabel.Nifti1Image, theirs: nibabel.Nifti1Image) -> bool:
    """Whether every voxel of ours lies on one of theirs that has its value."""
    assert ours.affine is not None
    assert theirs.affine is not None
    indices = np.indices(ours.shape).reshape(3, -1)
    way = np.linalg.inv(theirs.affine) @ ours.affine
    meant = way[:3, :3] @ indices + way[:3, 3:]
    place: npt.NDArray[Any] = np.round(meant).astype(int)
    sides = np.array(theirs.shape[:3])[:, np.newaxis]
    is_inside = (place >= 0) & (place < sides)
    apart = np.abs(theirs.affine[:3, :3] @ (meant - place)).max()
    if ours.shape != theirs.shape or not is_inside.all() or apart > _APART_MM:
        return False
    there = theirs.get_fdata()[tuple(place)]
    return np.allclose(there, ours.get_fdata().ravel(), rtol=1e-6, atol=1e-6)


def _compare(shop: Shop, source: Path) -> None:
    judged = _judged(source, shop.folder / "judged")
    shop.take_in(source)
    studies = [one.study_uid for one in shop.library.search(StudyQuery()).items]
    report = shop.run(replace(wish(*studies, to=shop.out()), form=NIFTI))
    files = sorted(shop.out().rglob("*.nii.gz"))
    assert report.exported == report.wanted
    assert files
    for path in files:
        ours = _opened(path)
        assert any(_agree(ours, theirs) for theirs in judged)


def test_voxels_of_a_phantom_are_where_dcm2niix_has_them(shop: Shop) -> None:
    write_volume(shop.folder / "in", Manufacturer="SIEMENS", ImageType=["ORIGINAL"])
    _compare(shop, shop.folder / "in")


@pytest.mark.parametrize("folder", REAL)
def test_voxels_of_real_series_are_where_dcm2niix_has_them(
    shop: Shop, real_data: Path, folder: str
) -> None:
    if not (real_data / folder).is_dir():
        pytest.skip("the folder of real files has no such series")
    _compare(shop, real_data / folder)
