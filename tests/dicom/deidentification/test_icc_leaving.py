"""A colour profile leaves an object clean, at whatever depth it lies."""

from io import BytesIO
from pathlib import Path

import pydicom
from PIL import ImageCms
from pydicom.dataset import Dataset

from tests.dicom.written_files import image_file
from viewer.core.deidentification import PROFILES, Recipe, Written
from viewer.core.review import Review, Verdict
from viewer.dicom.deidentification.engine import deidentify


def test_profiles_of_an_image_and_of_its_optical_paths_lose_their_texts(
    tmp_path: Path,
) -> None:
    path = image_file(tmp_path)
    ds = pydicom.dcmread(path)
    dirty = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    dirty = dirty[:100] + b"GARFUNKEL^ARTHUR" + dirty[116:]
    ds.ICCProfile = dirty
    ds.OpticalPathSequence = [Dataset()]
    ds.OpticalPathSequence[0].ICCProfile = dirty
    ds.save_as(path)
    out = BytesIO()
    review = Review(2, 2, (), Verdict.REVIEWED)
    result = deidentify(path, Recipe(PROFILES[0], bytes(32), review), out)
    assert isinstance(result, Written)
    assert b"GARFUNKEL" not in out.getvalue()
    left = pydicom.dcmread(BytesIO(out.getvalue()))
    assert left.ICCProfile[36:40] == b"acsp"
    assert left.OpticalPathSequence[0].ICCProfile == left.ICCProfile
