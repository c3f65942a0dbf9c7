"""Whether an image is marked as lossy, how much and by which method."""

from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import UID

from tests.dicom.written_files import Value, image_file
from tests.golden.phantoms import grey_image, image_of, saved
from viewer.core.errors import ViewerError
from viewer.core.image import Image
from viewer.dicom.read import read_file
from viewer.dicom.wavelet import is_irreversible

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


PIXELS = np.random.default_rng(5).integers(0, 4096, (32, 32), np.uint16)
JPEG_2000, LOSSLESS_ONLY = "1.2.840.10008.1.2.4.91", "1.2.840.10008.1.2.4.90"


def coded(folder: Path, stream: bytes, syntax: str, *, stated: str = "") -> Image:
    ds = grey_image(PIXELS, stored=12)
    ds.PixelData = encapsulate([stream])
    ds["PixelData"].is_undefined_length = True
    ds.file_meta.TransferSyntaxUID = UID(syntax)
    if stated:
        ds.LossyImageCompression = stated
    return image_of(saved(ds, folder))


def stream(*, reversible: bool, container: bool = False) -> bytes:
    return bytes(
        imagecodecs.jpeg2k_encode(
            PIXELS,
            reversible=reversible,
            level=0 if reversible else 30,
            codecformat="jp2" if container else "j2k",
        )
    )


@pytest.mark.parametrize("container", [False, True])
@pytest.mark.parametrize("stated", ["", "00"])
@pytest.mark.parametrize("syntax", [JPEG_2000, LOSSLESS_ONLY])
def test_a_wavelet_that_cannot_be_undone_is_marked_though_the_file_keeps_quiet(
    syntax: str, stated: str, tmp_path: Path, *, container: bool
) -> None:
    whole = stream(reversible=True, container=container)
    assert not coded(tmp_path, whole, syntax, stated=stated).lossy_mark
    cut = stream(reversible=False, container=container)
    marked = coded(tmp_path, cut, syntax, stated=stated)
    assert marked.lossy_mark == "lossy JPEG 2000"


def test_what_the_file_states_is_said_first(tmp_path: Path) -> None:
    image = coded(tmp_path, stream(reversible=False), JPEG_2000, stated="01")
    assert image.lossy_mark == "lossy"


@pytest.mark.parametrize("length", [0, 4, 40, 60, 100])
def test_a_stream_that_is_cut_says_nothing_it_does_not_know(length: int) -> None:
    assert not is_irreversible(stream(reversible=True)[:length])
    assert not is_irreversible(bytes(length))


def test_real_streams_are_marked_by_their_wavelet_alone(real_data: Path) -> None:
    marks: dict[str, set[str]] = {}
    for path in sorted(real_data.rglob("*.dcm")):
        try:
            image = read_file(path).instance.image
        except ViewerError:
            continue
        if image is not None:
            uid = image.pixels.transfer_syntax_uid
            marks.setdefault(uid, set()).add(image.index.lossy)
    assert marks[LOSSLESS_ONLY] == {""}
    assert "JPEG 2000" in marks[JPEG_2000]
