"""Real files as DCMTK's dcmj2pnm shows them, and lossy colour as Pillow does."""

import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image as Pictures
from pydicom import dcmread
from pydicom.encaps import generate_frames

from tests.golden import reference
from tests.golden.phantoms import shown
from viewer.core.errors import ViewerError
from viewer.core.image import Image
from viewer.core.records import FileRecord
from viewer.core.voi import is_valid
from viewer.core.windowing import padded, takes_window
from viewer.dicom.frames import read_frame
from viewer.dicom.read import read_file
from viewer.services.rendering import Wish

DCMTK = shutil.which("dcmj2pnm", path="/usr/bin:/usr/local/bin")
JPEG = "1.2.840.10008.1.2.4.50"
Picture = npt.NDArray[np.uint8]


def images(folder: Path) -> Iterator[tuple[Path, FileRecord]]:
    """Every file that holds an image whose first frame can be decoded."""
    for path in sorted(folder.rglob("*")):
        try:
            record = read_file(path)
            if record.instance.image is not None:
                read_frame(path, record.instance.image, 1)
                yield path, record
        except ViewerError:
            continue  # what is refused, and why, is a matter of other tests


def shown_by_dcmtk(path: Path, window: list[str], out: Path) -> Picture | None:
    """The first frame with its overlay planes; None if DCMTK cannot."""
    assert DCMTK is not None
    command = [DCMTK, "+op", "-a", *window, str(path), str(out)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        return None
    return np.asarray(Pictures.open(out).convert("RGB"))


def window_of(image: Image) -> tuple[list[str], Wish]:
    """The first window or VOI LUT of the file, else one for both, in both languages."""
    display = image.display(1)
    if not takes_window(image):
        return [], Wish(profile=False)
    if display.windows and is_valid(display.windows[0]):
        return ["+Wi", "1"], Wish(voi=1)
    if display.voi_luts:
        return ["+Wl", "1"], Wish(voi=len(display.windows) + 1)
    return ["+Ww", "100", "500"], Wish(window=(100, 500))


@pytest.mark.skipif(DCMTK is None, reason="dcmj2pnm is not installed")
def test_pictures_are_within_one_grey_of_dcmtk(real_data: Path, tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    differing: list[str] = []
    for path, record in images(real_data):
        image = record.instance.image
        assert image is not None
        window, wish = window_of(image)
        theirs = shown_by_dcmtk(path, window, tmp_path / "dcmtk.pnm")
        if theirs is None:
            continue
        ours = shown(path, wish)
        if ours.ndim == 2:
            ours = np.repeat(ours[..., None], 3, axis=2)
        away = np.abs(ours.astype(int) - theirs)
        if takes_window(image):  # DCMTK shows padding as if it were image
            stored = read_frame(path, image, 1)
            away[padded(stored, image.display(1).padding)] = 0
        seen["grey" if takes_window(image) else "colour"] += 1
        seen["overlay"] += bool(image.overlays)
        if away.max() > 1 and not is_formula_of_ybr(path, image, ours):
            differing.append(f"{path.relative_to(real_data)}: {away.max()}")
    assert differing == []
    assert seen["grey"] > 400
    assert seen["colour"] > 60
    assert seen["overlay"] == 3


def is_formula_of_ybr(path: Path, image: Image, ours: Picture) -> bool:
    """Whether a YBR_FULL picture is exactly the standard's.

    DCMTK converts in whole numbers and cuts off what is behind the point, in each of
    three products: it comes out up to 2 lower.
    """
    if image.pixels.photometric != "YBR_FULL":
        return False
    stored = np.asarray(read_frame(path, image, 1)).reshape(-1, 3)
    colours, place = np.unique(stored, axis=0, return_inverse=True)
    meant = [reference.from_ybr_full(*map(int, colour)) for colour in colours]
    return np.array_equal(np.array(meant)[place.ravel()], ours.reshape(-1, 3))


@pytest.mark.filterwarnings("ignore::UserWarning")  # pydicom's, of files with flaws
def test_lossy_colour_is_within_one_of_pillow(real_data: Path) -> None:
    seen = 0
    for path, record in images(real_data):
        image = record.instance.image
        assert image is not None
        if image.pixels.samples != 3 or image.pixels.transfer_syntax_uid != JPEG:
            continue
        data_set = dcmread(path)
        encoded = next(
            generate_frames(data_set.PixelData, number_of_frames=image.pixels.frames)
        )
        picture = Pictures.open(BytesIO(encoded))
        if image.pixels.photometric == "RGB" and "adobe_transform" not in picture.info:
            continue  # the stream says nothing of its colours: Pillow guesses YCbCr
        theirs = np.asarray(picture.convert("RGB")).astype(int)
        ours = shown(path, Wish(profile=False)).astype(int)
        assert np.abs(ours - theirs).max() <= 1, path.name
        seen += 1
    assert seen >= 10
