"""Side and view of a mammogram, in whichever attribute the file says them."""

from pathlib import Path

import pytest
from pydicom.dataset import Dataset

from tests.golden.phantoms import grey_image, saved
from tests.golden.test_known_geometry_bugs import RAMP
from viewer.core.records import Technique
from viewer.dicom.read import read_file


def technique(
    folder: Path, *, code: tuple[str, str] = ("", ""), **attributes: str
) -> Technique:
    ds = grey_image(RAMP)
    ds.Modality = "MG"
    for keyword, value in attributes.items():
        setattr(ds, keyword, value)
    if any(code):
        item = Dataset()
        item.CodeValue, item.CodeMeaning = code
        ds.ViewCodeSequence = [item]
    return read_file(saved(ds, folder)).instance.technique


@pytest.mark.parametrize(
    ("code", "stated", "view"),
    [
        (("R-10242", "cranio-caudal"), "", "CC"),
        (("399162004", "cranio-caudal"), "", "CC"),
        (("R-10226", "medio-lateral oblique"), "", "MLO"),
        (("399368009", "medio-lateral oblique"), "", "MLO"),
        (("R-10224", "medio-lateral"), "", "ML"),
        (("399352003", "latero-medial"), "", "LM"),
        (("R-10242", "cranio-caudal"), "XCCL", "XCCL"),
        (("R-99999", "from somewhere else"), "", "from somewhere else"),
        (("", ""), "", ""),
    ],
)
def test_the_view_is_in_the_letters_readers_know(
    code: tuple[str, str], stated: str, view: str, tmp_path: Path
) -> None:
    found = technique(tmp_path, code=code, ViewPosition=stated)
    assert found.view_position == view


@pytest.mark.parametrize(
    ("frame", "image", "side"),
    [("R", "", "R"), ("L", "", "L"), ("U", "", ""), ("R", "L", "L"), ("", "R", "R")],
)
def test_a_tomosynthesis_says_the_side_of_its_frames(
    frame: str, image: str, side: str, tmp_path: Path
) -> None:
    ds = grey_image(RAMP)
    ds.Modality, ds.ImageLaterality = "MG", image
    shared, anatomy = Dataset(), Dataset()
    anatomy.FrameLaterality = frame
    shared.FrameAnatomySequence = [anatomy]
    ds.SharedFunctionalGroupsSequence = [shared]
    found = read_file(saved(ds, tmp_path)).instance.technique
    assert found.image_laterality == side
