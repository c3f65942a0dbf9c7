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

from viewer.core.errors import ViewerError
from viewer.core.records import FileRecord
from viewer.core.voi import is_valid
from viewer.core.windowing import padded, takes_window
from viewer.services.decoding import Decoding, FrameRef
from viewer.services.rendering import Stored, Wish, render
from viewer.services.workers import Workers

DCMTK = shutil.which("dcmj2pnm", path="/usr/bin:/usr/local/bin")
JPEG = "1.2.840.10008.1.2.4.50"
SERIES = ("S2020", "classic", "pet_recon_1")  # long ones: every tenth image does
Picture = npt.NDArray[np.uint8]


def first_frames(folder: Path) -> Iterator[tuple[Path, FileRecord, Stored]]:
    """Every image that can be decoded, with its first frame."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    files = [
        path
        for place, path in enumerate(files)
        if place % 10 == 0 or not set(SERIES) & set(path.parts)
    ]
    with Workers(2) as workers:
        decoding = Decoding(lambda call: call(), workers)
        for path, record in workers.read_files(files):
            if isinstance(record, ViewerError) or record.instance.image is None:
                continue
            try:
                ref = FrameRef(str(path), record.instance.image, 1)
                yield path, record, decoding.frame(ref)
            except ViewerError:
                continue  # what is refused, and why, is a matter of other tests
        decoding.close()


def shown_by_dcmtk(path: Path, window: list[str], out: Path) -> Picture | None:
    """The first frame without overlay planes; None if DCMTK cannot."""
    assert DCMTK is not None
    command = [DCMTK, "+op", "-a", "-O", *window, str(path), str(out)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        return None
    return np.asarray(Pictures.open(out).convert("RGB"))


@pytest.mark.skipif(DCMTK is None, reason="dcmj2pnm is not installed")
def test_pictures_are_within_one_grey_of_dcmtk(real_data: Path, tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    differing: list[str] = []
    for path, record, stored in first_frames(real_data):
        image = record.instance.image
        assert image is not None
        window, wish = ["+Ww", "100", "500"], Wish(window=(100, 500))
        windows = image.display(1).windows
        if not takes_window(image):
            window, wish = [], Wish()
        elif windows and is_valid(windows[0]):
            window, wish = ["+Wi", "1"], Wish(voi=1)
        theirs = shown_by_dcmtk(path, window, tmp_path / "dcmtk.pnm")
        if theirs is None:
            continue
        ours = render(record, 1, stored, wish).pixels
        if ours.ndim == 2:
            ours = np.repeat(ours[..., None], 3, axis=2)
        away = np.abs(ours.astype(int) - theirs)
        if takes_window(image):  # DCMTK shows padding as if it were image
            away[padded(stored, image.display(1).padding)] = 0
        # DCMTK converts YBR in whole numbers and cuts off what is behind the point.
        plain_ybr = image.pixels.photometric == "YBR_FULL"
        seen["grey" if takes_window(image) else "colour"] += 1
        if away.max() > (2 if plain_ybr else 1):
            differing.append(f"{path.relative_to(real_data)}: {away.max()}")
    assert differing == []
    assert seen["grey"] > 150
    assert seen["colour"] > 60


@pytest.mark.filterwarnings("ignore::UserWarning")  # pydicom's, of files with flaws
def test_lossy_colour_is_within_one_of_pillow(real_data: Path) -> None:
    seen = 0
    for path, record, stored in first_frames(real_data):
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
        ours = render(record, 1, stored, Wish()).pixels
        assert np.abs(ours - theirs).max() <= 1, path.name
        seen += 1
    assert seen >= 10
